// SPDX-License-Identifier: Apache-2.0
// From what setup.py wants compiled to the commands that are run: for the architectures that were asked for,
// without the parts that were left out.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "build/ninja_file.hpp"
#include "build/schedule.hpp"
#include "catalog/build_recipe.hpp"

namespace wheelfit::build {

struct Unit {
  std::string name;  // of the file: "flash_fwd_hdim64_bf16_sm80.cu"
  std::filesystem::path source;
  std::filesystem::path object;  // what setup.py will look for
  std::string command;           // for a shell; writes new_object()
  Load load;

  // Beside the object: what a killed compiler leaves is no object.
  std::filesystem::path new_object() const { return std::filesystem::path(object).concat(".new.o"); }
};

struct UnitsAsk {
  const catalog::BuildRecipe& recipe;
  python::Version version;
  std::vector<python::Version> capabilities;
  std::vector<std::string> without;  // names of parts
  std::filesystem::path made;        // where generated files go
  unsigned cores = 1;
};

struct GeneratedFile {
  std::filesystem::path path;
  std::string content;

  friend bool operator==(const GeneratedFile&, const GeneratedFile&) = default;
};

struct Units {
  std::vector<Unit> units;
  std::vector<std::string> left_out;     // names of files
  std::vector<GeneratedFile> generated;  // to be written before anything is compiled
  unsigned threads = 1;                  // of one nvcc
};

// `source_text` reads a file of the source tree; `stand_in` is the text of the recipe's stand-in header.
// Throws Error{machine} for a rule that is not understood. Pure but for `source_text`.
Units units_of(const NinjaFile& file, const UnitsAsk& ask, const std::string& stand_in,
               const std::function<std::string(const std::filesystem::path&)>& source_text);

// What the recipe alone knows of the files that would be compiled; empty where it does not count them.
std::vector<Load> loads_known(const catalog::BuildRecipe& recipe, const python::Version& version,
                              const std::vector<std::string>& without, std::size_t architectures);

// Whether this version knows all of these parts; the first that it does not.
std::optional<std::string> unknown_part(const catalog::BuildRecipe& recipe, const python::Version& version,
                                        const std::vector<std::string>& without);

}  // namespace wheelfit::build
