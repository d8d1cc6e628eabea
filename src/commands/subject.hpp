// SPDX-License-Identifier: Apache-2.0
// What a verb is to work on, as the user wrote it: REQUIREMENT, FILE.whl, URL or the receipt of an install.
// Pure but for one look whether a file of that name is there, and the reading of a receipt.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "python/requirement.hpp"

namespace wheelfit::commands {

struct LocalWheel {
  std::filesystem::path path;  // absolute
};

struct RemoteWheel {
  std::string url;                    // without fragment
  std::string file_name;              // percent-decoded
  std::optional<std::string> sha256;  // of a #sha256= fragment
};

using Subject = std::variant<python::Requirement, LocalWheel, RemoteWheel>;

// Throws Error{usage} for what is none of them, or a file that is not there.
Subject parse_subject(std::string_view argument, const std::filesystem::path& current_directory);

// A file that is named and is no wheel: a shared object, whatever its name (libx.so.1, core.so). nullopt for
// everything else.
std::optional<std::filesystem::path> shared_object(std::string_view argument,
                                                   const std::filesystem::path& current_directory);

// The lines of a requirements file that name something (comments, blank lines and continuation handled,
// options such as --index-url skipped). Throws Error{usage} when it cannot be read.
std::vector<std::string> read_requirements_file(const std::filesystem::path& file);

}  // namespace wheelfit::commands
