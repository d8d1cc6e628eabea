// SPDX-License-Identifier: Apache-2.0
// Names of symbol versions that are numbered: "GLIBC_2.34", "GLIBCXX_3.4.30", "GOMP_4.5". Pure.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "base/reason.hpp"
#include "binary/elf.hpp"

namespace wheelfit::proof {

struct NumberedVersion {
  std::string_view family;  // "GLIBC"
  std::string_view number;  // "2.34"
  std::vector<unsigned> parts;
};

// nullopt for names without a number: "GLIBC_PRIVATE", "GLIBC_ABI_DT_RELR".
std::optional<NumberedVersion> numbered_version(std::string_view name);

// The newest that `image` defines of a family, as its whole name; "" where there is none.
std::string_view newest_defined(const binary::ElfImage& image, std::string_view family);

// What it means that a version of this name is missing: glibc, libstdcxx, else missing-symbol.
ReasonCode code_of_version(std::string_view name);

}  // namespace wheelfit::proof
