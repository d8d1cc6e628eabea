// SPDX-License-Identifier: Apache-2.0
// Every reason for which a build would end late, found early. Pure.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/text.hpp"
#include "catalog/build_recipe.hpp"
#include "probe/environment.hpp"

namespace wheelfit::build {

// What the machine said; nullopt: it could not be asked.
struct Tools {
  std::optional<python::Version> nvcc;                         // what nvcc --version says
  std::optional<std::vector<std::string>> nvcc_architectures;  // nvcc --list-gpu-code: "sm_80"
  std::string cuda_home;  // the variable as it is set; "" where it is not
  bool cuda_home_has_nvcc = true;
  std::string compiler;                // "c++", or what CXX says
  std::optional<python::Version> gcc;  // nullopt: no such compiler, or it is no gcc
  bool compiler_found = true;
  std::optional<int> newest_gcc;                        // that nvcc takes, by its host_config.h
  std::optional<std::filesystem::path> python_headers;  // where Python.h must lie; nullopt: not known
  bool has_python_headers = true;
};

struct Obstacle {
  std::string code;
  Text sentence;
  std::vector<Text> cures;  // the best first

  friend bool operator==(const Obstacle&, const Obstacle&) = default;
};

struct BuildAsk {
  const probe::Environment& environment;
  const catalog::BuildRecipe& recipe;
  python::Version version;
  std::vector<python::Version> capabilities;  // to compile for
};

// Most certain first; empty: nothing is known that would end it.
std::vector<Obstacle> obstacles(const BuildAsk& ask, const Tools& tools);

// What the source tree lacks. Looks at the disk.
std::optional<Obstacle> missing_file(const catalog::BuildRecipe& recipe, const python::Version& version,
                                     const std::filesystem::path& tree);

// One file alone takes more than all there is; bytes. nullopt: it fits, or the limit is not known (0).
std::optional<Obstacle> memory_shortage(std::uint64_t limit, std::uint64_t fattest_unit);

}  // namespace wheelfit::build
