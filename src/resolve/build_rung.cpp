// SPDX-License-Identifier: Apache-2.0
#include "resolve/build_rung.hpp"

#include <algorithm>

namespace wheelfit::resolve {

const catalog::SourceDistribution* source_to_build(const probe::Environment& environment,
                                                   const catalog::Recipe& recipe,
                                                   const std::vector<catalog::SourceDistribution>& sdists,
                                                   const python::SpecifierSet& wish) {
  if (!recipe.build) return nullptr;
  const auto admitted = [&](const catalog::SourceDistribution& sdist) {
    const auto& python = environment.interpreter.version;
    return wish.admits_by_default(sdist.version) && recipe.build->version.admits(sdist.version) &&
           (!python || sdist.requires_python.admits(*python));
  };
  const auto found = std::find_if(sdists.rbegin(), sdists.rend(), admitted);
  return found == sdists.rend() ? nullptr : &*found;
}

Text obstacle_to_build(const probe::Environment& environment, const catalog::Recipe& recipe,
                       const Wishes& wishes, const catalog::SourceDistribution* source) {
  if (!recipe.build) return text("how {} is built is not known", recipe.name);
  if (environment.described_only()) return text("a build needs the environment itself");
  if (source == nullptr) return text("no source distribution that can be built here is known");
  const probe::Torch& torch = environment.torch;
  if (torch.installed && !*torch.installed)
    return text("it is built for one torch, and none is installed here");
  if (!torch.cuda) return text("torch is no CUDA build");
  if (!environment.toolkit.nvcc) return text("there is no nvcc here, the compiler for CUDA");
  const auto& nvcc = environment.toolkit.version;
  if (nvcc && nvcc->major() != torch.cuda->major()) {
    return text("nvcc is of CUDA {}, torch of CUDA {}", nvcc->to_string(), torch.cuda->to_string());
  }
  const auto& gpus = environment.accelerators.gpus;
  const bool gpu_here =
      gpus && std::ranges::any_of(*gpus, [](const probe::Gpu& gpu) { return gpu.capability.has_value(); });
  if (!wishes.architectures_named && !gpu_here) return text("no GPU is here: --arch says which to build for");
  return {};
}

Chosen to_be_built(const catalog::Recipe& recipe, const catalog::SourceDistribution& source) {
  catalog::Candidate made;
  made.name = source.file_name.empty() ? recipe.name + "-" + source.version.to_string() : source.file_name;
  made.source_id = "index";
  made.source = "index";
  made.trust = catalog::Trust::index;
  made.url = source.url;
  made.sha256 = source.sha256;
  made.size = source.size;
  made.fields.version = source.version;
  Chosen chosen;
  chosen.kind = Rung::build;
  chosen.proof = Proof::none;
  chosen.judgement.verdict = Verdict::fits;
  chosen.judgement.proof = Proof::none;
  chosen.judgement.candidate = std::move(made);
  return chosen;
}

}  // namespace wheelfit::resolve
