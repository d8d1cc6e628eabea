// SPDX-License-Identifier: Apache-2.0
// Carries out a journal's moves, or takes them back. Both work from what is on disk, so either can be begun
// again after it was cut off anywhere.
#pragma once

#include <filesystem>
#include <optional>
#include <system_error>

#include "install/file_operations.hpp"
#include "install/journal.hpp"

namespace wheelfit::install {

struct MoveFailure {
  std::filesystem::path path;
  std::error_code code;
};

// Makes the moves in order; stops at the first that fails. Where a whole directory cannot be renamed
// (overlayfs refuses that for a directory of a lower layer), its files are moved one by one.
std::optional<MoveFailure> make_moves(FileOperations& files, const Journal& journal) noexcept;

// The state before, byte by byte: what was published goes back into the private directory, bytecode that
// Python made of it in shared directories is removed, and what was stashed returns. Goes as far as it can;
// the first failure.
std::optional<MoveFailure> undo_moves(FileOperations& files, const Journal& journal) noexcept;

// Writes the journal so that it outlives a power cut.
void save_journal(FileOperations& files, const Journal& journal, const std::filesystem::path& home);

// Makes the moves in a child process with a session of its own, so that killing this process (or its process
// group) does not stop it half-way. Everything is undone when one fails; throws Error{machine} then. When
// this process was killed meanwhile, the child finishes the change and removes the private directories
// itself.
void publish(FileOperations& files, const Journal& journal, const std::filesystem::path& home);

}  // namespace wheelfit::install
