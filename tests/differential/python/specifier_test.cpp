// SPDX-License-Identifier: Apache-2.0
#include "python/specifier.hpp"

#include "differential/python/generator.hpp"
#include "differential/python/oracle.hpp"

namespace wheelfit::python {
namespace {

using nlohmann::json;

// packaging before 26 judged "<" and ">" by the base version alone (so that 1.0a1 was not in "<1.0.post1"),
// took
// "~=1.4.rev1" for "~=1.4.0.rev1", did not count "<2rc1" as naming a pre-release, and matched wildcards with
// an epoch by their text.
bool is_judged_alike_by(const Specifier& specifier) {
  if (test::oracle_is_at_least("26.3")) return true;
  if (specifier.comparison == Comparison::less || specifier.comparison == Comparison::greater) return false;
  if (specifier.wildcard && specifier.version.find('!') != std::string::npos) return false;
  return specifier.comparison != Comparison::compatible ||
         Version::parse(specifier.version)->to_string() == specifier.version;
}

bool is_judged_alike(const SpecifierSet& set) {
  return std::all_of(set.specifiers().begin(), set.specifiers().end(), is_judged_alike_by);
}

TEST(SpecifiersAgainstPackaging, ParseAndAdmitAlike) {
  SKIP_WITHOUT_ORACLE();
  test::Generator generator;
  std::vector<json> questions;
  for (int i = 0; i < 8'000; ++i) {
    const std::string text = generator.specifiers();
    std::vector<std::string> versions;
    while (versions.size() < 12) {
      if (auto version = generator.version(); Version::parse(version)) versions.push_back(std::move(version));
    }
    questions.push_back({{"ask", "specifiers"},
                         {"text", generator.chance(25) ? generator.spoilt(text) : text},
                         {"versions", versions}});
  }
  const auto answers = test::ask_oracle(questions);
  std::size_t compared = 0;
  for (std::size_t i = 0; i < answers.size(); ++i) {
    const auto set = SpecifierSet::parse(questions[i]["text"].get<std::string>());
    // Earlier ones took "===" with what is no version, and then could not tell whether it is a pre-release.
    const bool arbitrary = questions[i]["text"].get<std::string>().find("===") != std::string::npos;
    if (arbitrary && !test::oracle_is_at_least("26.3")) continue;
    ASSERT_EQ(!set, answers[i].is_null()) << questions[i]["text"] << answers[i];
    if (!set || !is_judged_alike(*set)) continue;
    EXPECT_EQ(set->to_string(), answers[i]["normal"]) << questions[i]["text"];
    EXPECT_EQ(set->mentions_prerelease(), answers[i]["prereleases"]) << questions[i]["text"];
    for (std::size_t j = 0; j < questions[i]["versions"].size(); ++j, ++compared) {
      const std::string version = questions[i]["versions"][j];
      // Earlier ones padded "1!2" to "1!2" and "0" where a wildcard was to be matched.
      if (version.find('!') != std::string::npos && !test::oracle_is_at_least("26.3")) continue;
      EXPECT_EQ(set->admits(Version::parse(version).value()), answers[i]["admits"][j].get<bool>())
          << version << " in " << questions[i]["text"];
    }
  }
  EXPECT_GT(compared, 10'000U);
}

}  // namespace
}  // namespace wheelfit::python
