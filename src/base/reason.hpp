// SPDX-License-Identifier: Apache-2.0
// Why a wheel was refused, doubted or noted: a value made where the decision is made and printed elsewhere.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/text.hpp"

namespace wheelfit {

// The codes are part of the JSON interface: stable, more may be added. Order = nearness of a miss: a wheel
// for this very torch and Python that something else keeps out is nearer than one for another torch or
// another machine.
enum class ReasonCode {
  trust,
  version,
  yanked,
  offline,
  cuda_minor,
  nightly_built,
  glibc,
  libstdcxx,
  driver,
  gpu_arch,
  cxx11_abi,
  known_bad,
  hollow,
  missing_symbol,
  missing_library,
  static_tls,
  python_tag,
  requires_python,
  cuda_major,
  torch_minor,
  torch_missing,
  torch_build,
  platform,
};

// "torch-minor", "cxx11-abi", ...
std::string_view to_string(ReasonCode code) noexcept;

struct Reason {
  ReasonCode code;
  Text text;           // one sentence, no trailing full stop
  std::string source;  // where the knowledge is from (an address or "setup.py v2.8.3"); may be empty

  friend bool operator==(const Reason&, const Reason&) = default;
};

}  // namespace wheelfit
