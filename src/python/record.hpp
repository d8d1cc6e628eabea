// SPDX-License-Identifier: Apache-2.0
// RECORD (recording-installed-packages): CSV rows of path, hash, size.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include "base/error.hpp"

namespace wheelfit::python {

struct RecordEntry {
  std::string path;                     // '/' separated, relative to the dist-info's parent, or absolute
  std::string hash_algorithm;           // "sha256"; "" where the row has none
  std::string hash;                     // urlsafe base64 without '='
  std::optional<std::uint64_t> size;    // bytes

  friend bool operator==(const RecordEntry&, const RecordEntry&) = default;
};

using Record = std::vector<RecordEntry>;

// RFC 4180 CSV with either line end; a row that is not three columns is an error naming its line.
tl::expected<Record, ParseError> parse_record(std::string_view text);
// As pip writes it: rows sorted by path, CRLF, quoted only where needed.
std::string write_record(Record record);

// Digest bytes -> RECORD's encoding.
std::string record_hash(const std::vector<std::uint8_t>& digest);

}  // namespace wheelfit::python
