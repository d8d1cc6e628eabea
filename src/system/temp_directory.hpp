// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string_view>

#include "system/environment_variables.hpp"

namespace wheelfit::system {

// A private directory (mode 0700) that goes with the object, unless release() is called.
class TempDirectory {
 public:
  // In `parent`, so on its filesystem: renames from here into `parent` cost nothing. Makes `parent`.
  // Throws Error{machine}.
  explicit TempDirectory(const std::filesystem::path& parent, std::string_view prefix = ".wheelfit-");
  TempDirectory(TempDirectory&& other) noexcept;
  TempDirectory& operator=(TempDirectory&& other) noexcept;
  ~TempDirectory();

  const std::filesystem::path& path() const noexcept { return path_; }
  std::filesystem::path release() noexcept;  // the directory stays

 private:
  std::filesystem::path path_;
};

// TMPDIR, else /tmp.
std::filesystem::path temporary_files(const EnvironmentVariables& variables);

}  // namespace wheelfit::system
