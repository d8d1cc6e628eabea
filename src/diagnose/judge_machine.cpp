// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <set>

#include "diagnose/judge.hpp"

namespace wheelfit::diagnose {
namespace {

constexpr std::uint64_t megabyte = 1'000'000;

// What the wheels of this family take: 0.2 GB to download, 0.5 GB unpacked.
struct Need {
  std::string_view role;
  std::uint64_t least;        // below it an install fails
  std::uint64_t comfortable;  // below it, it may
};
constexpr std::array<Need, 3> needs{{{"site-packages", 700 * megabyte, 2000 * megabyte},
                                     {"store", 300 * megabyte, 1000 * megabyte},
                                     {"tmp", 50 * megabyte, 500 * megabyte}}};

constexpr std::array<std::string_view, 8> network_filesystems{"nfs",    "cifs", "smb2", "9p",
                                                              "lustre", "gpfs", "ceph", "fuse"};

std::vector<Text> cures_for(const Reason& reason) {
  switch (reason.code) {
    case ReasonCode::torch_missing:
      return {text("python -m pip install torch")};
    case ReasonCode::torch_build:
      return {text("install a CUDA build of torch, or stay with torch's own attention")};
    case ReasonCode::driver:
      return {text("update the NVIDIA driver of this machine (of the host, in a container)")};
    case ReasonCode::gpu_arch:
      return {text("use torch's own attention: torch.nn.functional.scaled_dot_product_attention")};
    default:
      return {};
  }
}

void judge_python(const probe::Interpreter& interpreter, std::vector<Finding>& findings) {
  const auto add = [&](Severity severity, const char* code, Text sentence, std::vector<Text> cures) {
    findings.push_back({Section::environment, severity, code, std::move(sentence), std::move(cures)});
  };
  if (!interpreter.executable) {
    add(Severity::broken, "no-python", text("no Python environment was found"),
        {text("python3 -m venv .venv"), text("or name one with --python")});
    return;
  }
  if (interpreter.externally_managed && *interpreter.externally_managed) {
    add(Severity::warning, "externally-managed",
        text("{} is managed by the operating system: installs are refused", interpreter.executable->string()),
        {text("python3 -m venv .venv")});
  }
  for (const std::string& remark : interpreter.remarks)
    add(Severity::warning, "python-remark", Text(remark), {});
}

void judge_pip(const probe::Environment& environment, const Surroundings& seen,
               std::vector<Finding>& findings) {
  const probe::Interpreter& interpreter = environment.interpreter;
  if (!interpreter.executable) return;
  const std::string python = interpreter.executable->string();
  const bool by_uv = environment.installer.uv_environment && *environment.installer.uv_environment;
  if (interpreter.find("pip") == nullptr) {
    if (by_uv) return;
    findings.push_back(
        {Section::environment,
         Severity::note,
         "no-pip",
         text("this environment has no pip; wheelfit does not need one, except for dependencies"),
         {text("{} -m ensurepip", python)}});
  } else if (!seen.pip_has_files) {
    findings.push_back({Section::environment,
                        Severity::warning,
                        "pip-broken",
                        text("pip's metadata is there, but pip itself is not: it cannot start"),
                        {text("{} -m ensurepip --upgrade", python)}});
  }
}

void judge_room(const probe::Machine& machine, std::vector<Finding>& findings) {
  for (const Need& need : needs) {
    const auto room = std::find_if(machine.rooms.begin(), machine.rooms.end(),
                                   [&](const probe::Room& each) { return each.role == need.role; });
    if (room == machine.rooms.end() || room->free_bytes >= need.comfortable) continue;
    const bool fails = room->free_bytes < need.least;
    const std::uint64_t wanted = (need.comfortable - room->free_bytes + megabyte - 1) / megabyte;
    std::vector<Text> cures{text("wheelfit doctor --free {}MB --on {}", wanted, room->path.string())};
    if (need.role == "store") cures.push_back(text("or export WHEELFIT_STORE=DIR, on a larger one"));
    if (need.role == "tmp") cures.push_back(text("or export TMPDIR=DIR, on a larger one"));
    findings.push_back(
        {Section::room, fails ? Severity::broken : Severity::warning, "room",
         text("{} has {} MB left for {}; a wheel with GPU code wants {} MB", room->path.string(),
              room->free_bytes / megabyte, room->role, need.comfortable / megabyte),
         std::move(cures)});
  }
}

void judge_site_packages(const Folder& folder, std::vector<Finding>& findings) {
  if (folder.writable) return;
  findings.push_back({Section::environment,
                      Severity::broken,
                      "not-writable",
                      text("{} cannot be written: it belongs to {}", folder.path.string(), folder.owner),
                      {text("python3 -m venv .venv"), text("or run this as {}", folder.owner)}});
}

void judge_cache(const Fact<std::filesystem::path>& cache, std::vector<Finding>& findings) {
  if (cache.known() || cache.source.empty()) return;
  findings.push_back(
      {Section::cache,
       Severity::warning,
       "pip-cache-off",
       text("pip uses no cache here: {}", cache.source),
       {text("a wheel put there by `seed` would not be found; `wheelfit install` does not mind"),
        text("unset PIP_NO_CACHE_DIR, or give PIP_CACHE_DIR a folder of your own")}});
}

void judge_store(const Folder& folder, std::vector<Finding>& findings) {
  if (!folder.writable) {
    findings.push_back(
        {Section::store,
         Severity::broken,
         "store-not-writable",
         text("the store {} cannot be written: it belongs to {}", folder.path.string(), folder.owner),
         {text("export WHEELFIT_STORE=DIR, a folder of your own")}});
  }
  const auto& remote = network_filesystems;
  if (std::find(remote.begin(), remote.end(), folder.filesystem) != remote.end()) {
    findings.push_back(
        {Section::store,
         Severity::note,
         "store-remote",
         text("the store {} is on a network filesystem ({}): slower, and locks may not hold there",
              folder.path.string(), folder.filesystem),
         {text("export WHEELFIT_STORE=DIR, on a disk of this machine")}});
  }
}

}  // namespace

std::vector<Finding> judge_environment(const probe::Environment& environment,
                                       const std::vector<Reason>& against) {
  std::vector<Finding> findings;
  judge_python(environment.interpreter, findings);
  if (environment.interpreter.executable) {
    for (const Reason& reason : against)
      findings.push_back({Section::environment, Severity::broken, std::string(to_string(reason.code)),
                          reason.text, cures_for(reason)});
  }
  for (const std::string& remark : environment.accelerators.remarks)
    findings.push_back({Section::environment, Severity::warning, "gpu-remark", Text(remark), {}});
  return findings;
}

std::vector<Finding> judge_surroundings(const probe::Environment& environment, const Surroundings& seen) {
  std::vector<Finding> findings;
  judge_pip(environment, seen, findings);
  judge_room(environment.machine, findings);
  if (seen.site_packages) judge_site_packages(*seen.site_packages, findings);
  judge_cache(environment.installer.cache_directory, findings);
  if (seen.store) judge_store(*seen.store, findings);
  return findings;
}

void sort_by_severity(std::vector<Finding>& findings) {
  std::stable_sort(findings.begin(), findings.end(),
                   [](const Finding& left, const Finding& right) { return left.severity > right.severity; });
}

}  // namespace wheelfit::diagnose
