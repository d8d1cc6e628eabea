// SPDX-License-Identifier: Apache-2.0
#include "python/tags.hpp"

#include <regex>
#include <set>

#include "differential/python/generator.hpp"
#include "differential/python/oracle.hpp"
#include "python/package_name.hpp"
#include "python/wheel_filename.hpp"

namespace wheelfit::python {
namespace {

using nlohmann::json;

json question_about(const TagTarget& target) {
  json question{{"ask", "tags"},
                {"implementation", target.implementation},
                {"python", {target.python->first, target.python->second}},
                {"free_threaded", target.free_threaded.value_or(false)},
                {"platform", *target.platform},
                {"glibc", nullptr},
                {"musl", nullptr}};
  if (target.glibc) question["glibc"] = {target.glibc->first, target.glibc->second};
  if (target.musl) question["musl"] = {target.musl->first, target.musl->second};
  return question;
}

// Every interpreter on every system below.
std::vector<TagTarget> targets() {
  struct System {
    std::string platform;
    std::optional<std::pair<int, int>> glibc;
    std::optional<std::pair<int, int>> musl;
  };
  const std::vector<System> systems{{"linux_x86_64", std::pair{2, 35}, {}},
                                    {"linux_x86_64", std::pair{2, 5}, {}},
                                    {"linux_x86_64", std::pair{2, 4}, {}},
                                    {"linux_x86_64", std::pair{3, 1}, {}},
                                    {"linux_aarch64", std::pair{2, 39}, {}},
                                    {"linux_i686", std::pair{2, 12}, {}},
                                    {"linux_ppc64le", std::pair{2, 17}, {}},
                                    {"linux_x86_64", {}, std::pair{1, 2}},
                                    {"linux_aarch64", {}, std::pair{1, 1}},
                                    {"win_amd64", {}, {}},
                                    {"win32", {}, {}},
                                    {"win_arm64", {}, {}},
                                    {"macosx_14_0_arm64", {}, {}},
                                    {"macosx_15_2_x86_64", {}, {}},
                                    {"macosx_11_0_x86_64", {}, {}},
                                    {"macosx_10_9_x86_64", {}, {}},
                                    {"macosx_10_15_universal2", {}, {}},
                                    {"macosx_10_6_i386", {}, {}},
                                    {"macosx_10_5_ppc", {}, {}},
                                    {"macosx_10_5_ppc64", {}, {}}};
  std::vector<TagTarget> all;
  for (const System& system : systems) {
    for (const int minor : {7, 8, 10, 11, 12, 13, 14}) {
      for (const std::string implementation : {"cp", "pp"}) {
        all.push_back(
            {implementation, std::pair{3, minor}, false, system.platform, system.glibc, system.musl});
        // packaging knows free-threaded builds since 24, their stable ABI since 26.1.
        if (implementation == "cp" && minor >= 13 && test::oracle_is_at_least("26.1")) {
          all.push_back(
              {implementation, std::pair{3, minor}, true, system.platform, system.glibc, system.musl});
        }
      }
    }
  }
  return all;
}

TEST(TagsAgainstPackaging, AreTheSameInTheSameOrder) {
  SKIP_WITHOUT_ORACLE();
  const auto all = targets();
  std::vector<json> questions;
  for (const TagTarget& target : all) questions.push_back(question_about(target));
  const auto answers = test::ask_oracle(questions);
  for (std::size_t i = 0; i < answers.size(); ++i) {
    std::vector<std::string> ours;
    for (const Tag& tag : supported_tags(all[i])) ours.push_back(tag.to_string());
    EXPECT_EQ(json(ours), answers[i]) << questions[i];
  }
}

// Stricter than packaging on purpose: characters no tag has (a name is a path on disk later), blanks around
// the version.
json described(const std::string& text) {
  const auto wheel = WheelFilename::parse(text);
  if (!wheel) return nullptr;
  std::set<std::string> tags;
  for (const Tag& tag : wheel->tags()) tags.insert(tag.to_string());
  std::string build = wheel->build;
  // packaging reads the leading digits as a number.
  while (build.size() > 1 && build[0] == '0' && build[1] >= '0' && build[1] <= '9') build.erase(0, 1);
  return {{"name", normalized_name(wheel->name)},
          {"version", wheel->version.to_string()},
          {"build", build},
          {"tags", tags}};
}

bool is_judged_alike(const std::string& text) {
  static const std::regex regular("[A-Za-z0-9_.]*-[A-Za-z0-9_.+!]*(-[A-Za-z0-9_.]+)*");
  // Earlier ones took Python tags that begin with a digit, and empty ones.
  static const std::regex odd_python_tag(".*-([^-]*[.])?([0-9.][^-]*)?-[^-]*-[^-]*[.]whl");
  static const std::regex empty_tag(".*([.][.]|-[.]|[.]-|--).*");
  return std::regex_match(text, regular) && !std::regex_match(text, empty_tag) &&
         (test::oracle_is_at_least("26.3") || !std::regex_match(text, odd_python_tag));
}

TEST(WheelFilenamesAgainstPackaging, ParseAlike) {
  SKIP_WITHOUT_ORACLE();
  test::Generator generator;
  std::vector<json> questions;
  while (questions.size() < 8'000) {
    std::string text = generator.wheel_file_name();
    if (generator.chance(30)) text = generator.spoilt(text);
    if (is_judged_alike(text)) questions.push_back({{"ask", "wheel"}, {"text", text}});
  }
  const auto answers = test::ask_oracle(questions);
  for (std::size_t i = 0; i < answers.size(); ++i) {
    EXPECT_EQ(described(questions[i]["text"]), answers[i]) << questions[i]["text"];
  }
}

}  // namespace
}  // namespace wheelfit::python
