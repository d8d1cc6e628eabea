// SPDX-License-Identifier: Apache-2.0
// What takes the space, and what frees it. Pure.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "diagnose/holding.hpp"
#include "render/style.hpp"
#include "system/disk.hpp"

namespace wheelfit::render {

struct SeenFilesystem {
  std::filesystem::path path;  // one of what lies on it
  system::Disk disk;
};

// One command, and what became of it where wheelfit did it.
struct GivenUp {
  diagnose::Holding holding;
  bool done = false;        // nothing of it is left
  std::uint64_t freed = 0;  // measured, not foretold
};

struct DiskView {
  std::vector<diagnose::Holding> holdings;  // the least loss first
  std::vector<SeenFilesystem> filesystems;
  bool as_root = false;
  std::optional<std::uint64_t> wanted;  // --free
  std::vector<GivenUp> steps;
  std::uint64_t reachable = 0;  // if everything were given up, by anyone
  bool did = false;             // --yes

  std::uint64_t freed() const noexcept;     // by the steps that were done
  std::uint64_t foretold() const noexcept;  // by all steps
};

std::string disk_text(const DiskView& view, const Style& style);
nlohmann::ordered_json disk_json(const DiskView& view);

}  // namespace wheelfit::render
