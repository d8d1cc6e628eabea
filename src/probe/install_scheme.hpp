// SPDX-License-Identifier: Apache-2.0
// Where pip would put a wheel's parts: sysconfig's preferred scheme, Debian's and Fedora's own ones included.
#pragma once

#include "base/fact.hpp"
#include "probe/environment.hpp"
#include "probe/python_layout.hpp"
#include "system/environment_variables.hpp"

namespace wheelfit::probe {

enum class SchemeChoice { as_pip_would, user };

// `as_pip_would`: the prefix scheme, but the user scheme where site-packages cannot be written and the user's
// site is enabled. The fact's source names the scheme: "venv", "posix_prefix", "posix_local", "posix_user:
// ...".
Fact<InstallScheme> install_scheme(const PythonLayout& layout, const system::EnvironmentVariables& variables,
                                   const RootedFiles& files, SchemeChoice choice);

}  // namespace wheelfit::probe
