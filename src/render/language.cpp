// SPDX-License-Identifier: Apache-2.0
#include "render/language.hpp"

#include <toml++/toml.h>

#include "base/embedded_data.hpp"

namespace wheelfit::render {
namespace {

using Table = std::map<std::string, std::string, std::less<>>;

Table read_table(std::string_view path) {
  Table table;
  for (const EmbeddedFile& file : embedded_files()) {
    if (file.path != path) continue;
    const toml::table rows = toml::parse(file.text, file.path);
    for (const auto& [pattern, row] : rows) {
      if (const auto said = row.value<std::string>()) table.emplace(pattern.str(), *said);
    }
  }
  return table;
}

// "UTF-8" and "utf8" are the same character set.
bool is_utf8(std::string_view codeset) {
  std::string plain;
  for (const char letter : codeset) {
    if (letter != '-')
      plain += static_cast<char>(letter >= 'A' && letter <= 'Z' ? letter - 'A' + 'a' : letter);
  }
  return plain == "utf8";
}

}  // namespace

std::optional<Language> parse_language(std::string_view name) noexcept {
  const std::string_view code = name.substr(0, name.find_first_of("_-.@"));
  if (code == "en" || code == "C" || code == "POSIX") return Language::english;
  if (code == "zh") return Language::chinese;
  return std::nullopt;
}

Language language_of_locale(const system::EnvironmentVariables& variables) {
  for (const char* const name : {"LC_ALL", "LC_MESSAGES", "LANG"}) {
    const auto locale = variables.get_nonempty(name);
    if (!locale) continue;
    const std::size_t dot = locale->find('.');
    if (dot != std::string::npos &&
        !is_utf8(std::string_view(*locale).substr(dot + 1, locale->find('@') - dot - 1))) {
      return Language::english;
    }
    return parse_language(*locale).value_or(Language::english);
  }
  return Language::english;
}

const Table& translations(Language language) {
  static const Table none;
  if (language == Language::english) return none;
  static const Table chinese = read_table("lang/zh.toml");
  return chinese;
}

std::string translate(const Text& sentence, Language language) {
  const Table& table = translations(language);
  const auto row = table.find(sentence.pattern());
  return row == table.end() ? sentence.english() : sentence.filled(row->second);
}

}  // namespace wheelfit::render
