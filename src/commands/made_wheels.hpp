// SPDX-License-Identifier: Apache-2.0
// Where wheels lie that are made of something else: made/<key>/ in the store, with the lock locks/<key>. What
// lies there beside a whole wheel belongs to the process that holds the lock, or to one that was killed.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "system/file_lock.hpp"

namespace wheelfit::commands {

// `key`: a plain file name.
std::filesystem::path made_folder(const std::filesystem::path& store, const std::string& key);

// The whole wheel in such a folder.
std::optional<std::filesystem::path> made_wheel(const std::filesystem::path& folder);

// Whoever makes the wheel holds this meanwhile; what a killed process left in the folder is gone then.
// `waiting` is called once where another process is at it. Throws what FileLock::acquire() throws.
system::FileLock lock_made(const std::filesystem::path& store, const std::string& key,
                           const std::function<void()>& waiting);

// Takes away what killed processes left in any of these folders, and leaves alone what a living one is at.
// What cannot be removed stays; nothing is thrown.
void sweep_made(const std::filesystem::path& store) noexcept;

}  // namespace wheelfit::commands
