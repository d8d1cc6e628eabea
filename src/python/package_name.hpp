// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace wheelfit::python {

// PEP 503: lower case, runs of [-_.] become one '-': "Flash__Attn.3" -> "flash-attn-3".
std::string normalized_name(std::string_view name);
// As file names spell it: normalized, '-' replaced by '_'.
std::string file_name_form(std::string_view name);
// The name grammar of the core metadata specification.
bool is_valid_name(std::string_view name) noexcept;

}  // namespace wheelfit::python
