// SPDX-License-Identifier: Apache-2.0
// Case of ASCII letters, whatever the locale says: header names, hosts and variables are ASCII.
#pragma once

#include <string>
#include <string_view>

namespace wheelfit::system {

inline std::string ascii_lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

inline std::string ascii_upper(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return out;
}

}  // namespace wheelfit::system
