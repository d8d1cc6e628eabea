// SPDX-License-Identifier: Apache-2.0
#include "base/reason.hpp"

namespace wheelfit {

std::string_view to_string(ReasonCode code) noexcept {
  switch (code) {
    case ReasonCode::trust:
      return "trust";
    case ReasonCode::version:
      return "version";
    case ReasonCode::yanked:
      return "yanked";
    case ReasonCode::offline:
      return "offline";
    case ReasonCode::cuda_minor:
      return "cuda-minor";
    case ReasonCode::python_tag:
      return "python-tag";
    case ReasonCode::requires_python:
      return "requires-python";
    case ReasonCode::torch_minor:
      return "torch-minor";
    case ReasonCode::cuda_major:
      return "cuda-major";
    case ReasonCode::cxx11_abi:
      return "cxx11-abi";
    case ReasonCode::glibc:
      return "glibc";
    case ReasonCode::libstdcxx:
      return "libstdcxx";
    case ReasonCode::driver:
      return "driver";
    case ReasonCode::gpu_arch:
      return "gpu-arch";
    case ReasonCode::torch_missing:
      return "torch-missing";
    case ReasonCode::torch_build:
      return "torch-build";
    case ReasonCode::platform:
      return "platform";
    case ReasonCode::nightly_built:
      return "nightly-built";
    case ReasonCode::known_bad:
      return "known-bad";
    case ReasonCode::hollow:
      return "hollow";
    case ReasonCode::missing_symbol:
      return "missing-symbol";
    case ReasonCode::missing_library:
      return "missing-library";
    case ReasonCode::static_tls:
      return "static-tls";
  }
  return "unknown";
}

}  // namespace wheelfit
