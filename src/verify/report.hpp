// SPDX-License-Identifier: Apache-2.0
// What `verify` produces.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/text.hpp"

namespace wheelfit::verify {

enum class CheckResult { passed, failed, not_checked };

struct Check {
  std::string name;  // "record", "import flash_attn", "forward fp16 d64 causal"
  CheckResult result = CheckResult::not_checked;
  Text detail;  // the failure in one sentence, or why it was not checked
};

// One row of the timing table, GPU only.
struct Timing {
  std::string shape;             // "b4 h16 s2048 d128 bf16 causal"
  double milliseconds = 0;       // the package's forward
  double sdpa_milliseconds = 0;  // scaled_dot_product_attention's forward
};

struct Report {
  std::string distribution;
  std::string version;
  std::vector<Check> checks;
  std::vector<Timing> timings;
  bool loadable = false;         // every symbol that its compiled code needs is exported here
  bool imported = false;         // every module of the recipe imported
  bool computed = false;         // the grid ran on a GPU and agreed
  bool failed = false;           // something that could be checked failed
  std::string gpu;               // name of the GPU that was used
  std::vector<Text> not_proven;  // what could not be proven here, in words
};

}  // namespace wheelfit::verify
