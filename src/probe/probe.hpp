// SPDX-License-Identifier: Apache-2.0
// Reads an environment and the machine from files; starts no Python and imports no torch.
#pragma once

#include <filesystem>
#include <optional>

#include "probe/environment.hpp"
#include "system/world.hpp"

namespace wheelfit::probe {

struct ProbeRequest {
  std::optional<std::filesystem::path> python;  // --python: an executable, or an environment's directory
  std::filesystem::path store;                  // wheelfit's own store, for the room there
  bool user_scheme = false;
  // What is started as `<gpu_child> --probe-gpu-child` (see gpu_child.hpp).
  std::filesystem::path gpu_child = "/proc/self/exe";
};

// --python, else VIRTUAL_ENV, CONDA_PREFIX, ./.venv, python3 on PATH. Throws Error{usage} when --python names
// no interpreter, Error{refused} when none is found at all. Everything else that cannot be read stays
// unknown. The GPU probe runs in a child process with a time limit.
Environment probe(const ProbeRequest& request, system::World& world);

}  // namespace wheelfit::probe
