// SPDX-License-Identifier: Apache-2.0
// Small shared objects that a test compiles for itself.
#pragma once

#include <filesystem>
#include <string>

#include "system/environment_variables.hpp"
#include "system/posix_process.hpp"

namespace wheelfit::probe::test {

inline bool has_c_compiler() {
  return system::find_program("cc", system::EnvironmentVariables::of_this_process()).has_value();
}

// False: the compiler refused, and said why on the test's output.
inline bool compile_shared(const std::filesystem::path& source, const std::filesystem::path& library) {
  std::filesystem::create_directories(library.parent_path());
  system::PosixProcessRunner processes(system::EnvironmentVariables::of_this_process());
  system::Command command;
  command.arguments = {"cc", "-shared", "-fPIC", "-o", library.string(), source.string()};
  const auto result = processes.run(command);
  if (!result.succeeded()) std::fputs(result.error.c_str(), stderr);
  return result.succeeded();
}

}  // namespace wheelfit::probe::test

#define SKIP_WITHOUT_C_COMPILER() \
  if (!wheelfit::probe::test::has_c_compiler()) GTEST_SKIP() << "needs a C compiler, cc, on PATH"
