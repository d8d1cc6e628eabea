// SPDX-License-Identifier: Apache-2.0
#include "system/http.hpp"

namespace wheelfit::system {

std::optional<std::string> HttpResponse::header(std::string_view lower_case_name) const {
  const auto found = headers.find(lower_case_name);
  if (found == headers.end()) return std::nullopt;
  return found->second;
}

}  // namespace wheelfit::system
