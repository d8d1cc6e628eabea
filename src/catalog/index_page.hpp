// SPDX-License-Identifier: Apache-2.0
// Pages of a package index: the simple repository API as JSON (PEP 691) and HTML (PEP 503), and flat HTML
// pages of links (--find-links). Bytes in, values out; any input ends in a page or an error
// (docs/formats/simple-index.md).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include "base/error.hpp"

namespace wheelfit::catalog {

struct IndexFile {
  std::string name;                   // decoded
  std::string url;                    // absolute, without fragment
  std::optional<std::string> sha256;  // lower-case hex
  std::optional<std::uint64_t> size;  // bytes
  std::optional<std::string> requires_python;
  std::optional<std::string> yanked;  // reason, maybe ""
  std::optional<std::string> core_metadata_url;
  std::optional<std::string> core_metadata_sha256;

  friend bool operator==(const IndexFile&, const IndexFile&) = default;
};

// Entries that are no usable file (no name, an address that cannot be read) are left out. `base_url` is the
// page's own address after redirects.
tl::expected<std::vector<IndexFile>, ParseError> parse_simple_json(std::string_view bytes,
                                                                   std::string_view base_url);
tl::expected<std::vector<IndexFile>, ParseError> parse_simple_html(std::string_view bytes,
                                                                   std::string_view base_url);

// Lower-case, where `text` is a SHA-256 in hexadecimal.
std::optional<std::string> sha256_text(std::string_view text);

}  // namespace wheelfit::catalog
