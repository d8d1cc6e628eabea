// SPDX-License-Identifier: Apache-2.0
// How a package is built from its source distribution: [build] of data/packages/<name>.toml
// (docs/formats/recipe.md). Rows are tried in order; where one answer is wanted, the first that matches
// counts.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "python/specifier.hpp"
#include "python/version.hpp"

namespace wheelfit::catalog {

// [[build.variable]]: what setup.py is told. {label}: the local version; {architectures}: "80;90"; {threads}.
struct BuildVariable {
  python::SpecifierSet version;
  std::string name;
  std::string value;
  std::string source;
};

// [[build.architectures]]: what setup.py can compile for.
struct OfferedArchitectures {
  python::SpecifierSet version;
  std::vector<python::Version> capabilities;  // 8.0
  // A variable limits them. False: setup.py asks for all of them, and wheelfit takes the others out of the
  // compiler's arguments.
  bool by_variable = false;
  std::string source;
};

// [[build.nvcc]]
struct NvccFloor {
  python::SpecifierSet version;
  python::Version at_least;
  std::string source;
};

// [[build.file]]: what must be in the source tree.
struct NeededFile {
  python::SpecifierSet version;
  std::string path;
  std::string without;  // "csrc/cutlass is empty: this is GitHub's archive, not the source distribution"
  std::string source;
};

// [[build.unit]]: what compiling one file costs.
struct UnitCost {
  python::SpecifierSet version;
  std::string files;               // fnmatch pattern of the file's name
  double seconds_once = 0;         // whatever the architectures
  double seconds_each = 0;         // for each architecture
  std::uint64_t peak_bytes = 0;    // of memory, for one architecture at a time
  std::uint64_t object_bytes = 0;  // of the object, for each architecture
  std::size_t count = 0;           // of such files; 0: not known
  std::string source;
};

// [[build.part]]: what can be left out.
struct BuildPart {
  python::SpecifierSet version;
  std::string name;                // "backward", "hdim256"
  std::vector<std::string> units;  // fnmatch patterns of file names
  std::string summary;             // "gradients"
  std::string source;
};

// [build.stand_in]: what takes the place of files that are left out, so that the module still links. Their
// own text is compiled once, as C++, with `header` in the place of their `includes`.
struct StandIn {
  std::vector<std::string> includes;  // "flash_fwd_launch_template.h"
  std::string header;                 // below data/
};

struct BuildRecipe {
  python::SpecifierSet version;        // what wheelfit can build
  std::vector<std::string> needs;      // distributions that setup.py imports, beside torch
  std::vector<std::string> modules{};  // extension modules that the wheel must have: "flash_attn_2_cuda"
  std::vector<BuildVariable> variables;
  std::vector<OfferedArchitectures> architectures;
  std::vector<NvccFloor> nvcc_floors;
  std::vector<NeededFile> files;
  std::vector<UnitCost> units;
  std::vector<BuildPart> parts;
  std::optional<StandIn> stand_in;

  const OfferedArchitectures* offered(const python::Version& version) const noexcept;
  const NvccFloor* nvcc_floor(const python::Version& version) const noexcept;
};

}  // namespace wheelfit::catalog
