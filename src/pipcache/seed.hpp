// SPDX-License-Identifier: Apache-2.0
// What was put into pip's cache, as the ledger keeps it (docs/formats/seed-ledger.md). Plain values.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace wheelfit::pipcache {

// A wheel that made room, and where it waits for `--undo`.
struct Replaced {
  std::string file_name;
  std::string sha256;
  std::filesystem::path kept;  // relative to the ledger's directory

  friend bool operator==(const Replaced&, const Replaced&) = default;
};

// One wheel in one directory of pip's cache.
struct Seed {
  std::string distribution;  // normalized
  std::string version;       // what pip finds
  std::string file_name;     // in pip's cache
  std::string sha256;
  std::uint64_t size = 0;
  std::string made_from;   // file name of the wheel it was made from
  std::string source;      // "official" "index" "community" "file" "url"
  std::string url;         // of that wheel, without credentials; "" for a local file
  bool rewritten = false;  // its METADATA was made to say `version`
  std::string link;        // what pip looks up, without credentials
  std::string python;      // "cp311"
  std::string pip;         // "23.2.1"
  std::string torch;       // "2.4.0+cu121"; "" where there is none
  std::string torch_cuda;
  std::string seeded_at;            // RFC 3339, UTC
  std::filesystem::path directory;  // absolute
  std::vector<Replaced> replaced;
  std::string origin;                        // what was written into origin.json; "": nothing
  std::optional<std::string> origin_before;  // what stood in it

  friend bool operator==(const Seed&, const Seed&) = default;
};

enum class SeedState { in_place, gone, changed };

struct Undone {
  Seed seed;
  SeedState before = SeedState::in_place;  // what is not in place as it was put there stays as it is
  std::vector<std::string> restored;       // file names

  friend bool operator==(const Undone&, const Undone&) = default;
};

std::string seed_to_json(const Seed& seed);
// nullopt for anything that is no entry of a ledger, and for one that points to what is no place in a wheel
// cache.
std::optional<Seed> seed_from_json(std::string_view text);

// Whether `directory` looks like one of pip's: …/wheels/xx/xx/xx/<50 hexadecimal digits>. Nothing else is
// ever written to or removed from.
bool is_cache_place(const std::filesystem::path& directory);

}  // namespace wheelfit::pipcache
