// SPDX-License-Identifier: Apache-2.0
// The links of an index page as pip's collector holds them, and the one that pip would take. Bytes in, values
// out; any input ends in links or an error.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include "base/error.hpp"
#include "pipcache/link.hpp"
#include "python/specifier.hpp"
#include "python/tags.hpp"
#include "python/version.hpp"

namespace wheelfit::pipcache {

struct IndexPage {
  std::string_view bytes;
  std::string_view content_type;  // as the server says it; "": it is looked at
  std::string_view url;           // after redirects
};

struct PageLink {
  std::string url;           // absolute and quoted, with its fragment: parse_link() takes it with `hashes`
  std::vector<Hash> hashes;  // what a JSON page says beside it, in the page's order
  std::optional<std::string> requires_python;
  std::optional<std::string> yanked;  // the reason, maybe ""

  friend bool operator==(const PageLink&, const PageLink&) = default;
};

// All, in the page's order. Those that this pip raises on are left out.
tl::expected<std::vector<PageLink>, ParseError> page_links(const IndexPage& page, const python::Version& pip);

struct IndexWish {
  std::string package;              // normalized
  python::SpecifierSet specifiers;  // of the requirement
  bool prereleases = false;         // --pre
  bool prefer_binary = false;       // --prefer-binary
  bool ignore_requires_python = false;
  bool sources = true;       // false: --only-binary names the package
  bool wheels = true;        // false: --no-binary names it
  python::Version python;    // the full version: 3.11.7
  python::TagTarget target;  // which wheels of the page this Python takes
};

struct Choice {
  PageLink link;
  Link held;  // as this pip holds it
  python::Version version;
  bool is_wheel = false;  // then pip takes it as it is and does not look for a built one
};

// What pip would take of these links; nullopt: nothing suits.
std::optional<Choice> choose_link(const std::vector<PageLink>& links, const IndexWish& wish,
                                  const python::Version& pip);

}  // namespace wheelfit::pipcache
