// SPDX-License-Identifier: Apache-2.0
// Where things lie in the store, and the small JSON files in it (docs/formats/store.md).
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "fetch/fetch.hpp"

namespace wheelfit::fetch {

// What a download is called while it is under way: the file's sha256 where it is known, else that of the
// address.
std::string key_of(const Artifact& artifact);

std::filesystem::path finished_path(const Store& store, const std::string& sha256,
                                    const std::string& file_name);
std::filesystem::path address_path(const Store& store, const Artifact& artifact);
std::filesystem::path partial_directory(const Store& store, const Artifact& artifact);
std::filesystem::path lock_path(const Store& store, const Artifact& artifact);

// Which file an address led to.
void remember_address(const Store& store, const Artifact& artifact, const std::string& sha256);
std::optional<std::string> remembered_sha256(const Store& store, const Artifact& artifact);

// Throws Error{refused} when the name is not a plain file name, or the hash not a sha256.
void check_names(const Artifact& artifact);

}  // namespace wheelfit::fetch
