// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>

#include "fetch/fetch.hpp"

namespace wheelfit::commands {

// A copy of a file of the store, named `name`, in a folder of the user's, which is made. A reader never sees
// half of it. Throws Error{machine}.
fetch::FetchedFile laid_out(fetch::FetchedFile file, const std::string& name,
                            const std::filesystem::path& folder);

}  // namespace wheelfit::commands
