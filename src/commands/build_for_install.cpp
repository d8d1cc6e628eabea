// SPDX-License-Identifier: Apache-2.0
#include "base/error.hpp"
#include "commands/build_wheel.hpp"
#include "system/percent.hpp"

namespace wheelfit::commands {

namespace {

BuildSource chosen_source(const Decided& decided) {
  const catalog::Candidate& chosen = *decided.decision.chosen->judgement.candidate;
  return {decided.recipe,
          {chosen.fields.version, chosen.name, chosen.url, chosen.sha256, chosen.size},
          std::nullopt};
}

}  // namespace

bool takes_build(const Decided& decided) {
  return decided.decision.chosen && decided.decision.chosen->kind == resolve::Rung::build;
}

Obtained build_for(const Decided& decided, const probe::Environment& environment,
                   const catalog::Knowledge& knowledge, const fetch::Store& store, const Settings& settings,
                   system::World& world, system::HttpClient* http, Reporter& report) {
  const BuildSource source = chosen_source(decided);
  const BuildOrder order = build_order(source, environment, settings.build, world);
  if (!order.obstacles.empty()) {
    const build::Obstacle& first = order.obstacles.front();
    throw Error(ErrorKind::refused,
                text("{} {} cannot be built here: {}", source.recipe.name, source.sdist.version.to_string(),
                     first.sentence.english()),
                first.cures)
        .with_code(first.code);
  }
  const BuildResult built = build_wheel(order, knowledge, store, settings, world, http, report);
  Obtained obtained;
  obtained.file = *built.wheel;
  obtained.artifact.file_name = built.file_name;
  obtained.artifact.sha256 = built.wheel->sha256;
  obtained.artifact.size = built.wheel->size;
  obtained.judgement = decided.decision.chosen->judgement;
  catalog::Candidate& made = obtained.judgement.candidate.edit();
  made = catalog::candidate_from_file_name(built.file_name, system::file_address(built.wheel->path), "built",
                                           &decided.recipe);
  made.sha256 = built.wheel->sha256;
  made.size = built.wheel->size;
  return obtained;
}

}  // namespace wheelfit::commands
