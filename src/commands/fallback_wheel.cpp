// SPDX-License-Identifier: Apache-2.0
#include "commands/fallback_wheel.hpp"

#include <algorithm>

#include "base/version.hpp"
#include "commands/made_wheels.hpp"
#include "python/record.hpp"
#include "system/files.hpp"
#include "system/sha256.hpp"

namespace wheelfit::commands {

namespace {

std::string escaped(std::string name) {
  std::ranges::replace(name, '-', '_');
  return name;
}

std::string metadata(const catalog::Recipe& recipe, const python::Version& release) {
  const catalog::Fallback& fallback = *recipe.fallback;
  std::string text = "Metadata-Version: 2.1\nName: " + recipe.name +
                     "\nVersion: " + fallback.version_text(release) + "\nSummary: " + fallback.summary +
                     "\nLicense: Apache-2.0\n";
  if (!fallback.python.empty()) text += "Requires-Python: " + fallback.python.to_string() + "\n";
  return text + "Requires-Dist: torch" + fallback.torch.to_string() + "\n";
}

std::string wheel_file() {
  return std::string("Wheel-Version: 1.0\nGenerator: wheelfit ") + program_version +
         "\nRoot-Is-Purelib: true\nTag: py3-none-any\n";
}

// The package decides by it what its functions are like.
std::string version_file(const python::Version& release) {
  return "# SPDX-License-Identifier: Apache-2.0\n"
         "# The release that this stands for: wheelfit writes this file for the one that was asked for.\n"
         "VERSION = \"" +
         release.to_string() + "\"\n";
}

std::string record_of(const std::vector<system::StoredMember>& members, const std::string& own_name) {
  python::Record record;
  for (const system::StoredMember& member : members)
    record.push_back({member.name, "sha256", system::to_urlsafe_base64(system::sha256_of(member.content)),
                      member.content.size()});
  record.push_back({own_name, "", "", std::nullopt});
  return python::write_record(std::move(record));
}

}  // namespace

bool makes_fallback(const Decided& decided) {
  const auto& chosen = decided.decision.chosen;
  return chosen && chosen->kind == resolve::Rung::fallback && chosen->judgement.candidate->built_in;
}

std::vector<system::StoredMember> fallback_members(const catalog::Recipe& recipe,
                                                   const python::Version& release,
                                                   const catalog::Knowledge& knowledge) {
  const catalog::Fallback& fallback = *recipe.fallback;
  std::vector<system::StoredMember> members;
  for (const std::string& path : knowledge.files_below(fallback.folder))
    members.push_back(
        {fallback.module + path.substr(fallback.folder.size()),
         path == fallback.folder + "/" + fallback.version_file ? version_file(release) : knowledge.file(path),
         {}});
  const std::string dist_info = escaped(recipe.name) + "-" + fallback.version_text(release) + ".dist-info/";
  members.push_back({dist_info + "METADATA", metadata(recipe, release), {}});
  members.push_back({dist_info + "WHEEL", wheel_file(), {}});
  members.push_back({dist_info + "top_level.txt", fallback.module + "\n", {}});
  std::string record = record_of(members, dist_info + "RECORD");
  members.push_back({dist_info + "RECORD", std::move(record), {}});
  return members;
}

Obtained make_fallback_wheel(const Decided& decided, const catalog::Knowledge& knowledge,
                             const fetch::Store& store, Reporter& report) {
  const resolve::Judgement& judgement = decided.decision.chosen->judgement;
  const std::string& name = judgement.candidate->name;
  const python::Version release = judgement.candidate->fields.version.public_version();
  const std::string key = "fallback-" + decided.recipe.name + "-" + release.to_string();
  const std::filesystem::path folder = made_folder(store.directory, key);
  const system::FileLock lock = lock_made(store.directory, key, [&] {
    report.note(text("Another wheelfit is making a wheel of {}; waiting for it", decided.recipe.name));
  });
  system::make_directories(folder);
  const std::filesystem::path wheel = folder / name;
  system::write_zip(wheel, fallback_members(decided.recipe, release, knowledge));
  Obtained obtained;
  obtained.judgement = judgement;
  obtained.file.path = wheel;
  obtained.file.sha256 = system::to_hex(system::sha256_of_file(wheel));
  obtained.file.size = std::filesystem::file_size(wheel);
  obtained.artifact.file_name = name;
  obtained.artifact.sha256 = obtained.file.sha256;
  obtained.artifact.size = obtained.file.size;
  return obtained;
}

}  // namespace wheelfit::commands
