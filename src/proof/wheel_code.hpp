// SPDX-License-Identifier: Apache-2.0
// The compiled code in a wheel, by the names of its members. Pure.
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "system/zip.hpp"

namespace wheelfit::proof {

struct CodeMember {
  std::size_t index = 0;        // in the zip's directory
  std::string name;             // in the wheel
  std::filesystem::path place;  // where it will be, relative to site-packages
  bool stable_abi = false;      // "*.abi3.so"
};

struct WheelCode {
  std::vector<CodeMember> modules;    // what this Python imports, or opens by name (ctypes, torch.ops)
  std::vector<CodeMember> libraries;  // what modules bring along: "*.libs/libx.so.1", "pkg/libx.so"
  std::size_t other_python = 0;       // modules named for another Python
};

// `soabi_prefix`: "cpython-311" of "cpython-311-x86_64-linux-gnu"; "" where the Python is not known: then
// modules of any Python count. Members of a wheel's .data directory are taken as purelib and platlib would.
WheelCode code_in(std::span<const system::ZipEntry> members, std::string_view soabi_prefix);

}  // namespace wheelfit::proof
