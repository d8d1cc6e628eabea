// SPDX-License-Identifier: Apache-2.0
#include "render/style.hpp"

#include <algorithm>
#include <charconv>

namespace wheelfit::render {
namespace {

std::string_view escape(Tone tone) noexcept {
  switch (tone) {
    case Tone::plain:
      return "";
    case Tone::strong:
      return "\x1b[1m";
    case Tone::dim:
      return "\x1b[2m";
    case Tone::good:
      return "\x1b[32m";
    case Tone::doubtful:
      return "\x1b[33m";
    case Tone::bad:
      return "\x1b[31m";
  }
  return "";
}

std::optional<int> parse_columns(const std::optional<std::string>& text) {
  if (!text) return std::nullopt;
  int columns = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), columns);
  if (error != std::errc() || end != text->data() + text->size() || columns <= 0) return std::nullopt;
  return columns;
}

}  // namespace

std::string painted(std::string_view words, Tone tone, const Style& style) {
  if (!style.colour || tone == Tone::plain || words.empty()) return std::string(words);
  return std::string(escape(tone)) + std::string(words) + "\x1b[0m";
}

std::string said(const Text& sentence, const Style& style) { return translate(sentence, style.language); }

Style choose_style(const Stream& stream, ColourWish wish, Language language,
                   const system::EnvironmentVariables& variables) {
  constexpr int narrowest = 60;
  constexpr int widest = 120;
  Style style;
  style.colour = stream.terminal && wish == ColourWish::automatic && !variables.get_nonempty("NO_COLOR") &&
                 variables.get("TERM") != "dumb";
  style.language = language;
  const auto columns = stream.columns ? stream.columns : parse_columns(variables.get("COLUMNS"));
  if (columns) style.width = std::clamp(*columns, narrowest, widest);
  return style;
}

}  // namespace wheelfit::render
