// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "render/plan.hpp"
#include "values.hpp"

namespace wheelfit::render {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

nlohmann::ordered_json document_of(const resolve::Decision& decision) {
  const std::vector<catalog::SourceStatus> sources = {{"official", false, false, "not reachable", 7}};
  return plan_json({test::plain_environment(), decision, {}, sources, {}});
}

TEST(PlanJson, HasTheFixedNamesInOrder) {
  const auto document = document_of(test::fitting_decision());
  std::vector<std::string> names;
  for (const auto& [name, value] : document.items()) names.push_back(name);
  EXPECT_THAT(names, ElementsAre("schema_version", "package", "environment", "chosen", "candidates",
                                 "reasons", "ladder", "upstream_guess", "upstream_guess_exists", "forecast",
                                 "hints", "sources"));
  EXPECT_EQ(document["schema_version"], 1);
  EXPECT_EQ(document["package"], "flash-attn");
  EXPECT_EQ(document["upstream_guess_exists"], false);
  EXPECT_EQ(document["forecast"],
            nlohmann::ordered_json::parse(R"({"download_bytes": 183000000, "disk_bytes": null,
                                                 "build_seconds": null, "peak_memory_bytes": null,
                                                 "disk_estimated": false, "shortages": [],
                                                 "dependencies": [], "not_foreseen": []})"));
  EXPECT_EQ(document["sources"][0]["reachable"], false);
}

TEST(PlanJson, NamesWhatComesWithIt) {
  resolve::Decision decision = test::fitting_decision();
  decision.forecast.dependencies = {
      {"einops", "0.8.1", "einops-0.8.1-py3-none-any.whl", 64'000, 213'333, true},
      {"triton", "3.5.0", "triton-3.5.0-cp311-cp311-linux_x86_64.whl", std::nullopt, std::nullopt}};
  decision.forecast.not_foreseen = {{"ninja", "there is no wheel of it"}};
  const auto forecast = document_of(decision)["forecast"];
  EXPECT_EQ(forecast["dependencies"], nlohmann::ordered_json::parse(R"([
      {"name": "einops", "version": "0.8.1", "wheel": "einops-0.8.1-py3-none-any.whl",
       "download_bytes": 64000, "disk_bytes": 213333, "disk_estimated": true},
      {"name": "triton", "version": "3.5.0", "wheel": "triton-3.5.0-cp311-cp311-linux_x86_64.whl",
       "download_bytes": null, "disk_bytes": null, "disk_estimated": false}])"));
  EXPECT_EQ(forecast["not_foreseen"],
            nlohmann::ordered_json::parse(R"([{"what": "ninja", "reason": "there is no wheel of it"}])"));
}

TEST(PlanJson, DescribesTheChosenWheelWithoutCredentials) {
  const auto chosen = document_of(test::fitting_decision())["chosen"];
  EXPECT_EQ(chosen["kind"], "wheel");
  EXPECT_EQ(chosen["name"], "flash_attn-2.7.4.post1+cu12torch2.6cxx11abiFALSE-cp311-cp311-linux_x86_64.whl");
  EXPECT_EQ(chosen["version"], "2.7.4.post1");
  EXPECT_EQ(chosen["source"], "official");
  EXPECT_THAT(chosen["url"].get<std::string>(), HasSubstr("https://github.com/x/"));
  EXPECT_EQ(chosen["sha256"], std::string(64, 'a'));
  EXPECT_EQ(chosen["size"], 183'000'000);
  EXPECT_EQ(chosen["proof"], "symbols");
  EXPECT_THAT(document_of(test::fitting_decision()).dump(), Not(HasSubstr("secret")));
}

TEST(PlanJson, SaysNullForWhatIsNotKnown) {
  resolve::Decision decision = test::empty_decision();
  decision.upstream_guess.reset();
  EXPECT_TRUE(document_of(decision)["chosen"].is_null());
  EXPECT_TRUE(document_of(decision)["upstream_guess"].is_null());
  resolve::Chosen built;
  built.kind = resolve::Rung::build;
  built.proof = resolve::Proof::none;
  decision.chosen = built;
  const auto chosen = document_of(decision)["chosen"];
  for (const char* const name : {"name", "version", "url", "sha256", "size"})
    EXPECT_TRUE(chosen[name].is_null()) << name;
  EXPECT_EQ(chosen["proof"], "none");
}

TEST(PlanJson, GivesEveryReasonItsCode) {
  const auto document = document_of(test::fitting_decision());
  EXPECT_EQ(document["candidates"][1],
            nlohmann::ordered_json::parse(R"({"name": "near-1.whl", "source": "official",
    "verdict": "refused", "reasons": [{"code": "torch-minor", "text": "is made for torch 2.5, here is 2.6.0+cu124"}]})"));
  EXPECT_EQ(document["ladder"][2],
            nlohmann::ordered_json::parse(
                R"({"rung": "build", "taken": false, "reason": "needs the word --build"})"));
}

}  // namespace
}  // namespace wheelfit::render
