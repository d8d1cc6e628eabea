// SPDX-License-Identifier: Apache-2.0
// Everything that is known as data: the recipes and the tables shared by all packages. Embedded in the
// executable; a folder with the same file names overrides file by file (--data-dir).
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "catalog/candidate.hpp"
#include "catalog/recipe.hpp"

namespace wheelfit::catalog {

// data/cuda.toml [[driver]]: the least driver for programs of one CUDA major.
struct DriverRow {
  int cuda_major = 0;
  python::Version driver;
  std::string source;
};

// data/torch.toml [[abi]]: the C++ ABI of torch builds from its publisher's own indexes; last match counts.
struct TorchAbiRow {
  python::SpecifierSet torch;
  std::vector<std::string> cuda;  // "11.8", "12.4"; empty: any
  std::string machine;            // "x86_64", ...; "": any
  bool cxx11_abi = false;
  std::string source;
};

// data/torch.toml [[build]]: which CUDA builds and Pythons a torch minor was published for (for hints).
struct TorchBuildRow {
  python::Version torch;            // 2.6
  std::vector<std::string> cuda;    // "11.8", "12.4", "12.6"
  std::vector<std::string> python;  // "3.9" ... "3.13"
  std::string source;
};

class Knowledge {
 public:
  std::vector<Recipe> recipes;
  std::vector<DriverRow> drivers;
  std::vector<TorchAbiRow> torch_abis;
  std::vector<TorchBuildRow> torch_builds;

  // By normalized name; nullptr where there is none.
  const Recipe* find(std::string_view package) const noexcept;
  // The text of any data file ("verify/attention.py"), the override folder first. Throws Error{internal} if
  // absent.
  std::string file(std::string_view path) const;

  // The paths of all data files below a folder of data/ ("fallback/x"), sorted; the override folder's among
  // them.
  std::vector<std::string> files_below(std::string_view place) const;

  std::optional<std::filesystem::path> folder;
};

// Throws Error{usage} naming file, line and what is wrong when the override folder's data cannot be read.
Knowledge load_knowledge(const std::optional<std::filesystem::path>& folder);

}  // namespace wheelfit::catalog
