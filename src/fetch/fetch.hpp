// SPDX-License-Identifier: Apache-2.0
// Gets one file into wheelfit's store and hands it out only when it is whole.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "base/reporter.hpp"
#include "system/clock.hpp"
#include "system/http.hpp"
#include "system/retry_policy.hpp"

namespace wheelfit::fetch {

struct Artifact {
  std::string url;
  std::string file_name;
  std::optional<std::string> sha256;  // lower-case hex
  std::optional<std::uint64_t> size;  // bytes
  std::optional<std::string> bearer_token;
};

struct FetchedFile {
  std::filesystem::path path;  // in the store
  std::string sha256;
  std::uint64_t size = 0;
  bool from_store = false;  // no byte was transferred
  std::uint64_t bytes_transferred = 0;
};

// <store>/wheels/<sha256>/<file name>: finished files are named by their sha256, so all environments share
// them; a partial download lies beside its ETag and is resumed by the next run, never glued from two
// different files. A lock keeps two processes from downloading the same file twice. docs/formats/store.md has
// the layout.
struct Store {
  std::filesystem::path directory;
};

struct Limits {
  // Pauses between attempts; a sixteenth of the file, or a megabyte, starts the count of attempts anew.
  system::RetryPolicy retry{.attempts = 5};
  std::chrono::milliseconds lock_patience{
      std::chrono::hours(2)};  // for another process's download of the file
};

// A finished file of this artifact, if the store has one (known by sha256, or by address where no hash is
// known; a file:// address without a hash is always read anew).
std::optional<FetchedFile> find_in_store(const Store& store, const Artifact& artifact);

// Throws Error{unreachable} when the source fails for good ("http-404", or the codes of curl_http.hpp),
// Error{refused} when size or sha256 is not as promised ("size-mismatch", "sha256-mismatch") or the file name
// is no file name ("file-name"), Error{machine} when the disk is full ("disk-full"). What was received is
// kept for the next run, unless it was wrong.
FetchedFile fetch(const Artifact& artifact, const Store& store, system::HttpClient& http,
                  system::Clock& clock, Reporter& report, const Limits& limits = {});

}  // namespace wheelfit::fetch
