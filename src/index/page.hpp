// SPDX-License-Identifier: Apache-2.0
// Pages of a package index as they are written: HTML (PEP 503, and flat pages of links) and JSON (PEP 691).
// Links are not resolved and nothing is decided: what a link means is the reader's affair
// (docs/formats/simple-index.md). Bytes in, values out; any input ends in a page or an error.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <tl/expected.hpp>

#include "base/error.hpp"

namespace wheelfit::index {

// Values with their entities decoded; "" for an attribute without a value.
struct Anchor {
  std::optional<std::string> href;
  std::optional<std::string> requires_python;  // data-requires-python
  std::optional<std::string> yanked;           // data-yanked
  std::optional<std::string> core_metadata;    // data-core-metadata, else data-dist-info-metadata

  friend bool operator==(const Anchor&, const Anchor&) = default;
};

struct HtmlPage {
  std::optional<std::string> base;  // the first <base href>
  std::vector<Anchor> anchors;      // in the page's order
};

struct JsonFile {
  std::optional<std::string> url;
  std::optional<std::string> filename;
  std::vector<std::pair<std::string, std::string>> hashes;  // in the page's order
  std::optional<std::uint64_t> size;
  std::optional<std::string> requires_python;
  std::optional<std::string> yanked;  // the reason; "" where it is just true
  // Where METADATA can be had by itself: its hashes, maybe none.
  std::optional<std::map<std::string, std::string>> core_metadata;

  friend bool operator==(const JsonFile&, const JsonFile&) = default;
};

struct JsonPage {
  std::vector<JsonFile> files;  // in the page's order
};

// An API version other than 1.x is an error.
tl::expected<HtmlPage, ParseError> parse_html(std::string_view bytes);
tl::expected<JsonPage, ParseError> parse_json(std::string_view bytes);

// What a server calls its answer counts; one that calls it nothing is looked at. `content_type` with or
// without parameters.
bool is_json(std::string_view content_type, std::string_view bytes);

}  // namespace wheelfit::index
