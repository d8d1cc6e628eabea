// SPDX-License-Identifier: Apache-2.0
#include "probe/pip_config_file.hpp"

#include <algorithm>

#include "probe/text_scan.hpp"

namespace wheelfit::probe {

std::string pip_option_name(std::string_view name) {
  std::string option = lower_case(name);
  std::ranges::replace(option, '_', '-');
  if (option.starts_with("--")) option.erase(0, 2);
  return option;
}

std::map<std::string, std::string> parse_pip_config(std::string_view text) {
  std::map<std::string, std::string> options;
  std::string section;
  std::string* open = nullptr;  // the option that an indented line continues
  for (const std::string_view line : lines_of(text)) {
    const std::string_view content = trimmed(line);
    if (content.empty() || content.starts_with('#') || content.starts_with(';')) continue;
    const bool indented = line.front() == ' ' || line.front() == '\t';
    if (indented && open != nullptr) {
      open->append(open->empty() ? "" : "\n").append(content);
      continue;
    }
    if (content.starts_with('[') && content.find(']') != std::string_view::npos) {
      section = content.substr(1, content.rfind(']') - 1);
      open = nullptr;
      continue;
    }
    const std::size_t delimiter = content.find_first_of("=:");
    if (delimiter == std::string_view::npos || section.empty()) continue;
    open = &options[section + "." + pip_option_name(trimmed(content.substr(0, delimiter)))];
    *open = trimmed(content.substr(delimiter + 1));
  }
  return options;
}

}  // namespace wheelfit::probe
