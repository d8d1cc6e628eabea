// SPDX-License-Identifier: Apache-2.0
#include "render/plan_command.hpp"

#include <algorithm>

#include "render/candidates.hpp"

namespace wheelfit::render {
namespace {

bool is_plain(char letter) noexcept {
  constexpr std::string_view others = "-_./:=+,@%";
  return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
         (letter >= '0' && letter <= '9') || others.find(letter) != std::string_view::npos;
}

// On the described machine itself its description is not wanted: the facts are there.
bool describes(std::string_view flag) noexcept { return flag == "--target" || flag == "--set"; }

std::string joined_flags(const PlanView& view) {
  std::string flags;
  for (std::size_t at = 0; at < view.flags.size(); ++at) {
    if (view.environment.described_only() && describes(view.flags[at])) {
      ++at;
    } else {
      flags += " " + shell_quoted(view.flags[at]);
    }
  }
  return flags;
}

// Whether installing it needs no network.
bool lies_here(const catalog::Candidate& candidate) {
  return candidate.source == "file" || candidate.url.starts_with("file:");
}

std::string install_command(const PlanView& view, const catalog::Candidate& candidate, catalog::Trust trust) {
  const std::string requirement = view.decision.package + view.wishes.version.to_string();
  std::string command = "wheelfit install " + shell_quoted(requirement) + joined_flags(view);
  if (trust != catalog::Trust::index) command += " --trust " + std::string(to_string(trust));
  if (!view.wishes.fallback.empty()) command += " --fallback " + view.wishes.fallback;
  if (view.wishes.only) command += " --only " + std::string(to_string(*view.wishes.only));
  if (view.wishes.offline && (lies_here(candidate) || candidate.source == "built-in"))
    command += " --offline";
  return command;
}

}  // namespace

std::string shell_quoted(std::string_view argument) {
  if (!argument.empty() && std::all_of(argument.begin(), argument.end(), is_plain))
    return std::string(argument);
  std::string quoted = "'";
  for (const char letter : argument) quoted += letter == '\'' ? std::string("'\\''") : std::string(1, letter);
  return quoted + "'";
}

std::optional<std::string> plan_command(const PlanView& view) {
  const auto& chosen = view.decision.chosen;
  if (chosen) {
    const bool there = chosen->kind == resolve::Rung::installed;
    return there ? "wheelfit verify " + view.decision.package + joined_flags(view)
                 : install_command(view, *chosen->judgement.candidate, view.wishes.trust);
  }
  const resolve::Judgement* const admitted = admitted_by_lower_trust(view.decision);
  if (admitted == nullptr) return std::nullopt;
  return install_command(view, *admitted->candidate, admitted->candidate->trust);
}

}  // namespace wheelfit::render
