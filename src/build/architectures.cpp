// SPDX-License-Identifier: Apache-2.0
#include "build/architectures.hpp"

#include <fmt/core.h>

#include "build/compiler_arguments.hpp"

namespace wheelfit::build {

std::optional<python::Version> best_for(const python::Version& capability,
                                        const std::vector<python::Version>& offered) {
  std::optional<python::Version> best;
  for (const python::Version& each : offered) {
    if (each.major() != capability.major() || each.minor() > capability.minor()) continue;
    if (!best || *best < each) best = each;
  }
  return best;
}

std::string architecture_list(const std::vector<python::Version>& capabilities) {
  std::string list;
  for (const python::Version& each : capabilities)
    list += (list.empty() ? "" : ";") + architecture_number(each);
  return list;
}

std::string local_label(const python::Version& torch, const python::Version& cuda,
                        const std::vector<python::Version>& capabilities,
                        const std::vector<std::string>& without) {
  std::string label =
      fmt::format("cu{}{}torch{}.{}", cuda.major(), cuda.minor(), torch.major(), torch.minor());
  for (const python::Version& each : capabilities) label += "sm" + architecture_number(each);
  for (const std::string& part : without) label += ".no" + part;
  return label;
}

}  // namespace wheelfit::build
