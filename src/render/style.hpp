// SPDX-License-Identifier: Apache-2.0
// How human text is to look: decided once per run, then a plain value that every renderer takes.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/text.hpp"
#include "render/language.hpp"
#include "system/environment_variables.hpp"

namespace wheelfit::render {

struct Style {
  bool colour = false;
  int width = 100;  // columns
  Language language = Language::english;
};

// Green what holds, yellow what is doubtful, red what failed; text must say the same without colour.
enum class Tone { plain, strong, dim, good, doubtful, bad };

// `words` in the tone's colour; unchanged where the style has none.
std::string painted(std::string_view words, Tone tone, const Style& style);

// `sentence` in the style's language.
std::string said(const Text& sentence, const Style& style);

// What a stream is: found out by the caller, judged here.
struct Stream {
  bool terminal = false;
  std::optional<int> columns;  // of the terminal, where it says
};
enum class ColourWish { automatic, never };

// Colour: on a terminal, unless unwanted, NO_COLOR is set (no-color.org) or TERM is "dumb". Width: the
// terminal's between 60 and 120 columns; COLUMNS where the terminal does not say; else 100.
Style choose_style(const Stream& stream, ColourWish wish, Language language,
                   const system::EnvironmentVariables& variables);

}  // namespace wheelfit::render
