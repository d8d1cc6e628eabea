// SPDX-License-Identifier: Apache-2.0
// Why a symbol is missing: what the library that should offer it offers instead. Only for explanations, after
// a look-up has failed: it reads all names.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "binary/elf.hpp"

namespace wheelfit::binary {

enum class MissingCause {
  other_cxx_abi,      // the same function, compiled for libstdc++'s other ABI (_GLIBCXX_USE_CXX11_ABI)
  signature_changed,  // a function of that name with other parameters
  other_version,      // the same symbol with another symbol version
  absent,             // nothing of the kind
};

struct MissingSymbol {
  MissingCause cause = MissingCause::absent;
  std::string wanted;  // demangled
  std::vector<std::string>
      offered;  // demangled, what comes nearest (the first few); versions for other_version

  friend bool operator==(const MissingSymbol&, const MissingSymbol&) = default;
};

// `exported`: mangled names. Demangles only those that begin with the wanted name's identifiers.
MissingSymbol explain_missing(std::string_view wanted, std::span<const std::string_view> exported);

// Against all the libraries that could have offered it.
MissingSymbol explain_missing(const UndefinedSymbol& wanted, std::span<const ElfImage* const> exporters);

}  // namespace wheelfit::binary
