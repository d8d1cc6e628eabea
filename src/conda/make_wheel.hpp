// SPDX-License-Identifier: Apache-2.0
// A conda package becomes a wheel with an honest name: from there on it is proven, installed, recorded and
// removed like any other.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace wheelfit::conda {

struct WheelRequest {
  std::filesystem::path package;
  std::string file_name;         // as it was published: "flash-attn-2.8.3-py312_0.conda"
  std::filesystem::path prefix;  // of the environment that it is for: stands where a placeholder stood
  // What METADATA requires where the package brings no METADATA, by name and version; may be empty.
  std::function<std::vector<std::string>(const std::string&, const std::string&)> requirements;
  std::filesystem::path folder;  // the wheel is written here; holds temporary files meanwhile
};

// Returns where the wheel lies, under the name of a wheel. The same package and prefix give the same bytes.
// Throws what unpack_package() throws, and Error{refused}: "conda-layout" for a file that has no place in a
// wheel, "conda-prefix" where the prefix is longer than its placeholder, "conda-package" where no
// distribution can be made of it. Throws Error{machine}.
std::filesystem::path make_wheel(const WheelRequest& request);

}  // namespace wheelfit::conda
