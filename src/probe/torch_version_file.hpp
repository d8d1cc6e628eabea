// SPDX-License-Identifier: Apache-2.0
// torch/version.py, which torch's build writes:
//   __version__ = '2.4.0+cu121'
//   cuda: Optional[str] = '12.1'
//   hip: Optional[str] = None
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace wheelfit::probe {

// Assignments of string literals and None at the start of a line; None is nullopt. Anything else is passed
// over.
std::map<std::string, std::optional<std::string>, std::less<>> parse_torch_version_file(
    std::string_view text);

}  // namespace wheelfit::probe
