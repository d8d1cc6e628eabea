// SPDX-License-Identifier: Apache-2.0
#include "proof/scope.hpp"

#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>

namespace wheelfit::proof {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view dependencies_library = "libtorch_global_deps.so";

bool contains(const std::vector<std::string>& names, std::string_view name) {
  return std::ranges::find(names, name) != names.end();
}

fs::path find_torch(const LibraryCache& cache, const std::vector<fs::path>& site_directories) {
  for (const fs::path& site : site_directories)
    if (contains(cache.names_in(site / "torch" / "lib"), "libc10.so")) return site / "torch";
  return {};
}

// What torch opens one by one where its own search paths do not lead to them.
void preload_vendor_libraries(Process& process, const std::vector<fs::path>& site_directories) {
  for (const fs::path& site : site_directories) {
    const fs::path vendor = site / "nvidia";
    for (const std::string& package : process.cache().names_in(vendor))
      for (const std::string& name : process.cache().names_in(vendor / package / "lib"))
        if (name.find(".so.") != std::string::npos)
          process.load(vendor / package / "lib" / name, Visibility::local);
  }
}

void load_dependencies(Process& process, const fs::path& torch, const std::vector<fs::path>& sites) {
  const fs::path library = torch / "lib" / dependencies_library;
  Process attempt = process;
  if (attempt.load(library, Visibility::global).complete()) {
    process = std::move(attempt);
    return;
  }
  preload_vendor_libraries(process, sites);
  process.load(library, Visibility::global);
}

// The extension module behind `import torch`: "_C.cpython-311-x86_64-linux-gnu.so".
std::optional<fs::path> core_module(const LibraryCache& cache, const fs::path& torch) {
  for (const std::string& name : cache.names_in(torch))
    if (name.starts_with("_C.") && name.ends_with(".so")) return torch / name;
  return std::nullopt;
}

void note_problems(const LoadResult& loaded, const Process& process, std::vector<Reason>& doubts) {
  std::set<std::string> said;
  for (const Need& need : loaded.needs) {
    if (need.result.library != nullptr || !said.insert(need.name).second) continue;
    doubts.push_back({ReasonCode::missing_library,
                      text("{}, which is there already, needs {}, which is not found",
                           process.objects()[need.wanted_by].file_name(), need.name),
                      {}});
  }
}

void import_torch(ImportScope& scope, const std::vector<fs::path>& sites) {
  Process& process = scope.process;
  if (contains(process.cache().names_in(scope.torch_directory / "lib"), dependencies_library))
    load_dependencies(process, scope.torch_directory, sites);
  const auto core = core_module(process.cache(), scope.torch_directory);
  const LoadResult loaded = core ? process.load(*core, Visibility::local) : LoadResult{};
  note_problems(loaded, process, scope.doubts);
  if (!loaded.object)
    scope.doubts.push_back(
        {ReasonCode::torch_missing,
         text("torch's own extension module cannot be read in {}", scope.torch_directory.string()),
         {}});
}

}  // namespace

ImportScope import_scope(LibraryCache& cache, const PythonProcess& python) {
  SearchSettings settings;
  settings.library_path = split_path_list(python.library_path);
  settings.hwcaps = python.hwcaps;
  ImportScope scope{Process(cache, std::move(settings)), {}, {}};
  // $ORIGIN of a program is where its file really lies.
  const fs::path executable = cache.real_path(python.executable).value_or(python.executable);
  const LoadResult started = scope.process.start(executable);
  if (!started.object) {
    scope.doubts.push_back(
        {ReasonCode::platform,
         text("the interpreter {} cannot be read as a program of this machine: {}",
              python.executable.string(), started.problem.empty() ? "it is not there" : started.problem),
         {}});
    return scope;
  }
  note_problems(started, scope.process, scope.doubts);
  scope.torch_directory = find_torch(cache, python.site_directories);
  if (!scope.torch_directory.empty()) import_torch(scope, python.site_directories);
  return scope;
}

}  // namespace wheelfit::proof
