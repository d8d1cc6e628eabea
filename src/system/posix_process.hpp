// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "system/environment_variables.hpp"
#include "system/process.hpp"

namespace wheelfit::system {

// Children by posix_spawn. Variables and PATH are those given, not the process's own. Thread-safe.
class PosixProcessRunner final : public ProcessRunner {
 public:
  explicit PosixProcessRunner(EnvironmentVariables variables) : variables_(std::move(variables)) {}
  ProcessResult run(const Command& command) override;

 private:
  EnvironmentVariables variables_;
};

// The file that `program` names: itself when it holds a '/', else the first executable of that name on PATH.
std::optional<std::filesystem::path> find_program(std::string_view program,
                                                  const EnvironmentVariables& variables);

}  // namespace wheelfit::system
