// SPDX-License-Identifier: Apache-2.0
// A link as pip holds it: what its cache key is made of. pip takes links apart in its own way, and not every
// release in the same; `pip` is the release that is asked about (docs/formats/pip-cache.md). Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "python/version.hpp"

namespace wheelfit::pipcache {

struct Hash {
  std::string algorithm;  // "sha256"
  std::string hex;        // as written: pip neither checks nor changes it

  friend bool operator==(const Hash&, const Hash&) = default;
};

struct Link {
  std::string url;           // without the fragment, as pip keys it; may hold credentials
  std::optional<Hash> hash;  // the one of several that goes into the key
  std::string subdirectory;  // "" where there is none
  std::string file_name;     // decoded

  friend bool operator==(const Link&, const Link&) = default;
};

// pip's Link(): `verbatim` with its fragment, as it stands in a requirement ("git+https://…@tag" too) or
// comes from absolute_link(). `page_hashes`: those that a JSON page gives beside the link, in the page's
// order. nullopt: this pip raises on it.
std::optional<Link> parse_link(std::string_view verbatim, const python::Version& pip,
                               const std::vector<Hash>& page_hashes = {});

// What pip makes of a link on a page: joined to `base` (the page's address after redirects, or what its
// <base> says) and quoted, fragment included. nullopt: this pip raises on it.
std::optional<std::string> absolute_link(std::string_view base, std::string_view href,
                                         const python::Version& pip);

}  // namespace wheelfit::pipcache
