// SPDX-License-Identifier: Apache-2.0
// Gets one file into wheelfit's store and hands it out only when it is whole.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/reporter.hpp"
#include "system/clock.hpp"
#include "system/http.hpp"
#include "system/retry_policy.hpp"
#include "system/room.hpp"

namespace wheelfit::fetch {

// One of the places that hold a file.
struct Address {
  // Whose word is taken for what the address gives: its own, or only that of a hash from elsewhere.
  enum class Standing { trusted, third_party };
  std::string url;
  std::optional<std::string> bearer_token = std::nullopt;  // as HttpRequest: never sent to another host
  Standing standing = Standing::trusted;
  Text why = {};  // it is asked: "GitHub mirror"; empty: it is where the file was published
};

struct Artifact {
  std::vector<Address> addresses;  // of one and the same file, in the order in which they are asked
  std::string file_name;
  std::optional<std::string> sha256 = std::nullopt;  // lower-case hex
  std::optional<std::uint64_t> size = std::nullopt;  // bytes

  // The first address; "" where there is none.
  std::string url() const { return addresses.empty() ? std::string() : addresses.front().url; }
};

struct FetchedFile {
  std::filesystem::path path;  // in the store
  std::string sha256;
  std::uint64_t size = 0;
  bool from_store = false;  // no byte was transferred
  std::uint64_t bytes_transferred = 0;
  // A third party's address gave it, and no hash says that it is the right one: it must be proven before it
  // is used.
  bool unvouched = false;
};

// <store>/wheels/<sha256>/<file name>: finished files are named by their sha256, so all environments share
// them; a partial download lies beside a journal of what is here and is resumed by the next run, never glued
// from two different files. A lock keeps two processes from downloading the same file twice.
// docs/formats/store.md has the layout.
struct Store {
  std::filesystem::path directory;
};

struct Limits {
  // Pauses between attempts; a sixteenth of the file, or a megabyte, starts the count of attempts anew.
  system::RetryPolicy retry{.attempts = 5};
  int connections = 16;  // for one file, at most
  std::chrono::milliseconds lock_patience{
      std::chrono::hours(2)};  // for another process's download of the file
};

// A finished file of this artifact, if the store has one (known by sha256, or by address where no hash is
// known; a file:// address without a hash is always read anew).
std::optional<FetchedFile> find_in_store(const Store& store, const Artifact& artifact);

// Bytes in the store as a need of room.
system::Need room_for(const Store& store, std::uint64_t bytes);

// What fetch() would still write: 0 where the store has the file, less than its size where an earlier run
// was cut off; nullopt where the size is not known.
std::optional<std::uint64_t> still_to_fetch(const Store& store, const Artifact& artifact);

// Several addresses are asked in their order, the next while an earlier one is still awaited. Where the
// sha256 is known they fetch parts of one file together; where it is not, the file comes from one of them.
// Throws Error{unreachable} when the last source fails for good ("http-404", or the codes of curl_http.hpp),
// Error{refused} when size or sha256 is not as promised ("size-mismatch", "sha256-mismatch") or the file name
// is no file name ("file-name"), Error{machine} when the disk is full ("disk-full"). What was received is
// kept for the next run, unless it was wrong.
FetchedFile fetch(const Artifact& artifact, const Store& store, system::HttpClient& http,
                  system::Clock& clock, Reporter& report, const Limits& limits = {});

}  // namespace wheelfit::fetch
