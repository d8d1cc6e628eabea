// SPDX-License-Identifier: Apache-2.0
// A directory that plays a machine with Pythons on it, for the tests of this folder.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>

#include "probe/probe.hpp"
#include "support/temp_dir.hpp"
#include "system/curl_http.hpp"
#include "system/process.hpp"
#include "system/world.hpp"

namespace wheelfit::probe::test {

// No child may be started; what would be is told by the exception.
class NoProcesses final : public system::ProcessRunner {
 public:
  system::ProcessResult run(const system::Command& command) override;
};

struct ElfShape {
  std::uint8_t elf_class = 2;  // 1: 32-bit
  std::uint16_t machine = 62;  // x86_64
  std::string loader = "/lib64/ld-linux-x86-64.so.2";
};
// The bytes of an executable that has a header and PT_INTERP, and no more.
std::string tiny_elf(const ElfShape& shape = {});

class PythonWorld {
 public:
  PythonWorld();

  // Writes below the root; `path` is absolute as the probed machine sees it.
  std::filesystem::path write(const std::string& path, std::string_view content = "") const;
  void link(const std::string& path, const std::string& target) const;
  std::filesystem::path at(const std::string& path) const { return directory_.path() / path.substr(1); }

  // <prefix>/bin/python3.X (and links python3, python to it), its standard library, and its sysconfig data.
  void add_python(const std::string& prefix, const std::string& name, const ElfShape& shape = {}) const;
  // A venv at `directory` of the Python `name` in `base_bin`.
  void add_venv(const std::string& directory, const std::string& base_bin, const std::string& name,
                const std::string& more_cfg = "include-system-site-packages = false\n") const;
  void add_distribution(const std::string& site, const std::string& name_and_version) const;

  void set(const std::string& variable, const std::string& value) { variables_[variable] = value; }
  void set_current_directory(const std::string& path) { current_directory_ = at(path); }

  // Probes with --python, or as the variables choose.
  Environment probe(const std::optional<std::string>& python = std::nullopt);
  Environment probe(const ProbeRequest& request, system::ProcessRunner& processes);

 private:
  wheelfit::test::TempDir directory_;
  std::map<std::string, std::string, std::less<>> variables_;
  std::filesystem::path current_directory_;
};

}  // namespace wheelfit::probe::test
