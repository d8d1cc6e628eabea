// SPDX-License-Identifier: Apache-2.0
#include <map>
#include <string>

#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "render/check.hpp"
#include "render/json_fields.hpp"

namespace wheelfit::render {
namespace {

using Json = nlohmann::ordered_json;

std::string gpu_name(const binary::ComputeCapability& gpu) {
  return fmt::format("sm_{}{}", gpu.major, gpu.minor);
}

std::string_view to_string(proof::Extent extent) noexcept {
  switch (extent) {
    case proof::Extent::nothing:
      return "nothing";
    case proof::Extent::first_bytes:
      return "first-bytes";
    case proof::Extent::whole:
      return "whole";
  }
  return "nothing";
}

Json library_json(const proof::NeededLibrary& library) {
  return {{"name", library.name},
          {"wanted_by", library.wanted_by},
          {"found_by", to_string(library.found_by)},
          {"path", library.path.empty() ? Json() : Json(library.path.string())}};
}

Json module_json(const proof::ModuleProof& module) {
  const proof::Loadability& result = module.loadability;
  Json libraries = Json::array();
  for (const proof::NeededLibrary& library : result.needs.libraries)
    libraries.push_back(library_json(library));
  Json missing = Json::array();
  for (const proof::MissingReference& reference : result.missing) {
    missing.push_back({{"symbol", reference.symbol},
                       {"demangled", reference.demangled},
                       {"version", reference.version},
                       {"wanted_by", reference.wanted_by}});
  }
  return {{"name", module.member},
          {"verdict", to_string(result.verdict)},
          {"symbols", result.needs.symbols},
          {"versions", result.needs.newest_versions},
          {"libraries", std::move(libraries)},
          {"missing", std::move(missing)}};
}

Json needs_json(const proof::WheelProof& proof) {
  Json modules = Json::array();
  for (const proof::ModuleProof& module : proof.modules) modules.push_back(module_json(module));
  return {{"modules", std::move(modules)},
          {"uses_torch", proof.uses_torch},
          {"stable_python_abi", proof.stable_python_abi},
          {"stable_torch_abi", proof.stable_torch_abi}};
}

Json gpu_json(const proof::WheelProof& proof) {
  Json devices = Json::array();
  for (const proof::GpuProof& gpu : proof.gpus) {
    devices.push_back({{"gpu", gpu_name(gpu.gpu)},
                       {"verdict", to_string(gpu.verdict)},
                       {"modules", gpu.modules},
                       {"sass", gpu.by_sass},
                       {"ptx", gpu.by_ptx},
                       {"missing_kernels", gpu.missing_kernels},
                       {"reasons", reasons_json(gpu.reasons)}});
  }
  const proof::DeviceCode& code = proof.device_code;
  return {{"modules", code.modules},
          {"sass", code.sass},
          {"ptx", code.ptx},
          {"gfx", code.gfx},
          {"zstd", code.zstd},
          {"damage", code.damage},
          {"devices", std::move(devices)}};
}

}  // namespace

Json check_json(const CheckView& view) {
  Json not_covered = Json::array();
  for (const proof::ModuleProof& module : view.proof.modules) {
    for (const Text& note : module.loadability.not_covered) {
      Json words = note.english();
      if (std::find(not_covered.begin(), not_covered.end(), words) == not_covered.end())
        not_covered.push_back(std::move(words));
    }
  }
  return {{"schema_version", 1},
          {"file", view.file},
          {"verdict", to_string(view.verdict)},
          {"reasons", reasons_json(view.reasons)},
          {"proof", to_string(view.judged_by)},
          {"extent", to_string(view.proof.extent)},
          {"needs", needs_json(view.proof)},
          {"gpu", gpu_json(view.proof)},
          {"not_covered", std::move(not_covered)},
          {"bytes_read", view.bytes_read},
          {"size", view.size},
          {"remark", view.remark.empty() ? Json() : Json(view.remark.english())}};
}

}  // namespace wheelfit::render
