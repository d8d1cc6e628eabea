// SPDX-License-Identifier: Apache-2.0
#include "probe/torch_version_file.hpp"

#include <algorithm>
#include <cctype>

#include "probe/text_scan.hpp"

namespace wheelfit::probe {

std::map<std::string, std::optional<std::string>, std::less<>> parse_torch_version_file(
    std::string_view text) {
  std::map<std::string, std::optional<std::string>, std::less<>> values;
  for (const std::string_view line : lines_of(text)) {
    const std::size_t equals = line.find('=');
    if (equals == std::string_view::npos) continue;
    // The annotation of "cuda: Optional[str]" goes.
    const std::string_view name = trimmed(line.substr(0, std::min(equals, line.find(':'))));
    const bool is_name = !name.empty() && std::ranges::all_of(name, [](char c) {
      return c == '_' || std::isalnum(static_cast<unsigned char>(c)) != 0;
    });
    if (!is_name || line.front() == ' ' || line.front() == '\t') continue;
    const std::string_view value = trimmed(line.substr(equals + 1));
    if (value == "None") {
      values[std::string(name)] = std::nullopt;
    } else if (value.size() >= 2 && (value.front() == '\'' || value.front() == '"')) {
      const std::size_t close = value.find(value.front(), 1);
      if (close != std::string_view::npos)
        values[std::string(name)] = std::string(value.substr(1, close - 1));
    }
  }
  return values;
}

}  // namespace wheelfit::probe
