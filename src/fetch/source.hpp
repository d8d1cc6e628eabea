// SPDX-License-Identifier: Apache-2.0
// One address of a file in the course of a download: what it has said, how it does, and when it may be asked
// again.
#pragma once

#include <cstdint>
#include <exception>
#include <optional>
#include <string>

#include "base/error.hpp"
#include "fetch/fetch.hpp"
#include "fetch/partial_file.hpp"
#include "fetch/rate_meter.hpp"
#include "fetch/source_choice.hpp"

namespace wheelfit::fetch {

class Source {
 public:
  using Standing = SourceState::Standing;

  Source(const Address& address, int most_connections);

  const Address& address() const noexcept { return *address_; }
  std::string host() const;

  // What it is asked with. After a redirect to another host that is asked itself, until it refuses.
  system::HttpRequest request() const;
  void answered_from(const std::string& effective_url);
  // After a refusal: whether something about the request can be changed that may have been the reason.
  bool can_be_asked_otherwise(int status);

  // One more attempt has failed; `received`: bytes of the file that are here, `whole`: its size. Returns the
  // pause before the next attempt, or nullopt: it has failed for good.
  struct Trouble {
    std::exception_ptr fault;
    bool transient = false;
    std::optional<std::chrono::seconds> retry_after = std::nullopt;
  };
  std::optional<std::chrono::milliseconds> failed(const Trouble& trouble, const Limits& limits,
                                                  std::uint64_t received, std::uint64_t whole);

  SourceState state(double now) const;

  Standing standing = Standing::untried;
  std::optional<Origin> seen;
  bool knows_ranges = true;
  int connections = 0;
  int most_at_once = 0;     // connections, so far
  int most;                 // connections that it allows
  std::uint64_t bytes = 0;  // that it has brought in this run
  double active_at = 0;     // asked, or the last byte
  std::optional<double> first_byte_at;
  double pause_until = 0;
  RateMeter meter;
  std::exception_ptr fault;

 private:
  const Address* address_;
  std::optional<std::string> direct_;  // may hold a signature, so never shown
  bool sends_token_;
  int without_progress_ = 0;
  std::uint64_t mark_ = 0;  // where the count of attempts was begun anew
};

}  // namespace wheelfit::fetch
