// SPDX-License-Identifier: Apache-2.0
// From a decision to a wheel that may go into pip's cache or into a directory of wheels.
#include <chrono>

#include <nlohmann/json.hpp>

#include "base/activity.hpp"
#include "base/error.hpp"
#include "commands/environment_step.hpp"
#include "commands/examine.hpp"
#include "commands/place.hpp"
#include "commands/room_step.hpp"
#include "commands/seed.hpp"
#include "install/install.hpp"
#include "system/files.hpp"
#include "system/sha256.hpp"

namespace wheelfit::commands {

namespace {

// The last word before anything is written: the whole binary, against this very environment.
proof::WheelProof prove(const std::filesystem::path& wheel, const std::string& file_name,
                        const Decided& decided, const probe::Environment& environment,
                        const system::World& world, Reporter& report) {
  proof::WheelProof proof =
      Examiner(environment, world, nullptr).wheel(wheel, {decided.recipe.needs_torch}).proof;
  if (proof.verdict == proof::Verdict::refused) {
    const Reason& reason = proof.reasons.front();
    throw ProofRefusal(
        Error(ErrorKind::refused, text("{} does not fit here: {}", file_name, reason.text.english()),
              {text("wheelfit check {}", file_name)})
            .with_code(std::string(to_string(reason.code))),
        proof);
  }
  if (proof.verdict == proof::Verdict::unproven && !environment.described_only())
    for (const Reason& reason : proof.reasons) report.note(reason.text);
  return proof;
}

// Where wheels are rewritten. What a killed run left a day ago goes.
std::filesystem::path workplaces(const std::filesystem::path& store) {
  const std::filesystem::path directory = store / "seeds" / "work";
  const auto yesterday = std::filesystem::file_time_type::clock::now() - std::chrono::hours(24);
  std::error_code failed;
  for (const auto& entry : std::filesystem::directory_iterator(directory, failed)) {
    const auto changed = entry.last_write_time(failed);
    if (!failed && changed < yesterday) system::remove_quietly(entry.path());
  }
  return directory;
}

}  // namespace

python::Version seeded_version(const Decided& decided) {
  for (const resolve::Judgement& judgement : decided.decision.judgements)
    if (judgement.verdict != resolve::Verdict::refused)
      return judgement.candidate->fields.file.version.public_version();
  throw Error(ErrorKind::internal, text("nothing was chosen"));
}

Fact<std::filesystem::path> pip_cache(const SeedRequest& request, const probe::Environment& environment,
                                      const system::World& world) {
  if (request.pip_cache_directory)
    return {(world.current_directory / *request.pip_cache_directory).lexically_normal(), "--pip-cache-dir"};
  return environment.installer.cache_directory;
}

void require_room_for_seed(const SeedRequest& request, const Decided& decided,
                           const probe::Environment& environment, const fetch::Store& store,
                           const system::World& world) {
  std::vector<system::Need> needs = needs_of(decided, Fate::examined, environment, store, world);
  const std::uint64_t size = decided.decision.judgements.front().candidate->size.value_or(0);
  const Fact<std::filesystem::path> cache = pip_cache(request, environment, world);
  if (request.find_links)
    needs.push_back({"find-links", world.current_directory / *request.find_links, size});
  else if (request.for_uv)
    needs.push_back({"find-links", store.directory, size});
  else if (cache)
    needs.push_back({"pip-cache", *cache, size, text("or name another place: --pip-cache-dir DIR")});
  system::require_room(std::move(needs));
}

PreparedWheel prepare_wheel(const Obtained& obtained, const Decided& decided, const python::Version& version,
                            const probe::Environment& environment, const fetch::Store& store,
                            const system::World& world, Reporter& report) {
  PreparedWheel prepared;
  prepared.obtained = obtained;
  const std::filesystem::path& file = prepared.obtained.file.path;
  const std::string& name = prepared.obtained.artifact.file_name;
  if (obtained.judgement.candidate->stand_in) {
    throw Error(ErrorKind::refused,
                text("{} is a fallback: seeded, it would pass for the package itself", name),
                {text("wheelfit install {}", name)});
  }
  return with_context(text("preparing {}", name), [&] {
    const Activity checking(report, text("Checking {}", name));
    for (const Text& warning : install::inspect_wheel(file, name).warnings) report.warning(warning);
    install::check_hashes(file, name);
    const proof::WheelProof proof = prove(file, name, decided, environment, world, report);
    prepared.proven = proof.verdict == proof::Verdict::fits;
    prepared.has_code = proof.extent != proof::Extent::whole || !proof.modules.empty();
    prepared.relabelled = pipcache::relabelling(file, name, version);
    prepared.file = file;
    prepared.sha256 = prepared.obtained.file.sha256;
    prepared.size = prepared.obtained.file.size;
    const auto inside =
        std::mismatch(store.directory.begin(), store.directory.end(), file.begin(), file.end());
    prepared.in_store = inside.first == store.directory.end();
    if (prepared.relabelled.rewritten) {
      prepared.workplace.emplace(workplaces(store.directory));
      prepared.file = prepared.workplace->path() / prepared.relabelled.file_name;
      pipcache::relabel(file, name, version, prepared.file);
      install::inspect_wheel(prepared.file, prepared.relabelled.file_name);  // what came out is a wheel, too
      prepared.sha256 = system::to_hex(system::sha256_of_file(prepared.file));
      prepared.size = std::filesystem::file_size(prepared.file);
      prepared.in_store = true;
    }
    return std::move(prepared);
  });
}

}  // namespace wheelfit::commands
