// SPDX-License-Identifier: Apache-2.0
// A sentence for the user that can still be said in another language: the English pattern and what fills it.
// JSON and logs take english(); render/ looks the pattern up in data/lang/<language>.toml.
#pragma once

#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <fmt/core.h>

namespace wheelfit {

class Text {
 public:
  Text() = default;
  Text(const char* verbatim) : Text(std::string(verbatim)) {}                // NOLINT: literals read naturally
  Text(std::string verbatim) { arguments_.push_back(std::move(verbatim)); }  // NOLINT
  // `pattern` is a literal: it is not copied.
  Text(std::string_view pattern, std::vector<std::string> arguments)
      : pattern_(pattern), arguments_(std::move(arguments)) {}

  std::string english() const { return filled(pattern_); }
  // The arguments put into another pattern: "{}" takes the next one, "{0}" "{1}" pick.
  std::string filled(std::string_view pattern) const;

  // What a translation is looked up by.
  std::string_view pattern() const noexcept { return is_verbatim() ? arguments_.front() : pattern_; }
  // A sentence said verbatim is its own argument.
  const std::vector<std::string>& arguments() const noexcept { return arguments_; }
  bool empty() const noexcept { return pattern().empty(); }

  friend bool operator==(const Text&, const Text&) = default;

 private:
  // No placeholders: braces in it are just braces.
  bool is_verbatim() const noexcept { return pattern_.empty() && !arguments_.empty(); }

  std::string_view pattern_;
  std::vector<std::string> arguments_;
};

// As "{}" prints it.
template <typename Argument>
std::string as_argument(const Argument& argument) {
  if constexpr (std::is_convertible_v<const Argument&, std::string_view>) {
    return std::string(std::string_view(argument));
  } else {
    return fmt::format("{}", argument);
  }
}

// text("{} wants torch {}", name, version): every argument is anything fmt prints with "{}"; no format
// specifications, so that a translation can reorder. The count is checked at compile time.
template <typename... Arguments>
Text text(fmt::format_string<const Arguments&...> pattern, const Arguments&... arguments) {
  const fmt::string_view view = pattern;
  std::vector<std::string> filling;
  filling.reserve(sizeof...(arguments));
  (filling.push_back(as_argument(arguments)), ...);
  return Text(std::string_view(view.data(), view.size()), std::move(filling));
}

}  // namespace wheelfit
