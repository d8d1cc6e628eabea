// SPDX-License-Identifier: Apache-2.0
// Sentences in the user's language. The table of each language is data/lang/<language>.toml, English pattern
// on the left; a pattern without a row is said in English. Thread-safe.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/text.hpp"
#include "system/environment_variables.hpp"

namespace wheelfit::render {

enum class Language { english, chinese };

// "en", "zh", "zh_CN.UTF-8", "zh-Hans"; "C" and "POSIX" are English. nullopt: a language we do not speak.
std::optional<Language> parse_language(std::string_view name) noexcept;

// LC_ALL, else LC_MESSAGES, else LANG, as setlocale() picks them. English for what we do not speak, and for a
// locale whose character set is not UTF-8.
Language language_of_locale(const system::EnvironmentVariables& variables);

std::string translate(const Text& sentence, Language language);

// English pattern -> pattern in `language`; empty for English.
const std::map<std::string, std::string, std::less<>>& translations(Language language);

}  // namespace wheelfit::render
