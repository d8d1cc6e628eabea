// SPDX-License-Identifier: Apache-2.0
// The fallback as a wheel like any other, made of what the executable carries.
#pragma once

#include <vector>

#include "base/reporter.hpp"
#include "catalog/knowledge.hpp"
#include "commands/decide.hpp"
#include "commands/obtain.hpp"
#include "fetch/fetch.hpp"
#include "system/zip_writer.hpp"

namespace wheelfit::commands {

// Whether the fallback is what was chosen, and it is made here: not given as a wheel.
bool makes_fallback(const Decided& decided);

// What is inside, for one of the releases that it stands for: the package, METADATA, WHEEL, RECORD. The
// recipe must have a fallback. Pure but for an override folder, which is read.
std::vector<system::StoredMember> fallback_members(const catalog::Recipe& recipe,
                                                   const python::Version& release,
                                                   const catalog::Knowledge& knowledge);

// Writes it into `store`, by one process at a time. The same wheelfit makes the same bytes. Throws
// Error{machine}.
Obtained make_fallback_wheel(const Decided& decided, const catalog::Knowledge& knowledge,
                             const fetch::Store& store, Reporter& report);

}  // namespace wheelfit::commands
