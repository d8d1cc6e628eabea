// SPDX-License-Identifier: Apache-2.0
// Where a file of a conda package goes in a wheel. Pure.
#pragma once

#include <string>
#include <string_view>

#include "conda/description.hpp"

namespace wheelfit::conda {

enum class Part {
  site,     // below site-packages
  script,   // an executable of the environment
  data,     // elsewhere below the prefix
  dropped,  // what is made anew on the spot: bytecode
  refused,  // what only conda's own install could make work
};

struct Placement {
  Part part = Part::refused;
  std::string name;      // below site-packages, below the scripts' folder, or below the prefix
  std::string python;    // site: "3.12"; "" in packages for any Python
  std::string obstacle;  // refused: why, as what it is ("a script that runs when it is installed")
};

Placement place(std::string_view path, const PackageIndex& index);

}  // namespace wheelfit::conda
