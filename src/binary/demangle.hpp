// SPDX-License-Identifier: Apache-2.0
// C++ names as people write them. Specification: Itanium C++ ABI, "Mangling".
#pragma once

#include <string>
#include <string_view>

namespace wheelfit::binary {

// "_ZN3c105Error4whatEv" -> "c10::Error::what()". What is not a mangled name (or is absurdly long) comes back
// as is.
std::string demangled(std::string_view symbol);

// "c10::detail::torchCheckFail(char const*)" -> "c10::detail::torchCheckFail": up to the parameter list.
std::string_view qualified_name(std::string_view demangled_symbol) noexcept;

// The same declaration without regard to which of libstdc++'s two ABIs it was compiled for: std::__cxx11::…
// and [abi:cxx11] removed, both spellings of std::string made one.
std::string without_cxx11_abi(std::string demangled_symbol);

}  // namespace wheelfit::binary
