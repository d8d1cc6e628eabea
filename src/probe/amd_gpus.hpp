// SPDX-License-Identifier: Apache-2.0
// AMD GPUs, from the kernel's topology: /sys/class/kfd/kfd/topology/nodes/N/properties.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "probe/environment.hpp"
#include "probe/rooted_files.hpp"

namespace wheelfit::probe {

std::vector<Gpu> find_amd_gpus(const RootedFiles& files);

// gfx_target_version 90402 -> "gfx942", 90010 -> "gfx90a", 110000 -> "gfx1100"; nullopt for 0, which is a
// CPU.
std::optional<std::string> amd_target_name(unsigned gfx_target_version);
// The number behind `key` in a file of "key value" lines.
std::optional<std::uint64_t> property(std::string_view properties, std::string_view key);

}  // namespace wheelfit::probe
