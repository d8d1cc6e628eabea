// SPDX-License-Identifier: Apache-2.0
#include "proof/torch_interface.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace wheelfit::proof {
namespace {

// The Itanium ABI writes a namespace as its length and name; anywhere in the symbol, since it may be the type
// of an argument only.
constexpr std::array<std::string_view, 4> namespaces{"2at", "3c10", "5torch", "6caffe2"};
constexpr std::array<std::string_view, 2> stable_prefixes{"aoti_torch_", "torch_"};

bool names_a_namespace(std::string_view symbol) {
  if (!symbol.starts_with("_Z")) return false;
  return std::ranges::any_of(namespaces, [symbol](std::string_view name) {
    for (std::size_t at = symbol.find(name); at != std::string_view::npos; at = symbol.find(name, at + 1)) {
      // "N2at6Tensor": behind a nesting mark, not inside "12at…" or a longer name.
      const bool nested = at > 0 && (symbol[at - 1] == 'N' || symbol[at - 1] == 'K');
      if (nested) return true;
    }
    return false;
  });
}

TorchInterface interface_of(std::string_view symbol) {
  if (names_a_namespace(symbol) || symbol.starts_with("THP")) return TorchInterface::cxx;
  const bool stable = std::ranges::any_of(
      stable_prefixes, [symbol](std::string_view prefix) { return symbol.starts_with(prefix); });
  return stable ? TorchInterface::stable : TorchInterface::none;
}

}  // namespace

TorchInterface torch_interface(std::span<const binary::UndefinedSymbol> undefined) {
  TorchInterface found = TorchInterface::none;
  for (const binary::UndefinedSymbol& symbol : undefined) found = std::max(found, interface_of(symbol.name));
  return found;
}

}  // namespace wheelfit::proof
