// SPDX-License-Identifier: Apache-2.0
// pyvenv.cfg (PEP 405): `key = value` lines, keys without regard to case.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace wheelfit::probe {

struct PyvenvCfg {
  std::map<std::string, std::string, std::less<>>
      values;  // keys in lower case; the last of equal keys counts

  std::optional<std::string> get(std::string_view key) const;
  // As site.py decides: anything but "true" is no, but a file that does not say means yes.
  bool includes_system_site_packages() const;
};

PyvenvCfg parse_pyvenv_cfg(std::string_view text);

}  // namespace wheelfit::probe
