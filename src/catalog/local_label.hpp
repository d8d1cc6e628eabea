// SPDX-License-Identifier: Apache-2.0
// The local version label of a wheel ("cu122torch2.2cxx11abiFALSE"), read by every dialect that publishers
// use; docs/formats/wheel-name-dialects.md says which. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "catalog/candidate.hpp"
#include "python/version.hpp"

namespace wheelfit::catalog {

// What a label says; what it does not say stays absent. Of a thing said twice the first counts.
struct LocalLabel {
  std::optional<CudaTag> cuda;
  std::optional<python::Version> rocm;
  std::optional<python::Version> torch;
  std::optional<bool> cxx11_abi;
  std::vector<std::string> architectures;
  std::string git_commit;
};

// Total: words that no dialect knows are passed over. Case does not matter.
LocalLabel parse_local_label(std::string_view label);

// What the label says becomes what the wheel's name says.
void take_label(LocalLabel label, WheelFields& fields);

}  // namespace wheelfit::catalog
