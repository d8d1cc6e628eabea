// SPDX-License-Identifier: Apache-2.0
// Whether Python could import a shared object: what dlopen(RTLD_NOW) would do, without doing it.
#pragma once

#include <filesystem>

#include "proof/loadability.hpp"
#include "proof/scope.hpp"

namespace wheelfit::proof {

// `object` is absolute, as a program below the cache's root would name it (LibraryCache::stage() puts files
// there that are not yet in their place). Costs a few milliseconds for an object with thousands of undefined
// symbols, more only where some are missing: then the libraries' names are read to tell the cause.
Loadability judge(const ImportScope& scope, const std::filesystem::path& object);

// For an environment that is known from a description alone: nothing is proven, and that is said.
Loadability judge_without_files();

}  // namespace wheelfit::proof
