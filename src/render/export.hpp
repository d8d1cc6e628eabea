// SPDX-License-Identifier: Apache-2.0
// What was chosen, in the words of the tools that install from files: the text is the file, or the part of it
// that is to be pasted. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "probe/environment.hpp"

namespace wheelfit::render {

enum class ExportFormat { requirements, constraints, uv, pylock, conda };

// "requirements", ...; nullopt for what is none.
std::optional<ExportFormat> export_format(std::string_view word) noexcept;
std::string_view to_string(ExportFormat format) noexcept;

struct PinnedWheel {
  std::string distribution;  // normalized
  std::string version;       // as the file's name says, with its label: uv holds one against the other
  std::string file_name;
  std::string url;     // credentials are left out here
  std::string sha256;  // never empty
  std::uint64_t size = 0;
};

struct ExportView {
  const probe::Environment& environment;
  std::vector<PinnedWheel> wheels;
};

// requirements: PEP 508 lines with "#sha256=" behind the address, which pip and uv check; no "--hash=", which
//   would demand a hash of everything else in the file.
// constraints: the same, and the torch that the wheels are made for.
// uv: [tool.uv.sources] of a pyproject.toml. pylock: PEP 751. conda: an environment.yml.
std::string export_text(ExportFormat format, const ExportView& view);
nlohmann::ordered_json export_json(ExportFormat format, const ExportView& view);

}  // namespace wheelfit::render
