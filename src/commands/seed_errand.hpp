// SPDX-License-Identifier: Apache-2.0
// What is to be seeded, and for which link: read from what the user wrote. Pure but for one look whether a
// file is there.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "commands/seed.hpp"
#include "commands/subject.hpp"
#include "pipcache/habits.hpp"

namespace wheelfit::commands {

struct SeedErrand {
  Subject subject;                  // the wheel, as decide() takes it
  std::optional<std::string> link;  // as it was given; else the index says it
  pipcache::RequestForm form = pipcache::RequestForm::name;
  // The link alone was given: only its directory is asked for, or the default package is meant.
  bool named = true;
};

// `default_package` stands in where neither a subject nor the link says what it is. Throws Error{usage}.
SeedErrand parse_errand(const SeedRequest& request, const std::string& default_package,
                        const std::filesystem::path& current_directory);

// "flash-attn==2.8.3" of "…/flash_attn-2.8.3.tar.gz" and of "git+https://…/flash-attention@v2.8.3" (the name
// is `name` then); what cannot be told is left out.
python::Requirement requirement_of_link(std::string_view link, const std::string& name);

// A link for the user's eyes: without credentials. What stands behind the '@' of a repository's path is its
// reference, and no user name.
std::string shown_link(const std::string& link);

}  // namespace wheelfit::commands
