// SPDX-License-Identifier: Apache-2.0
#include "probe/pyvenv_cfg.hpp"

#include "probe/text_scan.hpp"

namespace wheelfit::probe {

std::optional<std::string> PyvenvCfg::get(std::string_view key) const {
  const auto found = values.find(key);
  return found == values.end() ? std::nullopt : std::optional(found->second);
}

bool PyvenvCfg::includes_system_site_packages() const {
  const auto said = get("include-system-site-packages");
  return !said || lower_case(*said) == "true";
}

PyvenvCfg parse_pyvenv_cfg(std::string_view text) {
  PyvenvCfg parsed;
  for (const std::string_view line : lines_of(text)) {
    const std::size_t equals = line.find('=');
    if (equals == std::string_view::npos) continue;
    parsed.values[lower_case(trimmed(line.substr(0, equals)))] = trimmed(line.substr(equals + 1));
  }
  return parsed;
}

}  // namespace wheelfit::probe
