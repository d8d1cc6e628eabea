// SPDX-License-Identifier: Apache-2.0
// Proves an installed distribution: its files by RECORD, its import in a child process, its numbers on a GPU.
#pragma once

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

#include "base/reporter.hpp"
#include "system/process.hpp"
#include "verify/report.hpp"

namespace wheelfit::verify {

struct VerifyRequest {
  std::filesystem::path interpreter;
  std::filesystem::path dist_info;
  std::string distribution;
  std::string version;
  std::vector<std::string> imports;  // empty: the distribution's own top-level modules, from RECORD
  std::string script;                // text of data/verify/attention.py; "" = import only
  std::string module;                // where the functions are
  bool forward_only = false;
  bool needs_torch = true;  // import torch first
  bool use_gpu = true;
  std::chrono::seconds timeout{300};
};

// Never throws for a failed proof: that is in the report. The child is killed at the time limit.
Report verify(const VerifyRequest& request, system::ProcessRunner& processes, Reporter& report);

// RECORD against the files, in this process; part of verify().
std::vector<Check> check_record(const std::filesystem::path& dist_info);

}  // namespace wheelfit::verify
