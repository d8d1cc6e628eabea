// SPDX-License-Identifier: Apache-2.0
// What seed did or found in pip's wheel cache, each as one screen of text and as its document. Pure.
// docs/output.md has the names.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "pipcache/seed.hpp"
#include "probe/environment.hpp"
#include "render/style.hpp"
#include "resolve/judgement.hpp"

namespace wheelfit::render {

// Why pip uses what is seeded, or does not.
struct SeedReason {
  std::string code;  // "no-cache", "newer-version", ...
  Text text;
};

// A directory of pip's cache and the link that leads pip there.
struct SeedPlace {
  std::filesystem::path directory;
  std::string link;                   // without credentials
  std::vector<std::string> replaced;  // wheels that made room
};

enum class SeedOutcome { seeded, dry_run, not_used };

// References must outlive the call only.
struct SeedView {
  const probe::Environment& environment;
  SeedOutcome outcome = SeedOutcome::seeded;
  std::string distribution = {};
  std::string version = {};
  std::vector<SeedPlace> places = {};
  bool will_be_used = true;
  std::vector<SeedReason> reasons = {};
  std::vector<SeedReason> notes = {};  // worth knowing; JSON shows them as further reasons
  std::string wheel = {};              // its name in the cache; "" where it is not known
  std::string made_from = {};
  std::string source = {};
  bool rewritten = false;
  bool proven = false;                     // by its symbols
  bool has_code = true;                    // compiled code: else there is nothing to prove
  std::vector<std::string> commands = {};  // that use it, the best first
  std::vector<Text> cures = {};            // where pip would not use it
};
std::string seed_text(const SeedView& view, const Style& style);
nlohmann::ordered_json seed_json(const SeedView& view);

// `seed --link`: the directories alone, one a line.
std::string seed_link_text(const SeedView& view, const Style& style);

struct SeedEntry {
  const pipcache::Seed& seed;
  pipcache::SeedState state;
};
std::string seed_list_text(const std::vector<SeedEntry>& entries, const Style& style);
nlohmann::ordered_json seed_list_json(const std::vector<SeedEntry>& entries);

std::string seed_undo_text(const std::vector<pipcache::Undone>& undone, bool dry_run, const Style& style);
nlohmann::ordered_json seed_undo_json(const std::vector<pipcache::Undone>& undone, bool dry_run);

// A cached wheel that this environment's pip had better not take.
struct AuditRow {
  std::filesystem::path file;
  std::uint64_t size = 0;
  std::vector<Reason> reasons;
  resolve::Proof proof = resolve::Proof::name;
  bool evicted = false;
};
struct AuditView {
  const probe::Environment& environment;
  std::filesystem::path cache;
  std::size_t wheels = 0;  // looked at
  std::vector<AuditRow> rows;
};
std::string seed_audit_text(const AuditView& view, const Style& style);
nlohmann::ordered_json seed_audit_json(const AuditView& view);

// A directory for --find-links, the way that pip and uv support.
struct FindLinksView {
  std::filesystem::path directory;
  std::string wheel;  // its name there
  std::string distribution;
  std::string version;
  std::string made_from;
  std::string source;
  bool rewritten = false;
  bool dry_run = false;
  bool for_uv = false;  // uv's reason is said
};
std::string find_links_text(const FindLinksView& view, const Style& style);
nlohmann::ordered_json find_links_json(const FindLinksView& view);

// Why uv cannot be seeded.
Text why_not_uv();

}  // namespace wheelfit::render
