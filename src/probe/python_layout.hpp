// SPDX-License-Identifier: Apache-2.0
// Where an interpreter's parts lie, found as CPython's getpath.py and site.py find them.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "probe/pyvenv_cfg.hpp"
#include "probe/rooted_files.hpp"

namespace wheelfit::probe {

// Who changed site.py and the install scheme.
enum class PythonFlavour { plain, debian, fedora };

struct PythonLayout {
  std::filesystem::path executable;                      // as it would be started
  std::optional<std::filesystem::path> real_executable;  // links followed; nullopt: the link's target is gone
  std::optional<PyvenvCfg> pyvenv_cfg;                   // there is one: a virtual environment
  std::filesystem::path prefix;
  std::optional<std::filesystem::path> base_prefix;  // nullopt: the base installation is gone
  std::string library_name;                          // "python3.11", "python3.13t", "pypy3.10"; "" not known
  std::string library_folder = "lib";                // sys.platlibdir: "lib" or "lib64"
  std::optional<std::filesystem::path> standard_library;  // <base_prefix>/lib/python3.11
  PythonFlavour flavour = PythonFlavour::plain;
  std::vector<std::string> remarks;

  bool is_virtual() const noexcept { return pyvenv_cfg.has_value(); }
  bool is_pypy() const noexcept { return library_name.starts_with("pypy"); }
  // "3.11" of the library's name; "" where that is not known.
  std::string short_version() const;
  // The library's name as include/ and libpython spell it: up to 3.7 with the ABI flag, "python3.7m".
  std::string name_with_flags() const;
};

PythonLayout find_python_layout(const std::filesystem::path& executable, const RootedFiles& files);

}  // namespace wheelfit::probe
