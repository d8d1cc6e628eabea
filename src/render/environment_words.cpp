// SPDX-License-Identifier: Apache-2.0
#include "render/environment_words.hpp"

#include <utility>

namespace wheelfit::render {
namespace {

std::string joined(const std::vector<std::string>& parts, const std::string& separator) {
  std::string all;
  for (const std::string& part : parts) {
    if (part.empty()) continue;
    all += (all.empty() ? "" : separator) + part;
  }
  return all;
}

std::string with_details(const std::string& name, const std::vector<std::string>& details,
                         const Style& style) {
  const std::string all = listed(details, style);
  return all.empty() ? name : name + " (" + all + ")";
}

std::string torch_build(const probe::Torch& torch, const Style& style) {
  if (torch.cuda) return "CUDA " + torch.cuda->to_string();
  if (torch.hip) return "ROCm " + torch.hip->to_string();
  if (!torch.build) return said(text("CUDA unknown"), style);
  switch (*torch.build) {
    case probe::TorchBuild::cpu:
      return said(text("built for the CPU only"), style);
    case probe::TorchBuild::cuda:
      return said(text("CUDA, version unknown"), style);
    case probe::TorchBuild::rocm:
      return said(text("ROCm, version unknown"), style);
    case probe::TorchBuild::xpu:
      return "XPU";
  }
  return "";
}

std::string torch_abi(const probe::Torch& torch, const Style& style) {
  if (!torch.cxx11_abi) return said(text("C++11 ABI unknown"), style);
  return std::string("C++11 ABI ") + (*torch.cxx11_abi ? "TRUE" : "FALSE");
}

}  // namespace

std::string listed(const std::vector<std::string>& parts, const Style& style) {
  return joined(parts, said(text(", "), style));
}

std::string chained(const std::vector<std::string>& parts, const Style& style) {
  return joined(parts, said(text("; "), style));
}

std::string python_words(const probe::Environment& environment, const Style& style) {
  const probe::Interpreter& interpreter = environment.interpreter;
  if (!interpreter.version) return said(text("Python unknown"), style);
  const bool pypy = interpreter.implementation && *interpreter.implementation == "pypy";
  const std::string name = (pypy ? "PyPy " : "Python ") + interpreter.version->to_string();
  const bool free_threaded = interpreter.free_threaded && *interpreter.free_threaded;
  const bool told = interpreter.kind && !environment.described_only();
  return with_details(
      name, {told ? *interpreter.kind : "", free_threaded ? said(text("free-threaded"), style) : ""}, style);
}

std::string torch_words(const probe::Torch& torch, const Style& style) {
  if (torch.installed && !*torch.installed) return said(text("no torch"), style);
  if (!torch.version) return said(text("torch unknown"), style);
  return with_details("torch " + torch.version->to_string(),
                      {torch_build(torch, style), torch_abi(torch, style)}, style);
}

std::string libc_words(const probe::LibC& libc, const Style& style) {
  if (libc.glibc) return "glibc " + libc.glibc->to_string();
  if (libc.musl) return "musl " + libc.musl->to_string();
  return said(text("C library unknown"), style);
}

std::string gpu_name(const probe::Gpu& gpu, const Style& style) {
  const std::string architecture = gpu.capability ? gpu.capability->to_string() : gpu.amd_target;
  if (gpu.name.empty())
    return architecture.empty() ? said(text("GPU of an unknown kind"), style) : architecture;
  return with_details(gpu.name, {architecture}, style);
}

std::string gpu_words(const probe::Accelerators& accelerators, const Style& style) {
  if (!accelerators.gpus) return said(text("GPU unknown"), style);
  if (accelerators.gpus->empty()) return said(text("no GPU"), style);
  std::vector<std::pair<std::string, int>> kinds;
  for (const probe::Gpu& gpu : *accelerators.gpus) {
    const std::string name = gpu_name(gpu, style);
    if (kinds.empty() || kinds.back().first != name) kinds.emplace_back(name, 0);
    ++kinds.back().second;
  }
  std::vector<std::string> names;
  for (const auto& [name, count] : kinds)
    names.push_back(count == 1 ? name : std::to_string(count) + " × " + name);
  return listed(names, style);
}

std::string driver_words(const probe::Accelerators& accelerators, const Style& style) {
  if (accelerators.driver) {
    const std::string name = said(text("driver {}", probe::driver_text(*accelerators.driver)), style);
    if (!accelerators.driver_cuda) return name;
    return with_details(name, {said(text("CUDA up to {}", accelerators.driver_cuda->to_string()), style)},
                        style);
  }
  if (accelerators.driver_present && !*accelerators.driver_present) return said(text("no driver"), style);
  return said(text("driver unknown"), style);
}

}  // namespace wheelfit::render
