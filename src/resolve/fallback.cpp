// SPDX-License-Identifier: Apache-2.0
#include "resolve/fallback.hpp"

#include <algorithm>

#include "resolve/checks.hpp"

namespace wheelfit::resolve {

namespace {

Text obstacle_in(const probe::Environment& environment, const catalog::Fallback& fallback) {
  const probe::Torch& torch = environment.torch;
  if (torch.installed && !*torch.installed) return text("it runs on torch, and none is installed here");
  if (torch.version && !fallback.torch.admits(*torch.version))
    return text("it needs torch {}, here is {}", fallback.torch.to_string(), torch.version->to_string());
  const auto& python = environment.interpreter.version;
  if (python && !fallback.python.admits(*python))
    return text("it needs Python {}, this is {}", fallback.python.to_string(), python->to_string());
  return {};
}

}  // namespace

Text obstacle_to_fallback(const probe::Environment& environment, const catalog::Recipe& recipe,
                          const Wishes& wishes) {
  if (!recipe.fallback) return text("there is none for {}", recipe.name);
  const catalog::Fallback& fallback = *recipe.fallback;
  if (Text obstacle = obstacle_in(environment, fallback); !obstacle.empty()) return obstacle;
  if (fallback.release_for(wishes.version) == nullptr) {
    return text("it stands for the known releases from {} to {}, and {} admits none of them",
                fallback.releases.front().to_string(), fallback.releases.back().to_string(),
                wishes.version.to_string());
  }
  return {};
}

void check_stand_in(const Question& question, Findings& findings) {
  const Text obstacle = obstacle_in(question.environment, *question.recipe->fallback);
  if (!obstacle.empty())
    findings.refuse(ReasonCode::torch_minor, text("is a fallback: {}", obstacle.english()));
  findings.remark(ReasonCode::version, text("is a fallback: the functions of {} on torch's own attention",
                                            question.candidate.fields.version.public_version().to_string()));
}

bool fallback_permitted(const catalog::Recipe& recipe, const Wishes& wishes) {
  return recipe.fallback && (wishes.only == Rung::fallback || wishes.fallback == recipe.fallback->kind);
}

Chosen stand_in(const catalog::Recipe& recipe, const Wishes& wishes) {
  const catalog::Fallback& fallback = *recipe.fallback;
  const std::string labelled = fallback.version_text(*fallback.release_for(wishes.version));
  std::string name = recipe.name;
  std::ranges::replace(name, '-', '_');
  name += "-" + labelled + "-py3-none-any.whl";
  catalog::Candidate made;
  made.name = name;
  made.source_id = "wheelfit";
  made.source = "built-in";
  made.trust = catalog::Trust::official;
  made.built_in = true;
  made.stand_in = true;
  if (auto fields = catalog::parse_wheel_fields(name)) made.fields = std::move(*fields);
  if (const auto version = python::Version::parse(labelled)) made.fields.version = *version;
  Chosen chosen;
  chosen.kind = Rung::fallback;
  chosen.proof = Proof::none;
  chosen.stand_in = true;
  chosen.judgement.verdict = Verdict::fits;
  chosen.judgement.proof = Proof::none;
  chosen.judgement.candidate = std::move(made);
  return chosen;
}

}  // namespace wheelfit::resolve
