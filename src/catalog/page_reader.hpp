// SPDX-License-Identifier: Apache-2.0
// Reads the pages of listings over HTTP and keeps them with their ETags (docs/formats/simple-index.md).
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include <tl/expected.hpp>

#include "base/error.hpp"
#include "base/text.hpp"
#include "system/clock.hpp"
#include "system/http.hpp"

namespace wheelfit::catalog {

using TimePoint = std::chrono::system_clock::time_point;

struct Page {
  std::string body;
  std::string content_type;  // without parameters, lower case
  std::string address;       // after redirects; may hold credentials
  std::string etag;
  std::string last_modified;
  std::string link;     // the Link header
  TimePoint read_at{};  // when it was last known to be current
};

struct PageRequest {
  std::string url;
  std::string accept;
  std::optional<std::string> bearer_token;
  std::string user_agent{};            // "": wheelfit's own; servers answer some otherwise
  std::uint64_t largest = 64U << 20U;  // bytes
  // Of a page that is much larger than what is wanted of it: what is kept and given in place of its body.
  std::function<tl::expected<std::string, ParseError>(std::string_view)> reduce{};
  std::string reduced_to{};  // with `reduce`: to what, so that two reductions of one page are two pages
};

struct PageAnswer {
  std::optional<Page> page;
  bool live = false;     // current: read, revalidated, or at most ten minutes old
  bool missing = false;  // 404 or 410
  Text trouble;          // why it is not live: "the server answered 403 …"; never holds credentials
};

// Thread-safe.
class PageReader {
 public:
  // `cache` = "": nothing is kept. `offline`: only what is kept is given.
  PageReader(system::HttpClient& http, system::Clock& clock, std::filesystem::path cache, bool offline)
      : http_(http), clock_(clock), cache_(std::move(cache)), offline_(offline) {}

  PageAnswer read(const PageRequest& request);
  bool offline() const noexcept { return offline_; }

 private:
  std::filesystem::path kept_file(const PageRequest& request) const;
  std::optional<Page> kept(const PageRequest& request) const;
  void keep(const PageRequest& request, const Page& page) const;
  PageAnswer judged(const system::HttpResponse& response, const PageRequest& request,
                    std::optional<Page> old);

  system::HttpClient& http_;
  system::Clock& clock_;
  std::filesystem::path cache_;
  bool offline_;
};

// "2026-08-16 14:05 UTC"
std::string written(TimePoint time);

}  // namespace wheelfit::catalog
