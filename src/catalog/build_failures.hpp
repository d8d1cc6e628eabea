// SPDX-License-Identifier: Apache-2.0
// data/build.toml: what compilers and linkers say when a build fails, and what it means. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.hpp"
#include "catalog/knowledge.hpp"

namespace wheelfit::catalog {

struct BuildFailure {
  std::string code;
  std::vector<std::string> texts;  // any of which tells it
  Text cause;                      // "nvcc does not know this GPU"
  std::vector<Text> cures;
};

// All rows, in the order in which they count. Throws Error{machine} where the file is not as it should be.
std::vector<BuildFailure> build_failures(const Knowledge& knowledge);

// The first row that has a text that stands in `output`; nullopt: none.
std::optional<BuildFailure> explain_build_failure(const Knowledge& knowledge, std::string_view output);

// The last lines that say something; errors before all.
std::vector<std::string> end_of_log(std::string_view output);

}  // namespace wheelfit::catalog
