// SPDX-License-Identifier: Apache-2.0
#include "resolve/upstream_guess.hpp"

#include <algorithm>
#include <map>

#include "resolve/checks.hpp"

namespace wheelfit::resolve {

namespace {

// "{name}" → value; an unknown name stays as it is.
std::string fill(std::string pattern, const std::map<std::string, std::string>& values) {
  for (const auto& [name, value] : values) {
    const std::string place = "{" + name + "}";
    for (std::size_t at = 0; (at = pattern.find(place, at)) != std::string::npos; at += value.size()) {
      pattern.replace(at, place.size(), value);
    }
  }
  return pattern;
}

// What pip would take: the newest source distribution that the wish admits.
const python::Version* newest(const std::vector<python::Version>& sdists, const python::SpecifierSet& wish) {
  const python::Version* best = nullptr;
  for (const python::Version& version : sdists) {
    if (wish.admits_by_default(version) && !version.is_prerelease() && (best == nullptr || version > *best)) {
      best = &version;
    }
  }
  return best;
}

const catalog::GuessRow* rule_for(const catalog::Recipe& recipe, const python::Version& version,
                                  const probe::Torch& torch) {
  for (const catalog::GuessRow& row : recipe.guesses) {
    if (!row.version.admits(version) || !row.torch.admits(torch.version->public_version())) continue;
    if (row.cuda_major && static_cast<std::uint64_t>(*row.cuda_major) != torch.cuda->major()) continue;
    return &row;
  }
  return nullptr;
}

// Whether the list of what exists reaches that far: it has the version itself, or a later one.
bool knows_release(const python::Version& version, const std::vector<Judgement>& judgements) {
  return std::any_of(judgements.begin(), judgements.end(), [&version](const Judgement& judgement) {
    return judgement.candidate->trust == catalog::Trust::official &&
           judgement.candidate->fields.version >= version;
  });
}

}  // namespace

std::optional<UpstreamGuess> upstream_guess(const probe::Environment& environment,
                                            const catalog::Recipe& recipe,
                                            const catalog::Knowledge& knowledge,
                                            const python::SpecifierSet& wish,
                                            const std::vector<python::Version>& sdists,
                                            const std::vector<Judgement>& judgements) {
  const probe::Torch& torch = environment.torch;
  const auto& python = environment.interpreter.version;
  const auto& platform = environment.interpreter.platform;
  if (recipe.guess_url.empty() || !torch.version || !torch.cuda || !python || !platform) return std::nullopt;
  std::optional<bool> abi = torch.cxx11_abi.value;
  if (!abi) {
    const auto published = published_abi(environment, knowledge);
    if (published) abi = published->value;
  }
  const python::Version* version = newest(sdists, wish);
  const catalog::GuessRow* rule = version != nullptr && abi ? rule_for(recipe, *version, torch) : nullptr;
  if (rule == nullptr) return std::nullopt;

  const std::string cuda_tag = fill(rule->cuda_tag, {{"major", std::to_string(torch.cuda->major())},
                                                     {"minor", std::to_string(torch.cuda->minor())}});
  UpstreamGuess guess;
  guess.url =
      fill(recipe.guess_url,
           {{"version", version->to_string()},
            {"cuda", cuda_tag},
            {"torch", std::to_string(torch.version->major()) + "." + std::to_string(torch.version->minor())},
            {"abi", *abi ? "TRUE" : "FALSE"},
            {"python", "cp" + std::to_string(python->major()) + std::to_string(python->minor())},
            {"platform", rule->platform.empty() ? *platform : rule->platform}});
  const std::string file_name = guess.url.substr(guess.url.rfind('/') + 1);
  const auto found =
      std::find_if(judgements.begin(), judgements.end(), [&file_name](const Judgement& judgement) {
        return judgement.candidate->name == file_name &&
               judgement.candidate->trust == catalog::Trust::official;
      });
  if (found != judgements.end())
    guess.exists = true;
  else if (knows_release(*version, judgements))
    guess.exists = false;
  if (!guess.exists) {
    guess.remark = text("{} is newer than the list of releases", version->to_string());
  } else if (!*guess.exists) {
    guess.remark = text("pip would compile for hours");
  } else if (found->verdict != Verdict::fits && !found->reasons.empty()) {
    guess.remark = found->reasons.front().text;
  }
  return guess;
}

}  // namespace wheelfit::resolve
