// SPDX-License-Identifier: Apache-2.0
#include "python/package_name.hpp"

#include <algorithm>

#include "python/ascii.hpp"

namespace wheelfit::python {
namespace {

constexpr bool is_separator(char c) noexcept { return c == '-' || c == '_' || c == '.'; }

std::string with_separator(std::string_view name, char separator) {
  std::string result;
  for (std::size_t i = 0; i < name.size(); ++i) {
    if (!is_separator(name[i])) {
      result += lowered(name[i]);
    } else if (i == 0 || !is_separator(name[i - 1])) {
      result += separator;
    }
  }
  return result;
}

}  // namespace

std::string normalized_name(std::string_view name) { return with_separator(name, '-'); }

std::string file_name_form(std::string_view name) { return with_separator(name, '_'); }

bool is_valid_name(std::string_view name) noexcept {
  return !name.empty() && is_alphanumeric(name.front()) && is_alphanumeric(name.back()) &&
         std::all_of(name.begin(), name.end(), [](char c) { return is_alphanumeric(c) || is_separator(c); });
}

}  // namespace wheelfit::python
