// SPDX-License-Identifier: Apache-2.0
#include "resolve/ladder.hpp"

#include "resolve/build_rung.hpp"
#include "resolve/fallback.hpp"

namespace wheelfit::resolve {

namespace {

Chosen already_there(const catalog::Recipe& recipe, const InstalledState& installed) {
  Chosen chosen;
  chosen.kind = Rung::installed;
  catalog::Candidate there;
  there.name = recipe.name + " " + installed.version;
  const auto version = python::Version::parse(installed.version);
  if (version) there.fields.version = version->public_version();
  chosen.judgement.candidate = std::move(there);
  chosen.judgement.verdict = Verdict::fits;
  chosen.proof = Proof::none;
  chosen.stand_in = recipe.is_fallback(installed.version);
  return chosen;
}

Text why_no_wheel(const std::vector<Judgement>& ranked, const std::vector<Reason>& environment_reasons) {
  if (!environment_reasons.empty()) return environment_reasons.front().text;
  if (ranked.empty()) return text("no source is known to hold a wheel of it");
  return text("none of the {} known wheels fits", ranked.size());
}

// The rung that this package's own wheels stand on.
Rung own_rung(const catalog::Recipe& recipe) {
  return recipe.relative_of.empty() ? Rung::wheel : Rung::relative;
}

LadderStep other_wheel_step(const catalog::Recipe& recipe, const catalog::Knowledge& knowledge) {
  if (own_rung(recipe) == Rung::relative) {
    return {Rung::wheel, false, text("{} was asked for, not {}", recipe.name, recipe.relative_of),
            Standing::idle};
  }
  for (const catalog::Recipe& other : knowledge.recipes) {
    if (other.relative_of == recipe.name) {
      return {Rung::relative, false, text("{} has another import name; ask for it by name", other.name),
              Standing::considered};
    }
  }
  return {Rung::relative, false, text("it has no near relative"), Standing::idle};
}

bool excluded(const Wishes& wishes, Rung rung) { return wishes.only && *wishes.only != rung; }

LadderStep excluded_step(const Wishes& wishes, Rung rung) {
  return {rung, false, text("--only {} rules it out", to_string(*wishes.only)), Standing::idle};
}

// What is there and proven stays, unless it is a fallback: that one gives way to any wheel that fits.
LadderStep installed_step(const Situation& here, Descent& descent) {
  if (!here.installed) return {Rung::installed, false, text("it is not installed here"), Standing::idle};
  const InstalledState& installed = *here.installed;
  const bool stand_in = here.recipe.is_fallback(installed.version);
  if (excluded(here.wishes, stand_in ? Rung::fallback : own_rung(here.recipe)))
    return excluded_step(here.wishes, Rung::installed);
  if (!installed.proven)
    return {Rung::installed, false,
            text("{} is there, but not proven: {}", installed.version, installed.remark.english()),
            Standing::considered};
  if (stand_in && descent.chosen)
    return {Rung::installed, false,
            text("{} is there, a fallback: a wheel takes its place", installed.version),
            Standing::considered};
  descent.chosen = already_there(here.recipe, installed);
  return {Rung::installed, true,
          stand_in ? text("{} is there and proven, a fallback, and no wheel fits", installed.version)
                   : text("{} is there and proven", installed.version),
          Standing::considered};
}

LadderStep wheel_step(const Situation& here, Descent& descent) {
  const Rung own = own_rung(here.recipe);
  LadderStep step{own, false, {}, Standing::considered};
  if (excluded(here.wishes, own)) return excluded_step(here.wishes, own);
  if (descent.chosen) {
    step.reason = text("a higher rung holds");
  } else if (!here.ranked.empty() && here.ranked.front().verdict != Verdict::refused) {
    const Judgement& best = here.ranked.front();
    descent.chosen = Chosen{own, best, best.proof};
    step.taken = true;
    step.reason = best.verdict == Verdict::fits ? text("{} fits", best.candidate->name)
                                                : text("{} may fit", best.candidate->name);
  } else {
    step.reason = why_no_wheel(here.ranked, here.environment_reasons);
  }
  return step;
}

// Why no channel holds one, where none was judged.
LadderStep no_conda_step(const Situation& here) {
  const catalog::SourceDescription* channel = nullptr;
  for (const catalog::SourceDescription& source : here.recipe.sources)
    if (source.kind == catalog::SourceKind::conda_channel) channel = &source;
  if (channel == nullptr)
    return {Rung::conda, false, text("no conda channel is known to hold it"), Standing::idle};
  if (!here.environment_reasons.empty())
    return {Rung::conda, false, here.environment_reasons.front().text, Standing::idle};
  if (!here.catalog.conda_asked)
    return {Rung::conda, false, text("{} was not asked", channel->id), Standing::idle};
  for (const catalog::SourceStatus& source : here.catalog.sources) {
    if (source.id != channel->id || source.remark.empty()) continue;
    return {Rung::conda, false,
            source.live ? text("{} {}", source.id, source.remark.english())
                        : text("{} was not read: {}", source.id, source.remark.english()),
            Standing::considered};
  }
  return {Rung::conda, false, text("{} holds none of it", channel->id), Standing::considered};
}

LadderStep conda_step(const Situation& here, Descent& descent) {
  if (excluded(here.wishes, Rung::conda)) return excluded_step(here.wishes, Rung::conda);
  if (descent.chosen) return {Rung::conda, false, text("a higher rung holds"), Standing::idle};
  if (here.conda.empty()) return no_conda_step(here);
  const Judgement& best = here.conda.front();
  const std::string& name = best.candidate->name;
  if (best.verdict == Verdict::refused)
    return {Rung::conda, false, text("the nearest, {}, {}", name, best.reasons.front().text.english()),
            Standing::considered};
  descent.chosen = Chosen{Rung::conda, best, best.proof};
  return {Rung::conda, true, best.verdict == Verdict::fits ? text("{} fits", name) : text("{} may fit", name),
          Standing::considered};
}

LadderStep build_step(const Situation& here, Descent& descent) {
  if (excluded(here.wishes, Rung::build)) return excluded_step(here.wishes, Rung::build);
  if (descent.chosen) return {Rung::build, false, text("a higher rung holds"), Standing::idle};
  const catalog::SourceDistribution* source =
      source_to_build(here.environment, here.recipe, here.catalog.sdists, here.wishes.version);
  const bool wanted = here.wishes.build || here.wishes.only == Rung::build;
  Text obstacle = obstacle_to_build(here.environment, here.recipe, here.wishes, source);
  if (!obstacle.empty())
    return {Rung::build, false, std::move(obstacle), wanted ? Standing::considered : Standing::idle};
  if (!wanted) {
    descent.permissions.push_back(
        text("--build makes a wheel of {} here: `wheelfit build --dry-run` says what that takes",
             source->version.to_string()));
    return {Rung::build, false, text("it is taken with --build only"), Standing::idle};
  }
  descent.chosen = to_be_built(here.recipe, *source);
  return {Rung::build, true,
          text("no wheel fits, and {} {} can be built", here.recipe.name, source->version.to_string()),
          Standing::considered};
}

LadderStep fallback_step(const Situation& here, Descent& descent) {
  if (excluded(here.wishes, Rung::fallback)) return excluded_step(here.wishes, Rung::fallback);
  if (descent.chosen) return {Rung::fallback, false, text("a higher rung holds"), Standing::idle};
  Text obstacle = obstacle_to_fallback(here.environment, here.recipe, here.wishes);
  if (!obstacle.empty()) {
    const bool wanted = fallback_permitted(here.recipe, here.wishes) || !here.wishes.fallback.empty();
    return {Rung::fallback, false, std::move(obstacle), wanted ? Standing::considered : Standing::idle};
  }
  const std::string& kind = here.recipe.fallback->kind;
  if (!fallback_permitted(here.recipe, here.wishes)) {
    descent.permissions.push_back(
        text("--fallback {} takes a {} on torch's own attention instead", kind, here.recipe.name));
    return {Rung::fallback, false, text("it is taken with --fallback {} only", kind), Standing::idle};
  }
  descent.chosen = stand_in(here.recipe, here.wishes);
  return {Rung::fallback, true,
          here.wishes.only ? text("--only {} asks for it", to_string(Rung::fallback))
                           : text("no wheel fits, and --fallback {} permits it", kind),
          Standing::considered};
}

}  // namespace

std::string_view to_string(Rung rung) noexcept {
  switch (rung) {
    case Rung::installed:
      return "installed";
    case Rung::wheel:
      return "wheel";
    case Rung::relative:
      return "relative";
    case Rung::conda:
      return "conda";
    case Rung::build:
      return "build";
    case Rung::fallback:
      return "fallback";
  }
  return "wheel";
}

std::string_view to_string(Proof proof) noexcept {
  switch (proof) {
    case Proof::symbols:
      return "symbols";
    case Proof::name:
      return "name";
    case Proof::none:
      return "none";
  }
  return "none";
}

Descent descend(const Situation& here) {
  Descent descent;
  const bool stand_in = here.installed && here.recipe.is_fallback(here.installed->version);
  std::optional<LadderStep> installed;
  if (!stand_in) installed = installed_step(here, descent);
  LadderStep own = wheel_step(here, descent);
  LadderStep conda = conda_step(here, descent);
  if (stand_in) installed = installed_step(here, descent);
  descent.steps.push_back(std::move(*installed));

  LadderStep other = other_wheel_step(here.recipe, here.knowledge);
  const bool own_first = own.rung == Rung::wheel;
  descent.steps.push_back(own_first ? std::move(own) : std::move(other));
  descent.steps.push_back(own_first ? std::move(other) : std::move(own));
  descent.steps.push_back(std::move(conda));
  descent.steps.push_back(build_step(here, descent));
  descent.steps.push_back(fallback_step(here, descent));
  return descent;
}

}  // namespace wheelfit::resolve
