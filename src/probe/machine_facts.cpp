// SPDX-License-Identifier: Apache-2.0
#include "probe/machine_facts.hpp"

#include "system/disk.hpp"
#include "system/machine.hpp"

namespace wheelfit::probe {
namespace {

void add_room(Machine& machine, const char* role, const std::filesystem::path& path) {
  if (path.empty()) return;
  const auto disk = system::disk_of(path);
  if (disk) machine.rooms.push_back({role, path, disk->filesystem, disk->device, disk->free_bytes});
}

}  // namespace

Machine describe_machine(const Interpreter& interpreter, const std::filesystem::path& store,
                         const system::EnvironmentVariables& variables, const RootedFiles& files) {
  const system::Machine read = system::read_machine(files.root(), system::schedulable_cores());
  Machine machine;
  machine.cores = {static_cast<double>(read.cores), "sched_getaffinity and cgroup"};
  if (read.memory) machine.memory_bytes = {*read.memory, "/proc/meminfo and cgroup"};
  if (read.available_memory)
    machine.memory_available_bytes = {*read.available_memory, "/proc/meminfo and cgroup"};
  if (interpreter.scheme.known()) add_room(machine, "site-packages", interpreter.scheme->platlib);
  add_room(machine, "store", store);
  add_room(machine, "tmp", files.environment(variables.get_nonempty("TMPDIR").value_or("/tmp")));
  return machine;
}

}  // namespace wheelfit::probe
