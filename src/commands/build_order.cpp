// SPDX-License-Identifier: Apache-2.0
#include "commands/build_order.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "build/architectures.hpp"
#include "build/look.hpp"
#include "build/units.hpp"
#include "commands/environment_step.hpp"
#include "commands/no_network.hpp"
#include "commands/subject.hpp"
#include "python/package_name.hpp"
#include "resolve/build_rung.hpp"
#include "system/files.hpp"
#include "system/sha256.hpp"

namespace wheelfit::commands {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void not_buildable(const std::string& name, const catalog::Knowledge& knowledge) {
  std::string known;
  for (const catalog::Recipe& recipe : knowledge.recipes)
    if (recipe.build) known += (known.empty() ? "" : ", ") + recipe.name;
  throw Error(ErrorKind::usage, text("how {} is built is not known", name), {text("known: {}", known)});
}

// "flash_attn-2.8.3.tar.gz" of a package that can be built.
std::optional<BuildSource> source_file(const std::string& subject, const fs::path& current_directory,
                                       const catalog::Knowledge& knowledge) {
  const fs::path file = current_directory / subject;
  if (!fs::is_regular_file(file) || file.extension() == ".whl") return std::nullopt;
  const std::string name = file.filename().string();
  for (const catalog::Recipe& recipe : knowledge.recipes) {
    const auto version = catalog::sdist_version(name, recipe.name);
    if (!version) continue;
    if (!recipe.build) not_buildable(recipe.name, knowledge);
    return BuildSource{recipe, {*version, name, {}, {}, fs::file_size(file)}, file};
  }
  return std::nullopt;
}

BuildSource source_of_index(const python::Requirement& requirement, const probe::Environment& environment,
                            const catalog::Knowledge& knowledge, const Settings& settings,
                            system::World& world, system::HttpClient* http, Reporter& report) {
  const std::string name = python::normalized_name(requirement.name);
  const catalog::Recipe* recipe = knowledge.find(name);
  if (recipe == nullptr || !recipe->build) not_buildable(name, knowledge);
  NoNetwork none;
  const catalog::Catalog catalog =
      catalog::list_candidates(*recipe, listing_request(settings, environment, world),
                               http != nullptr ? *http : none, world.clock, report);
  const catalog::SourceDistribution* sdist =
      resolve::source_to_build(environment, *recipe, catalog.sdists, requirement.specifiers);
  if (sdist == nullptr) {
    throw Error(ErrorKind::refused, text("no source distribution of {} can be built here", name),
                {text("wheelfit can build {}{}", name, recipe->build->version.to_string())})
        .with_code("version");
  }
  return {*recipe, *sdist, std::nullopt};
}

std::vector<python::Version> wanted_capabilities(const probe::Environment& environment,
                                                 const BuildSettings& settings) {
  std::vector<python::Version> wanted = settings.capabilities;
  if (wanted.empty() && environment.accelerators.gpus) {
    for (const probe::Gpu& gpu : *environment.accelerators.gpus)
      if (gpu.capability)
        wanted.push_back(
            *python::Version::parse(fmt::format("{}.{}", gpu.capability->major, gpu.capability->minor)));
  }
  if (wanted.empty()) {
    throw Error(ErrorKind::usage, text("there is no GPU here, so it must be said which to build for"),
                {text("--arch 8.0 (A100), 8.6 (A10, RTX 30), 8.9 (L4, RTX 40), 9.0 (H100), 10.0 (B200), 12.0 "
                      "(RTX 50); several with commas")});
  }
  return wanted;
}

std::vector<python::Version> compiled_capabilities(const catalog::BuildRecipe& recipe,
                                                   const python::Version& version,
                                                   const std::vector<python::Version>& wanted) {
  const catalog::OfferedArchitectures* offered = recipe.offered(version);
  std::vector<python::Version> chosen;
  for (const python::Version& capability : wanted) {
    const auto best = offered == nullptr ? std::nullopt : build::best_for(capability, offered->capabilities);
    if (!best) {
      throw Error(ErrorKind::refused, text("{} cannot be built for GPUs of compute capability {}",
                                           version.to_string(), capability.to_string()))
          .with_code("gpu-arch");
    }
    if (std::ranges::find(chosen, *best) == chosen.end()) chosen.push_back(*best);
  }
  std::ranges::sort(chosen);
  return chosen;
}

void check_parts(const catalog::BuildRecipe& recipe, const python::Version& version,
                 const std::vector<std::string>& without) {
  const auto unknown = build::unknown_part(recipe, version, without);
  if (!unknown) return;
  std::string known;
  for (const catalog::BuildPart& part : recipe.parts)
    if (part.version.admits(version))
      known += (known.empty() ? "" : ", ") + part.name + " (" + part.summary + ")";
  throw Error(ErrorKind::usage,
              text("{} has no part {} that could be left out", version.to_string(), *unknown),
              {known.empty() ? text("of this version nothing can be left out") : text("parts: {}", known)});
}

}  // namespace

BuildSource build_source(const std::string& subject, const probe::Environment& environment,
                         const catalog::Knowledge& knowledge, const Settings& settings, system::World& world,
                         system::HttpClient* http, Reporter& report) {
  if (auto file = source_file(subject, world.current_directory, knowledge)) return std::move(*file);
  const Subject parsed = parse_subject(subject, world.current_directory);
  const auto* requirement = std::get_if<python::Requirement>(&parsed);
  if (requirement == nullptr) {
    throw Error(ErrorKind::usage, text("{} is a wheel: it is built already", subject),
                {text("wheelfit install {}", subject)});
  }
  return source_of_index(*requirement, environment, knowledge, settings, world, http, report);
}

BuildOrder build_order(const BuildSource& source, const probe::Environment& environment,
                       const BuildSettings& settings, system::World& world) {
  const catalog::BuildRecipe& recipe = *source.recipe.build;
  const python::Version& version = source.sdist.version;
  check_parts(recipe, version, settings.without);
  BuildOrder order{
      environment, source,
      recipe,      compiled_capabilities(recipe, version, wanted_capabilities(environment, settings)),
      {},          build::look_at_tools(environment, world.variables, world.processes),
      {}};
  order.obstacles = build::obstacles({environment, recipe, version, order.capabilities}, order.tools);
  if (environment.torch.version && environment.torch.cuda)
    order.label = build::local_label(*environment.torch.version, *environment.torch.cuda, order.capabilities,
                                     settings.without);
  return order;
}

build::BuildKey key_of(const BuildOrder& order, const std::string& sha256, const BuildSettings& settings) {
  const probe::Environment& environment = order.environment;
  build::BuildKey key;
  key.package = order.source.recipe.name;
  key.version = order.source.sdist.version;
  key.source_sha256 = sha256;
  key.python = environment.interpreter.abi_tag.value.value_or("") + " " +
               environment.interpreter.platform.value.value_or("");
  key.torch = environment.torch.version->to_string();
  key.cxx11_abi = environment.torch.cxx11_abi.value.value_or(true);
  key.nvcc = order.tools.nvcc->to_string();
  key.capabilities = order.capabilities;
  key.without = settings.without;
  std::ranges::sort(key.without);
  return key;
}

}  // namespace wheelfit::commands
