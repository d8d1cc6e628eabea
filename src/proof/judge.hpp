// SPDX-License-Identifier: Apache-2.0
// Whether Python could import a shared object: what dlopen(RTLD_NOW) would do, without doing it.
#pragma once

#include <filesystem>
#include <string_view>

#include "binary/elf_prefix.hpp"
#include "proof/loadability.hpp"
#include "proof/scope.hpp"

namespace wheelfit::proof {

// `object` is absolute, as a program below the cache's root would name it (LibraryCache::stage() puts files
// there that are not yet in their place). Costs a few milliseconds for an object with thousands of undefined
// symbols, more only where some are missing: then the libraries' names are read to tell the cause.
Loadability judge(const ImportScope& scope, const std::filesystem::path& object);

// From the object's first bytes alone, as they can be read of a remote wheel (binary/elf_prefix.hpp):
// versions and symbols against all that the process has loaded. `fits` here means that every symbol is bound.
// A library that is named there and not found is a doubt, for the name may be the object's own. Where it
// looks for its libraries is not known yet, and not_covered says so: the whole object is judged again before
// it is made visible. A symbol that nobody has may come from a library that lies in the same wheel: a doubt,
// no refusal. A prefix that is not `complete` is unproven.
Loadability judge_prefix(const ImportScope& scope, const binary::ElfPrefix& prefix,
                         std::string_view file_name);

// For an environment that is known from a description alone: nothing is proven, and that is said.
Loadability judge_without_files();

}  // namespace wheelfit::proof
