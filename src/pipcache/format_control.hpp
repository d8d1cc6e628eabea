// SPDX-License-Identifier: Apache-2.0
// pip's --no-binary and --only-binary. Pure.
#pragma once

#include <string_view>
#include <vector>

#include "base/fact.hpp"

namespace wheelfit::pipcache {

struct Formats {
  Fact<bool> no_wheels;   // --no-binary names the package, or everything
  Fact<bool> no_sources;  // --only-binary does
};

// The values of both options in the order given. Where one takes back what the other said (":all:"),
// --only-binary counts as the later one. `package`: normalized.
Formats formats_of(std::string_view package, const std::vector<Fact<std::string>>& no_binary,
                   const std::vector<Fact<std::string>>& only_binary);

}  // namespace wheelfit::pipcache
