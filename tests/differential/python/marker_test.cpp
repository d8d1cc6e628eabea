// SPDX-License-Identifier: Apache-2.0
#include "python/marker.hpp"

#include <algorithm>

#include "differential/python/generator.hpp"
#include "differential/python/oracle.hpp"
#include "python/requirement.hpp"

namespace wheelfit::python {
namespace {

using nlohmann::json;

std::vector<MarkerEnvironment> environments() {
  std::vector<MarkerEnvironment> all{linux_marker_environment("3.11.7", "x86_64"),
                                     linux_marker_environment("3.9.0", "aarch64"),
                                     linux_marker_environment("3.14.0a1+", "x86_64")};
  all[0]["platform_release"] = "5.15.0-91-generic";
  all[0]["extra"] = "test";
  all[1]["platform_release"] = "5.15.0";
  all[1]["extra"] = "Te_st";
  return all;
}

// What packaging has no answer for and wheelfit answers: a literal or a variable on both sides.
// Strings with a backslash are Python literals to packaging; the specification's grammar has no backslash.
TEST(MarkersAgainstPackaging, ParseAndEvaluateAlike) {
  SKIP_WITHOUT_ORACLE();
  test::Generator generator;
  const auto all = environments();
  // Earlier ones compared every variable as a version first, ordered text by its characters, and overlooked
  // what followed a marker.
  const bool today = test::oracle_is_at_least("26.3");
  std::vector<json> questions;
  for (int i = 0; i < 6'000; ++i) {
    const std::string text = generator.marker();
    questions.push_back({{"ask", "marker"},
                         {"text", today && generator.chance(25) ? generator.spoilt(text) : text},
                         {"environments", all}});
  }
  const auto answers = test::ask_oracle(questions);
  for (std::size_t i = 0; i < answers.size(); ++i) {
    const auto marker = Marker::parse(questions[i]["text"].get<std::string>());
    ASSERT_EQ(!marker, answers[i].is_null()) << questions[i]["text"] << answers[i];
    if (!marker || !today) continue;
    EXPECT_EQ(marker->to_string(), answers[i]["normal"]) << questions[i]["text"];
    for (std::size_t j = 0; j < all.size(); ++j) {
      if (answers[i]["values"][j].is_null()) continue;  // undefined: "~=" between texts
      EXPECT_EQ(marker->evaluate(all[j]), answers[i]["values"][j].get<bool>())
          << questions[i]["text"] << " in " << j;
    }
  }
}

TEST(MarkersAgainstPackaging, ComparePythonVersionsAlike) {
  SKIP_WITHOUT_ORACLE();
  std::vector<json> questions;
  const auto all = environments();
  const bool today = test::oracle_is_at_least("26.3");
  for (const std::string operation : {"==", "!=", "<", "<=", ">", ">=", "~=", "===", "in", "not in"}) {
    for (const std::string value :
         {"3.9", "3.9.*", "3.11", "3.10", "3.11.7", "3.2", "3.12", "4.0", "3.11.0"}) {
      // Where ".*" makes no version specifier, earlier ones compared text by its characters.
      if (!today && value.ends_with('*') && operation != "==" && operation != "!=") continue;
      for (const std::string variable : {"python_version", "python_full_version", "implementation_version"}) {
        questions.push_back({{"ask", "marker"},
                             {"text", variable + " " + operation + " '" + value + "'"},
                             {"environments", {all[0], all[1]}}});
      }
    }
  }
  const auto answers = test::ask_oracle(questions);
  for (std::size_t i = 0; i < answers.size(); ++i) {
    const auto marker = Marker::parse(questions[i]["text"].get<std::string>()).value();
    for (std::size_t j = 0; j < 2; ++j) {
      if (answers[i]["values"][j].is_null()) continue;  // "~=" with one component, ">" with a wildcard
      EXPECT_EQ(marker.evaluate(all[j]), answers[i]["values"][j].get<bool>()) << questions[i]["text"];
    }
  }
}

json described(const std::string& text) {
  const auto requirement = Requirement::parse(text);
  if (!requirement) return nullptr;
  std::vector<std::string> extras = requirement->extras;
  std::sort(extras.begin(), extras.end());
  extras.erase(std::unique(extras.begin(), extras.end()), extras.end());
  json result{{"name", requirement->name},
              {"extras", extras},
              {"specifiers", requirement->specifiers.to_string()},
              {"url", nullptr},
              {"marker", nullptr}};
  if (requirement->url) result["url"] = *requirement->url;
  if (requirement->marker) result["marker"] = requirement->marker->to_string();
  return result;
}

// To packaging the version after "===" takes in the comma behind it, so that "a===1, <2" is an error; the
// grammar of PEP 508 has no comma in a version.
bool is_read_alike(std::string_view text) {
  const std::size_t arbitrary = text.find("===");
  return arbitrary == std::string_view::npos || text.find(',', arbitrary) == std::string_view::npos;
}

// The specification ends a name in a letter or a digit; packaging takes '_' too.
bool has_a_name_that_ends_in_underscore(const json& requirement) {
  if (!requirement.is_object()) return false;
  std::vector<std::string> names = requirement["extras"];
  names.push_back(requirement["name"]);
  return std::any_of(names.begin(), names.end(), [](const std::string& name) { return name.ends_with('_'); });
}

TEST(RequirementsAgainstPackaging, ParseAlike) {
  SKIP_WITHOUT_ORACLE();
  test::Generator generator;
  const bool today = test::oracle_is_at_least("26.3");
  std::vector<json> questions;
  while (questions.size() < 8'000) {
    std::string text = generator.requirement();
    const bool spoilt = generator.chance(30);
    if (spoilt) text = generator.spoilt(text);
    // Earlier ones judged addresses.
    if (!today && spoilt && text.find('@') != std::string::npos) continue;
    if (is_read_alike(text)) questions.push_back({{"ask", "requirement"}, {"text", text}});
  }
  const auto answers = test::ask_oracle(questions);
  for (std::size_t i = 0; i < answers.size(); ++i) {
    json ours = described(questions[i]["text"]);
    json theirs = answers[i];
    if (has_a_name_that_ends_in_underscore(theirs)) continue;
    // Earlier ones lost the parentheses of "((a or b)) and c" when they printed it.
    if (!today && ours.is_object() && ours["marker"].is_string()) ours["marker"] = theirs["marker"] = "any";
    EXPECT_EQ(ours, theirs) << questions[i]["text"];
  }
}

}  // namespace
}  // namespace wheelfit::python
