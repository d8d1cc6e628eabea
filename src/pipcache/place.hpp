// SPDX-License-Identifier: Apache-2.0
// Puts a wheel where pip's cache will find it, and takes it out again. Another process sees the old wheel or
// the new one, never half of one; what a kill cut off is finished or taken back by recover(). Nothing is ever
// written but below pip's cache and into the ledger's directory.
#pragma once

#include <filesystem>

#include "pipcache/ledger.hpp"
#include "pipcache/seed.hpp"
#include "python/tags.hpp"

namespace wheelfit::pipcache {

enum class Sharing {
  linked,  // the wheel's file belongs to wheelfit and is never changed: a hard link will do
  copied,
};

struct PlaceRequest {
  std::filesystem::path wheel;
  Sharing sharing = Sharing::copied;
  python::TagTarget target;  // whose pip it is: its wheels of the same distribution make room
  Seed seed;                 // with its directory; what was replaced is filled in
};

// The caller holds the ledger's lock. One wheel per distribution and tag stays in the directory: what this
// pip could take instead is moved into the ledger's directory. Throws Error{machine} for a full disk or a
// missing permission; pip's cache is as it was then.
Seed place(const PlaceRequest& request, const Ledger& ledger);

// What a killed run left: finished where its wheel was in place, else taken back. The lock is held.
void recover(const Ledger& ledger);

SeedState state_of(const Seed& seed);

// Takes the wheel out, puts back what had made room, forgets the entry. The lock is held.
Undone undo(const Seed& seed, const Ledger& ledger);

// A cached wheel goes, and with it the directories that it leaves empty.
void remove_cached(const std::filesystem::path& wheel);

}  // namespace wheelfit::pipcache
