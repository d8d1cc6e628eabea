// SPDX-License-Identifier: Apache-2.0
#include "resolve/environment_reasons.hpp"

#include <algorithm>

#include "resolve/checks.hpp"

namespace wheelfit::resolve {

namespace {

void torch_reasons(const probe::Environment& environment, const catalog::Recipe& recipe,
                   std::vector<Reason>& reasons) {
  const probe::Torch& torch = environment.torch;
  if (torch.installed && !*torch.installed) {
    reasons.push_back(
        {ReasonCode::torch_missing,
         text("no torch is installed here; every {} wheel is compiled against one", recipe.name),
         torch.installed.source});
  } else if (torch.build && *torch.build != probe::TorchBuild::cuda) {
    reasons.push_back(
        {ReasonCode::torch_build,
         text("torch {} here is built for {}; {} wheels need a CUDA build",
              torch.version ? torch.version->to_string() : "", to_string(*torch.build), recipe.name),
         torch.build.source});
  }
}

void gpu_reasons(const probe::Environment& environment, const catalog::Recipe& recipe,
                 std::vector<Reason>& reasons) {
  const auto& gpus = environment.accelerators.gpus;
  if (!gpus || gpus->empty() || recipe.gpu_floors.empty()) return;
  const auto lowest = std::min_element(
      recipe.gpu_floors.begin(), recipe.gpu_floors.end(), [](const auto& left, const auto& right) {
        return std::tie(left.major, left.minor) < std::tie(right.major, right.minor);
      });
  const probe::ComputeCapability floor{lowest->major, lowest->minor};
  std::string names;
  for (const probe::Gpu& gpu : *gpus) {
    if (!gpu.capability || *gpu.capability >= floor) return;
    names += (names.empty() ? "" : ", ") + gpu.capability->to_string();
  }
  reasons.push_back({ReasonCode::gpu_arch,
                     text("{} needs compute capability {}.{} or newer; the GPU here is {}", recipe.name,
                          floor.major, floor.minor, names),
                     lowest->source});
}

void driver_reasons(const probe::Environment& environment, const catalog::Knowledge& knowledge,
                    std::vector<Reason>& reasons) {
  const auto& cuda = environment.torch.cuda;
  const auto& driver = environment.accelerators.driver;
  if (!cuda || !driver) return;
  const catalog::DriverRow* row = least_driver(knowledge, static_cast<int>(cuda->major()));
  if (row == nullptr || *driver >= row->driver) return;
  reasons.push_back({ReasonCode::driver,
                     text("driver {} is older than {}, which CUDA {} code needs; torch itself "
                          "cannot use the GPU with it",
                          probe::driver_text(*driver), probe::driver_text(row->driver), cuda->major()),
                     row->source});
}

}  // namespace

std::vector<Reason> environment_reasons(const probe::Environment& environment, const catalog::Recipe& recipe,
                                        const catalog::Knowledge& knowledge) {
  std::vector<Reason> reasons;
  if (!recipe.needs_torch) return reasons;
  torch_reasons(environment, recipe, reasons);
  driver_reasons(environment, knowledge, reasons);
  gpu_reasons(environment, recipe, reasons);
  return reasons;
}

}  // namespace wheelfit::resolve
