// SPDX-License-Identifier: Apache-2.0
// One page of GitHub's "list releases" (REST API, version 2022-11-28). Bytes in, values out.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include "base/error.hpp"

namespace wheelfit::catalog {

struct GithubAsset {
  std::string name;
  std::string url;                    // browser_download_url
  std::optional<std::string> sha256;  // of "digest", lower-case hex
  std::optional<std::uint64_t> size;  // bytes
};

struct GithubRelease {
  std::string tag;
  std::string published;            // RFC 3339, UTC; "" where it is not said
  std::vector<GithubAsset> wheels;  // assets whose name ends in .whl and that are uploaded whole
};

// Drafts are left out.
tl::expected<std::vector<GithubRelease>, ParseError> parse_github_releases(std::string_view bytes);

}  // namespace wheelfit::catalog
