// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "probe/environment.hpp"

namespace wheelfit::probe {

// torch as its files describe it: version.py before the metadata (many wheels leave the label out there), the
// symbols of libc10.so before TorchConfig.cmake.
Torch find_torch(const Interpreter& interpreter);

// _GLIBCXX_USE_CXX11_ABI of a libc10.so, by the signature of functions that take a std::string; nullopt where
// it exports none of those known.
std::optional<bool> cxx11_abi_of_symbols(std::span<const std::byte> libc10);
// "-D_GLIBCXX_USE_CXX11_ABI=1" in TorchConfig.cmake.
std::optional<bool> cxx11_abi_of_cmake(std::string_view torch_config);

}  // namespace wheelfit::probe
