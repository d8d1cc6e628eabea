// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace wheelfit::probe {

// An address without "user:password@", also where the scheme is left out ("user:password@proxy:3128"), and with
// the values of query parameters and the fragment removed where they could be tokens. What holds no credentials
// comes back as it was.
std::string without_credentials(std::string_view address);

}  // namespace wheelfit::probe
