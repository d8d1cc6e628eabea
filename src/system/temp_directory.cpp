// SPDX-License-Identifier: Apache-2.0
#include "system/temp_directory.hpp"

#include <cerrno>
#include <cstdlib>
#include <string>
#include <utility>

#include "system/files.hpp"

namespace wheelfit::system {

TempDirectory::TempDirectory(const std::filesystem::path& parent, std::string_view prefix) {
  make_directories(parent);
  std::string pattern = (parent / (std::string(prefix) + "XXXXXX")).string();
  if (mkdtemp(pattern.data()) == nullptr) throw machine_error(parent, "written", errno);
  path_ = pattern;
}

TempDirectory::TempDirectory(TempDirectory&& other) noexcept : path_(std::exchange(other.path_, {})) {}

TempDirectory& TempDirectory::operator=(TempDirectory&& other) noexcept {
  std::swap(path_, other.path_);
  return *this;
}

TempDirectory::~TempDirectory() {
  if (!path_.empty()) remove_quietly(path_);
}

std::filesystem::path TempDirectory::release() noexcept { return std::exchange(path_, {}); }

std::filesystem::path temporary_files(const EnvironmentVariables& variables) {
  return variables.get_nonempty("TMPDIR").value_or("/tmp");
}

}  // namespace wheelfit::system
