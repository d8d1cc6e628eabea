// SPDX-License-Identifier: Apache-2.0
// What the interpreter is: kind, version, ABI, platform. Where packages go is site_directories.hpp's and
// install_scheme.hpp's business.
#pragma once

#include <string_view>

#include "probe/environment.hpp"
#include "probe/python_layout.hpp"

namespace wheelfit::probe {

Interpreter describe_interpreter(const PythonLayout& layout, const RootedFiles& files);

// "_sysconfigdata_t_linux_x86_64-linux-gnu.py" -> ABI flags "t" and platform "linux_x86_64".
struct SysconfigName {
  std::string abi_flags;
  std::string platform;
};
std::optional<SysconfigName> parse_sysconfig_name(std::string_view file_name);

}  // namespace wheelfit::probe
