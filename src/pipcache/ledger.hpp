// SPDX-License-Identifier: Apache-2.0
// The ledger: one file for each wheel that was put into a directory of pip's cache, in wheelfit's store
// (docs/formats/seed-ledger.md).
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "pipcache/seed.hpp"
#include "system/file_lock.hpp"

namespace wheelfit::pipcache {

class Ledger {
 public:
  explicit Ledger(const std::filesystem::path& store) : directory_(store / "seeds") {}

  const std::filesystem::path& directory() const noexcept { return directory_; }
  // For as long as one run reads the ledger and acts upon it. Throws Error{machine}.
  system::FileLock lock() const;

  // Oldest first. What is no entry is left out.
  std::vector<Seed> read() const;
  // What was begun and perhaps cut off.
  std::vector<Seed> read_begun() const;
  // Of one directory of pip's cache: there is one entry for each.
  std::optional<Seed> find(const std::filesystem::path& directory) const;

  // Written before anything is changed; the entry that the directory had stays until finish().
  void begin(const Seed& seed) const;
  void finish(const Seed& seed) const;
  void give_up(const Seed& seed) const;
  // The entry, and the replaced wheels that were kept for it.
  void remove(const Seed& seed) const;

  // Where a wheel that makes room is kept, relative to directory().
  std::filesystem::path place_for(const Seed& seed, const Replaced& wheel) const;

 private:
  std::filesystem::path directory_;
};

}  // namespace wheelfit::pipcache
