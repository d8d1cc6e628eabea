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

enum class ExportFormat { requirements, constraints, uv, pylock, conda, dockerfile };

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
  std::vector<std::string> imports = {};  // what must import once it is installed
  std::string module = {};                // where its functions are
  std::string start_proof = {};           // a Python program that proves `module` on a GPU; empty: none
};

// What the wheels require, but for torch.
struct PinnedDependency {
  std::string distribution;
  std::string version;
  std::string file_name;  // as the rest: empty where the index has no wheel of it
  std::string url;
  std::string sha256;
  std::uint64_t size = 0;
};

struct ExportView {
  const probe::Environment& environment;
  std::vector<PinnedWheel> wheels;
  std::vector<PinnedDependency> dependencies = {};
};

// requirements, constraints: PEP 508 lines with "#sha256=" behind the address, which pip and uv check; what
// the
//   wheels require is pinned, with its hash as a comment: one "--hash=" would demand a hash of everything
//   else in the file. The torch that the wheels are made for is held, as every build of it that the index may
//   have.
// uv: [tool.uv.sources] of a pyproject.toml. pylock: PEP 751; torch is not in it, as it is never moved.
// conda: an environment.yml. dockerfile: dockerfile.hpp.
std::string export_text(ExportFormat format, const ExportView& view);
nlohmann::ordered_json export_json(ExportFormat format, const ExportView& view);

}  // namespace wheelfit::render
