// SPDX-License-Identifier: Apache-2.0
#include "commands/room_step.hpp"

#include "catalog/link.hpp"
#include "commands/addresses.hpp"
#include "system/temp_directory.hpp"

namespace wheelfit::commands {

namespace {

std::uint64_t size_of(const catalog::Candidate& candidate) {
  if (candidate.size) return *candidate.size;
  const auto path = catalog::path_of_file_address(candidate.url);
  std::error_code unknown;
  const std::uint64_t size = path ? std::filesystem::file_size(*path, unknown) : 0;
  return unknown ? 0 : size;
}

std::uint64_t unpacked_size(const Decided& decided, const catalog::Candidate& candidate) {
  const auto evidence = decided.evidence.find(resolve::evidence_key(candidate));
  if (evidence == decided.evidence.end()) return size_of(candidate);
  return evidence->second.unpacked_bytes.value_or(size_of(candidate));
}

const catalog::Candidate* wheel_of(const Decided& decided, Fate fate) {
  const auto& chosen = decided.decision.chosen;
  if (!chosen) return nullptr;
  const bool a_wheel = chosen->kind == resolve::Rung::wheel || chosen->kind == resolve::Rung::relative ||
                       chosen->kind == resolve::Rung::conda;
  if (a_wheel) return &*chosen->judgement.candidate;
  // What is installed is no answer where a file is wanted.
  const auto& judgements = decided.decision.judgements;
  const bool fits = !judgements.empty() && judgements.front().verdict != resolve::Verdict::refused;
  return fate != Fate::unpacked && fits ? &*judgements.front().candidate : nullptr;
}

}  // namespace

std::vector<system::Need> needs_of(const Decided& decided, Fate fate, const probe::Environment& environment,
                                   const fetch::Store& store, const system::World& world) {
  const catalog::Candidate* wheel = wheel_of(decided, fate);
  if (wheel == nullptr) return {};
  std::vector<system::Need> needs;
  if (!catalog::path_of_file_address(wheel->url))
    needs.push_back(fetch::room_for(store, fetch::still_to_fetch(store, artifact_of(*wheel)).value_or(0)));
  const std::uint64_t unpacked = unpacked_size(decided, *wheel);
  // Unpacked, and packed again as a wheel that is not compressed, before anything is installed.
  if (wheel->conda) needs.push_back(fetch::room_for(store, 2 * unpacked));
  const auto& scheme = environment.interpreter.scheme;
  if (fate == Fate::unpacked && scheme && !environment.described_only())
    needs.push_back({"site-packages", scheme->platlib, unpacked});
  if (fate == Fate::examined)
    needs.push_back(system::room_for_temporary(system::temporary_files(world.variables), unpacked));
  return needs;
}

void require_room_for(const std::vector<Decided>& decisions, Fate fate, const probe::Environment& environment,
                      const fetch::Store& store, const system::World& world,
                      std::vector<system::Need> beside) {
  for (const Decided& decided : decisions)
    for (system::Need& need : needs_of(decided, fate, environment, store, world))
      beside.push_back(std::move(need));
  system::require_room(std::move(beside));
}

}  // namespace wheelfit::commands
