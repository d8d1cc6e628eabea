// SPDX-License-Identifier: Apache-2.0
#include "commands/build_forecast.hpp"

#include <algorithm>
#include <cmath>

#include "build/forecast.hpp"
#include "build/units.hpp"

namespace wheelfit::commands {

void foresee_build(resolve::Decision& decision, const catalog::Recipe& recipe, const BuildSettings& settings,
                   const probe::Environment& environment) {
  if (!decision.chosen || decision.chosen->kind != resolve::Rung::build || !recipe.build) return;
  const python::Version& version = decision.chosen->judgement.candidate->fields.version;
  const auto& gpus = environment.accelerators.gpus;
  const std::size_t architectures = std::max<std::size_t>(
      settings.capabilities.empty() && gpus ? gpus->size() : settings.capabilities.size(), 1);
  const std::vector<build::Load> loads =
      build::loads_known(*recipe.build, version, settings.without, architectures);
  const auto& machine = environment.machine;
  if (loads.empty() || !machine.cores || !machine.memory_bytes) return;
  const build::Course course = build::course_of(
      loads, {static_cast<unsigned>(std::ceil(*machine.cores)), settings.jobs, *machine.memory_bytes,
              machine.memory_available_bytes.value.value_or(*machine.memory_bytes)});
  decision.forecast.build_seconds = static_cast<std::uint64_t>(std::llround(course.seconds));
  decision.forecast.peak_memory_bytes = course.peak_bytes;
}

}  // namespace wheelfit::commands
