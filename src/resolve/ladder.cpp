// SPDX-License-Identifier: Apache-2.0
#include "resolve/ladder.hpp"

namespace wheelfit::resolve {

namespace {

LadderStep installed_step(const std::optional<InstalledState>& installed) {
  if (!installed) return {Rung::installed, false, text("it is not installed here"), Standing::idle};
  if (installed->proven)
    return {Rung::installed, true, text("{} is there and proven", installed->version), Standing::considered};
  return {Rung::installed, false,
          text("{} is there, but not proven: {}", installed->version, installed->remark.english()),
          Standing::considered};
}

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

Descent descend(const catalog::Recipe& recipe, const catalog::Knowledge& knowledge,
                const std::vector<Judgement>& ranked, const std::optional<InstalledState>& installed,
                const std::vector<Reason>& environment_reasons) {
  Descent descent;
  const Rung own = own_rung(recipe);
  descent.steps.push_back(installed_step(installed));
  if (descent.steps.back().taken) descent.chosen = already_there(recipe, *installed);

  LadderStep wheel{own, false, {}, Standing::considered};
  if (descent.chosen) {
    wheel.reason = text("a higher rung holds");
  } else if (!ranked.empty() && ranked.front().verdict != Verdict::refused) {
    descent.chosen = Chosen{own, ranked.front(), ranked.front().proof};
    wheel.taken = true;
    wheel.reason = ranked.front().verdict == Verdict::fits
                       ? text("{} fits", ranked.front().candidate->name)
                       : text("{} may fit", ranked.front().candidate->name);
  } else {
    wheel.reason = why_no_wheel(ranked, environment_reasons);
  }
  LadderStep other = other_wheel_step(recipe, knowledge);
  if (own == Rung::wheel) {
    descent.steps.push_back(std::move(wheel));
    descent.steps.push_back(std::move(other));
  } else {
    descent.steps.push_back(std::move(other));
    descent.steps.push_back(std::move(wheel));
  }
  descent.steps.push_back({Rung::conda, false,
                           text("conda packages are not offered by this version of wheelfit"),
                           Standing::not_offered});
  descent.steps.push_back({Rung::build, false, text("building is not offered by this version of wheelfit"),
                           Standing::not_offered});
  descent.steps.push_back({Rung::fallback, false,
                           text("the fallback is not offered by this version of wheelfit"),
                           Standing::not_offered});
  return descent;
}

}  // namespace wheelfit::resolve
