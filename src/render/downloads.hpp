// SPDX-License-Identifier: Apache-2.0
// What a machine without network needs, as commands for one that has it: a script whose lines can be pasted,
// everything else in it a comment. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "probe/environment.hpp"
#include "render/style.hpp"

namespace wheelfit::render {

struct Download {
  std::string name;          // of the file
  std::string distribution;  // as in the file's name
  std::string version;
  std::string url;     // "" where only an index knows it; credentials are left out here
  std::string source;  // "official" "index" "community" "file" "url"
  std::optional<std::uint64_t> size;
  std::optional<std::string> sha256;
  std::vector<std::string> required_by;  // of a dependency
};

struct LackingDownload {
  std::string requirement;
  std::string required_by;
  Text reason;
};

struct Downloads {
  const probe::Environment& environment;
  std::vector<Download> wheels;
  std::vector<Download> dependencies;
  std::vector<LackingDownload> lacking;
  std::vector<Text> remarks;
};

std::string downloads_text(const Downloads& downloads, const Style& style);
nlohmann::ordered_json downloads_json(const Downloads& downloads);

}  // namespace wheelfit::render
