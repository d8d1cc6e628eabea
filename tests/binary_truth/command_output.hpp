// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdio>
#include <filesystem>
#include <stdexcept>
#include <string>

namespace wheelfit::test {

struct CommandOutput {
  int status = -1;
  std::string text;
};

inline CommandOutput command_output(const std::string& command) {
  std::FILE* pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) throw std::runtime_error("cannot run " + command);
  CommandOutput output;
  std::array<char, 65536> buffer{};
  while (const std::size_t n = std::fread(buffer.data(), 1, buffer.size(), pipe))
    output.text.append(buffer.data(), n);
  output.status = pclose(pipe);
  return output;
}

inline bool command_exists(const std::string& program) {
  return command_output("command -v '" + program + "' 2>/dev/null").status == 0;
}

}  // namespace wheelfit::test
