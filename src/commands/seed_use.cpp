// SPDX-License-Identifier: Apache-2.0
#include "commands/seed_use.hpp"

#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "system/url.hpp"

namespace wheelfit::commands {

namespace {

Text why_no_cache(const Fact<std::filesystem::path>& cache) {
  if (!cache.source.empty()) return cache.source;
  return text("where pip keeps its cache is not known");
}

}  // namespace

void require_cache(const Fact<std::filesystem::path>& cache) {
  if (cache) return;
  throw Error(ErrorKind::refused, why_no_cache(cache), {text("name it with --pip-cache-dir")})
      .with_code("no-cache");
}

SeedUse use_of(const std::string& package, pipcache::RequestForm form,
               const Fact<std::filesystem::path>& cache, const probe::Environment& environment) {
  const probe::InstallerSettings& installer = environment.installer;
  pipcache::PipUse use = pipcache::pip_use(installer, package);
  use.form = form;
  const pipcache::Habits habits = pipcache::habits_of(use);
  SeedUse found;
  found.reads_origin = habits.reads_origin;
  for (const pipcache::HabitReason& reason : habits.reasons)
    found.reasons.push_back({std::string(to_string(reason.code)), reason.text});
  if (!cache) {
    const bool is_taken = !cache.source.empty() && !installer.no_cache_dir;
    if (found.reasons.empty())
      found.reasons.push_back({is_taken ? "owner" : "no-cache", why_no_cache(cache)});
  } else if (const auto owner = pipcache::owner_trouble(*cache)) {
    found.reasons.push_back({std::string(to_string(owner->code)), owner->text});
  }
  return found;
}

std::vector<render::SeedReason> no_pip(const probe::Environment& environment) {
  const probe::InstallerSettings& installer = environment.installer;
  if (installer.pip_version || environment.described_only()) return {};
  if (installer.uv_environment && *installer.uv_environment) return {{"uv", render::why_not_uv()}};
  return {{"no-pip", text("this environment has no pip")}};
}

std::string origin_of(const pipcache::Link& link) {
  if (!link.url.starts_with("http://") && !link.url.starts_with("https://")) return "";
  nlohmann::json archive = nlohmann::json::object();
  if (link.hash) {
    archive["hash"] = link.hash->algorithm + "=" + link.hash->hex;
    archive["hashes"] = {{link.hash->algorithm, link.hash->hex}};
  }
  nlohmann::json origin{{"archive_info", archive}, {"url", system::redacted(link.url)}};
  if (!link.subdirectory.empty()) origin["subdirectory"] = link.subdirectory;
  return origin.dump();
}

}  // namespace wheelfit::commands
