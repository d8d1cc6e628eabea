// SPDX-License-Identifier: Apache-2.0
#include "python/version.hpp"

#include "differential/python/generator.hpp"
#include "differential/python/oracle.hpp"
#include "python/package_name.hpp"

namespace wheelfit::python {
namespace {

using nlohmann::json;
using test::ask_oracle;

json described(const std::string& text) {
  const auto version = Version::parse(text);
  if (!version) return nullptr;
  return {{"normal", version->to_string()},         {"public", version->public_version().to_string()},
          {"base", version->base_version()},        {"local", version->local()},
          {"prerelease", version->is_prerelease()}, {"postrelease", version->is_postrelease()}};
}

TEST(VersionAgainstPackaging, ParsesAlike) {
  SKIP_WITHOUT_ORACLE();
  test::Generator generator;
  std::vector<json> questions;
  for (int i = 0; i < 10'000; ++i) {
    const std::string text = generator.version();
    questions.push_back({{"ask", "version"}, {"text", generator.chance(30) ? generator.spoilt(text) : text}});
  }
  const auto answers = ask_oracle(questions);
  for (std::size_t i = 0; i < answers.size(); ++i) {
    EXPECT_EQ(described(questions[i]["text"]), answers[i]) << questions[i]["text"];
  }
}

TEST(VersionAgainstPackaging, OrdersAlike) {
  SKIP_WITHOUT_ORACLE();
  test::Generator generator;
  std::vector<json> questions;
  while (questions.size() < 20'000) {
    const std::string left = generator.version();
    const std::string right = generator.version();
    if (!Version::parse(left) || !Version::parse(right)) continue;
    questions.push_back({{"ask", "order"}, {"texts", {left, right}}});
  }
  const auto answers = ask_oracle(questions);
  for (std::size_t i = 0; i < answers.size(); ++i) {
    const auto order = Version::parse(questions[i]["texts"][0].get<std::string>()).value() <=>
                       Version::parse(questions[i]["texts"][1].get<std::string>()).value();
    EXPECT_EQ(order < 0 ? -1 : order > 0 ? 1 : 0, answers[i].get<int>()) << questions[i];
  }
}

TEST(PackageNameAgainstPackaging, NormalisesAlike) {
  SKIP_WITHOUT_ORACLE();
  test::Generator generator;
  std::vector<json> questions;
  for (int i = 0; i < 1'000; ++i) {
    questions.push_back({{"ask", "name"}, {"text", generator.spoilt(generator.spoilt(generator.name()))}});
  }
  const auto answers = ask_oracle(questions);
  for (std::size_t i = 0; i < answers.size(); ++i) {
    EXPECT_EQ(normalized_name(questions[i]["text"].get<std::string>()), answers[i]) << questions[i];
  }
}

}  // namespace
}  // namespace wheelfit::python
