// SPDX-License-Identifier: Apache-2.0
#include "conda/relocate.hpp"

#include <algorithm>

namespace wheelfit::conda {
namespace {

constexpr std::size_t longest_interpreter_line = 127;

std::string replaced(std::string_view content, std::string_view placeholder, std::string_view prefix) {
  std::string out;
  out.reserve(content.size());
  std::size_t from = 0;
  for (std::size_t at = content.find(placeholder); at != std::string_view::npos;
       at = content.find(placeholder, from)) {
    out.append(content.substr(from, at - from)).append(prefix);
    from = at + placeholder.size();
  }
  return out.append(content.substr(from));
}

// "#!/very/long/bin/python3.12 -E" becomes "#!/usr/bin/env python3.12 -E".
void shorten_interpreter_line(std::string& content) {
  if (!content.starts_with("#!")) return;
  const std::size_t end = std::min(content.find('\n'), content.size());
  if (end <= longest_interpreter_line) return;
  const std::size_t space = std::min(content.find(' ', 3), end);
  const std::size_t slash = content.rfind('/', space);
  if (slash == std::string::npos) return;
  content.replace(0, slash + 1, "#!/usr/bin/env ");
}

std::string relocate_binary(std::string content, std::string_view placeholder, std::string_view prefix) {
  std::size_t from = 0;
  for (std::size_t at = content.find(placeholder); at != std::string::npos;
       at = content.find(placeholder, from)) {
    // Without a NUL behind it there is no string that could become shorter; conda leaves it alone, too.
    const std::size_t end = content.find('\0', at);
    if (end == std::string::npos) break;
    std::string moved = replaced(std::string_view(content).substr(at, end - at), placeholder, prefix);
    moved.resize(end - at, '\0');
    std::copy(moved.begin(), moved.end(), content.begin() + static_cast<std::ptrdiff_t>(at));
    from = end;
  }
  return content;
}

}  // namespace

tl::expected<std::string, ParseError> relocate(std::string content, std::string_view placeholder,
                                               std::string_view prefix, FileMode mode) {
  const bool in_a_string = !placeholder.empty() && placeholder.find('\0') == std::string_view::npos;
  if (!in_a_string) return content;
  if (mode == FileMode::text) {
    std::string text = replaced(content, placeholder, prefix);
    shorten_interpreter_line(text);
    return text;
  }
  if (prefix.size() > placeholder.size()) {
    return tl::unexpected(
        ParseError{std::to_string(prefix.size()) + " > " + std::to_string(placeholder.size())});
  }
  return relocate_binary(std::move(content), placeholder, prefix);
}

}  // namespace wheelfit::conda
