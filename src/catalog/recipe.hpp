// SPDX-License-Identifier: Apache-2.0
// What is known about one package, read from data/packages/<name>.toml (docs/formats/recipe.md). A new
// package is a new file there and needs no C++.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "catalog/build_recipe.hpp"
#include "catalog/candidate.hpp"
#include "python/specifier.hpp"

namespace wheelfit::catalog {

enum class SourceKind { github_releases, simple_index, find_links, directory, conda_channel };

// [[source]]
struct SourceDescription {
  std::string id;
  SourceKind kind = SourceKind::simple_index;
  std::string repository;  // github_releases: "Dao-AILab/flash-attention"
  std::string package;     // conda_channel: what it is called there
  std::string
      address;  // find_links, directory, conda_channel; "" for simple_index: the environment's own index
  Trust trust = Trust::index;
  std::string rows;        // embedded rows file: what this source is known to hold
  std::string rows_as_of;  // date of that knowledge
  std::string rows_text;   // what stands in that file; filled in by load_knowledge()
};

// [[known]]: holds for every wheel that all of `when` matches; a later row overrides an earlier one, key by
// key.
struct KnownRow {
  struct When {
    std::string source_id;         // "" matches any
    std::string release;           // release tag
    python::SpecifierSet version;  // of the package, without local label
    python::SpecifierSet torch;    // as named; a wheel whose name has none does not match
    python::SpecifierSet cuda;     // "12" counts as 12, "12.6" as 12.6
    std::optional<bool> cxx11_abi_label;
    std::vector<std::string> python_tags;  // any of
    std::string platform;                  // fnmatch pattern against any platform tag: "manylinux_*_x86_64"
  } when;
  WheelKnowledge says;
};

// [[upstream_guess]]: the wheel address that the package's own setup.py would try; first matching row counts.
struct GuessRow {
  python::SpecifierSet version;
  python::SpecifierSet torch;
  std::optional<int> cuda_major;
  std::string cuda_tag;  // "cu122", or with {major} and {minor}
  std::string platform;  // what setup.py puts for {platform} whatever the machine; "" = the interpreter's own
  std::string source;
};

// [[gpu_floor]]: least compute capability, by version.
struct GpuFloorRow {
  python::SpecifierSet version;
  int major = 0;
  int minor = 0;
  std::string source;
};

// [[requires]]: what METADATA of these wheels requires, for where no wheel can be looked into.
struct RequiresRow {
  python::SpecifierSet version;
  std::vector<std::string> requirements;  // dependency specifiers, "torch" among them
  std::string source;
};

// [verify]
struct Verification {
  std::vector<std::string> imports;  // modules that must import after torch
  std::string distribution_module;   // "flash_attn": where the functions are
  std::string kind;                  // "attention": the grid of data/verify/attention.py; "" = import only
  bool forward_only = false;
};

// [fallback]: a package of ours that stands in for this one where no wheel fits and the caller allows it.
struct Fallback {
  std::string kind;                       // --fallback's word, and the local label of its version: "sdpa"
  std::vector<python::Version> releases;  // whose interfaces it has, oldest first; at least one
  std::string folder;                     // below data/; holds the package itself
  std::string version_file;               // in the package: written for the release that it stands for
  std::string module;                     // "flash_attn"
  python::SpecifierSet torch;             // it runs on these
  python::SpecifierSet python;
  std::string summary;

  // "2.6.3+sdpa"
  std::string version_text(const python::Version& release) const { return release.to_string() + "+" + kind; }
  // The newest release that is wished for; nullptr where it stands for none of them.
  const python::Version* release_for(const python::SpecifierSet& wish) const;
};

struct Recipe {
  std::string name;  // normalized
  std::string summary;
  std::string relative_of;  // "flash-attn" for vllm-flash-attn; "" otherwise
  bool is_default = false;  // what is meant where no package is named
  bool needs_torch = true;
  std::vector<SourceDescription> sources;
  std::vector<KnownRow> known;
  std::string guess_url;  // template: {version} {cuda} {torch} {abi} {python} {platform} {machine}
  std::vector<GuessRow> guesses;
  std::vector<GpuFloorRow> gpu_floors;
  std::vector<RequiresRow> requires_rows;  // the first that matches counts
  std::vector<python::Version>
      sdists;  // versions whose source distribution the index is known to hold, newest last
  Verification verification;
  std::optional<Fallback> fallback;
  std::optional<BuildRecipe> build;
  std::string toml;  // what it was read from; filled in by load_knowledge()

  // nullptr where nothing is known of this version.
  const RequiresRow* requires_of(const python::Version& upstream_version) const noexcept;
  // Whether an installed version is that of the fallback, by its local label.
  bool is_fallback(std::string_view installed_version) const;
};

}  // namespace wheelfit::catalog
