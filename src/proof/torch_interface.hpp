// SPDX-License-Identifier: Apache-2.0
// Which of torch's interfaces an object was compiled against, by the symbols it leaves undefined. Pure.
#pragma once

#include <span>

#include "binary/elf.hpp"

namespace wheelfit::proof {

enum class TorchInterface {
  none,
  stable,  // the C functions that torch keeps stable between minors: aoti_torch_*, torch_*
  cxx,     // anything of at::, c10::, caffe2::, torch::, or CPython types of torch (THP*): bound to one minor
};

TorchInterface torch_interface(std::span<const binary::UndefinedSymbol> undefined);

}  // namespace wheelfit::proof
