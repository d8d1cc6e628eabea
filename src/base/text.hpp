// SPDX-License-Identifier: Apache-2.0
// A sentence for the user that can still be said in another language: the English pattern and what fills it.
// JSON and logs take english(); render/ looks the pattern up in data/lang/<language>.toml.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include <fmt/core.h>

namespace wheelfit {

class Text {
 public:
  Text() = default;
  Text(const char* verbatim) : pattern_(verbatim), verbatim_(true) {}  // NOLINT: literals read naturally
  Text(std::string verbatim) : pattern_(std::move(verbatim)), verbatim_(true) {}  // NOLINT
  Text(std::string pattern, std::vector<std::string> arguments)
      : pattern_(std::move(pattern)), arguments_(std::move(arguments)) {}

  std::string english() const { return filled(pattern_); }
  // The arguments put into another pattern: "{}" takes the next one, "{0}" "{1}" pick.
  std::string filled(const std::string& pattern) const;

  const std::string& pattern() const noexcept { return pattern_; }
  const std::vector<std::string>& arguments() const noexcept { return arguments_; }
  bool empty() const noexcept { return pattern_.empty(); }

  friend bool operator==(const Text&, const Text&) = default;

 private:
  std::string pattern_;
  std::vector<std::string> arguments_;
  bool verbatim_ = false;  // no placeholders: braces in it are just braces
};

// text("{} wants torch {}", name, version): every argument is anything fmt prints with "{}"; no format
// specifications, so that a translation can reorder. The count is checked at compile time.
template <typename... Arguments>
Text text(fmt::format_string<const Arguments&...> pattern, const Arguments&... arguments) {
  const fmt::string_view view = pattern;
  return Text(std::string(view.data(), view.size()), {fmt::format("{}", arguments)...});
}

}  // namespace wheelfit
