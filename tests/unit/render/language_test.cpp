// SPDX-License-Identifier: Apache-2.0
#include "render/language.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <regex>
#include <set>
#include <string>

#include "catalog/build_failures.hpp"
#include "support/temp_dir.hpp"

namespace wheelfit::render {
namespace {

using system::EnvironmentVariables;
using testing::IsEmpty;

TEST(ParseLanguage, KnowsTheFormsOfALocale) {
  EXPECT_EQ(parse_language("zh"), Language::chinese);
  EXPECT_EQ(parse_language("zh_CN.UTF-8"), Language::chinese);
  EXPECT_EQ(parse_language("zh-Hans"), Language::chinese);
  EXPECT_EQ(parse_language("en_GB"), Language::english);
  EXPECT_EQ(parse_language("C.UTF-8"), Language::english);
  EXPECT_EQ(parse_language("POSIX"), Language::english);
  EXPECT_EQ(parse_language("fr_FR"), std::nullopt);
  EXPECT_EQ(parse_language(""), std::nullopt);
}

Language language_with(std::map<std::string, std::string, std::less<>> variables) {
  return language_of_locale(EnvironmentVariables(std::move(variables)));
}

TEST(LanguageOfLocale, PicksTheVariableThatCounts) {
  EXPECT_EQ(language_with({}), Language::english);
  EXPECT_EQ(language_with({{"LANG", "zh_CN.UTF-8"}}), Language::chinese);
  EXPECT_EQ(language_with({{"LANG", "zh_CN.UTF-8"}, {"LC_MESSAGES", "en_US.UTF-8"}}), Language::english);
  EXPECT_EQ(language_with({{"LC_ALL", "C"}, {"LC_MESSAGES", "zh_CN.UTF-8"}}), Language::english);
  EXPECT_EQ(language_with({{"LC_ALL", ""}, {"LANG", "zh_CN.utf8"}}), Language::chinese);
  EXPECT_EQ(language_with({{"LANG", "fr_FR.UTF-8"}}), Language::english);
}

TEST(LanguageOfLocale, IsEnglishWhereTheTerminalDoesNotReadUtf8) {
  EXPECT_EQ(language_with({{"LANG", "zh_CN.GB18030"}}), Language::english);
  EXPECT_EQ(language_with({{"LANG", "zh_CN.UTF-8@pinyin"}}), Language::chinese);
}

TEST(Translate, FillsTheOtherPatternAndFallsBackToEnglish) {
  EXPECT_EQ(translate(text("driver {}", "550"), Language::chinese), "驱动 550");
  EXPECT_EQ(translate(text("{} free in {}", "12 GB", "/cache"), Language::chinese), "/cache 剩余 12 GB");
  EXPECT_EQ(translate(text("driver {}", "550"), Language::english), "driver 550");
  EXPECT_EQ(translate(Text("nobody says this"), Language::chinese), "nobody says this");
}

// What the sources hold: string literals, and those that are the pattern of a text(...).
struct Literals {
  std::set<std::string> all;
  std::set<std::string> patterns;
};

// One past the literal that begins at `at`, an opening quote of either kind; `out` takes what is in it.
std::size_t read_literal(const std::string& code, std::size_t at, std::string& out) {
  const char quote = code[at++];
  for (; at < code.size() && code[at] != quote; ++at) {
    if (code[at] == '\\') ++at;
    out += code.at(at);
  }
  return at + 1;
}

bool calls_text(const std::string& code, std::size_t at) {
  while (at > 0 && (code[at - 1] == ' ' || code[at - 1] == '\n')) --at;
  if (at < 6 || code.compare(at - 5, 5, "text(") != 0) return false;
  const char before = code[at - 6];
  return std::string_view("._>").find(before) == std::string_view::npos &&
         std::isalnum(static_cast<unsigned char>(before)) == 0;
}

void read_source(const std::string& code, Literals& found) {
  for (std::size_t at = 0; at < code.size();) {
    if (code.compare(at, 2, "//") == 0) {
      at = std::min(code.size(), code.find('\n', at));
    } else if (code.compare(at, 3, "R\"(") == 0) {
      at = std::min(code.size(), code.find(")\"", at)) + 2;
    } else if (code[at] == '\'' && at > 0 && std::isalnum(static_cast<unsigned char>(code[at - 1])) != 0) {
      ++at;  // 100'000
    } else if (code[at] == '\'') {
      std::string ignored;
      at = read_literal(code, at, ignored);
    } else if (code[at] == '"') {
      const bool pattern = calls_text(code, at);
      std::string words;
      // Adjacent literals are one, as for the compiler.
      while (at < code.size() && code[at] == '"') {
        at = read_literal(code, at, words);
        at = std::min(code.size(), code.find_first_not_of(" \n", at));
      }
      found.all.insert(words);
      if (pattern) found.patterns.insert(words);
    } else {
      ++at;
    }
  }
}

Literals read_sources() {
  Literals found;
  const std::filesystem::path source = std::filesystem::path(WHEELFIT_SOURCE) / "src";
  for (const auto& entry : std::filesystem::recursive_directory_iterator(source)) {
    const auto extension = entry.path().extension();
    if (extension == ".cpp" || extension == ".hpp") read_source(test::read_text(entry.path()), found);
  }
  return found;
}

bool has_a_letter(const std::string& pattern) {
  return std::any_of(pattern.begin(), pattern.end(), [](char letter) {
    return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z');
  });
}

std::size_t placeholders(const std::string& pattern) {
  static const std::regex one(R"(\{\d*\})");
  return static_cast<std::size_t>(
      std::distance(std::sregex_iterator(pattern.begin(), pattern.end(), one), {}));
}

// Sentences that are data.
std::set<std::string> sentences_of_the_data() {
  std::set<std::string> said;
  for (const catalog::BuildFailure& failure :
       catalog::build_failures(catalog::load_knowledge(std::nullopt))) {
    said.insert(failure.cause.english());
    for (const Text& cure : failure.cures) said.insert(cure.english());
  }
  return said;
}

TEST(ChineseTable, HasARowForEverySentenceOfTheData) {
  const auto& table = translations(Language::chinese);
  std::vector<std::string> missing;
  for (const std::string& sentence : sentences_of_the_data()) {
    const bool command = sentence.starts_with("wheelfit ");
    if (!command && !table.contains(sentence)) missing.push_back(sentence);
  }
  EXPECT_THAT(missing, IsEmpty()) << "add rows to data/lang/zh.toml";
}

TEST(ChineseTable, HasARowForEveryPatternInTheSources) {
  const auto& table = translations(Language::chinese);
  const Literals literals = read_sources();
  ASSERT_GT(literals.patterns.size(), 300U) << "the sources were not found or not understood";
  std::vector<std::string> missing;
  for (const std::string& pattern : literals.patterns) {
    if (has_a_letter(pattern) && !table.contains(pattern)) missing.push_back(pattern);
  }
  EXPECT_THAT(missing, IsEmpty()) << "add rows to data/lang/zh.toml";
}

TEST(ChineseTable, HasNoRowThatNobodySays) {
  Literals literals = read_sources();
  literals.all.merge(sentences_of_the_data());
  std::vector<std::string> stale;
  for (const auto& [pattern, said] : translations(Language::chinese)) {
    if (!literals.all.contains(pattern)) stale.push_back(pattern);
  }
  EXPECT_THAT(stale, IsEmpty()) << "take these rows out of data/lang/zh.toml";
}

TEST(ChineseTable, FillsEveryPlaceholder) {
  for (const auto& [pattern, said] : translations(Language::chinese)) {
    EXPECT_EQ(placeholders(pattern), placeholders(said)) << pattern;
    const std::vector<std::string> arguments(placeholders(pattern), "X");
    EXPECT_EQ(Text(pattern, arguments).filled(said).find('{'), std::string::npos) << pattern;
  }
}

}  // namespace
}  // namespace wheelfit::render
