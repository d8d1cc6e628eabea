// SPDX-License-Identifier: Apache-2.0
// The interpreter's full version, from whichever files say it.
#pragma once

#include <optional>
#include <string_view>

#include "base/fact.hpp"
#include "probe/python_layout.hpp"
#include "python/version.hpp"

namespace wheelfit::probe {

// Witnesses in order of belief: conda-meta, patchlevel.h, build-details.json (PEP 739), dpkg's status and
// apk's list (for the system's Python), pyvenv.cfg, the version string inside the interpreter; else 3.11 from
// the library's name. pyvenv.cfg comes late because it stays as it was when the base is upgraded.
Fact<python::Version> python_version(const PythonLayout& layout, const RootedFiles& files);

// Each pure, on the text of the file; nullopt where it does not say.
std::optional<python::Version> version_in_patchlevel(std::string_view header);
std::optional<python::Version> version_in_build_details(std::string_view json);
std::optional<python::Version> version_in_dpkg_status(std::string_view status, std::string_view package);
std::optional<python::Version> version_in_apk_list(std::string_view installed, std::string_view package);
// "python-3.11.7-h955ad1f_0.json" -> 3.11.7; nullopt for python-dateutil and the like.
std::optional<python::Version> version_in_conda_name(std::string_view file_name);
// Looks for the NUL-terminated "3.11.x" that Py_GetVersion() is made from.
std::optional<python::Version> version_in_binary(std::string_view bytes, std::string_view short_version);

}  // namespace wheelfit::probe
