// SPDX-License-Identifier: Apache-2.0
// What the local label of a torch version says: 2.6.0+cu124, 2.4.1+cpu, 2.5.0+rocm6.2, 2.1.0+cpu.cxx11.abi.
#pragma once

#include <optional>

#include "probe/environment.hpp"
#include "python/version.hpp"

namespace wheelfit::probe {

struct TorchLabel {
  std::optional<TorchBuild> build;
  std::optional<python::Version> cuda;  // cu124 -> 12.4
  std::optional<python::Version> hip;   // rocm6.2 -> 6.2
  std::optional<bool> cxx11_abi;        // only ever said to be true
};

// Labels of other makers ("git1a2b3c", "ecf3bae40a.nv25.01") say nothing: all parts stay unknown.
TorchLabel read_torch_label(const python::Version& version);

}  // namespace wheelfit::probe
