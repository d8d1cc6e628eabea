// SPDX-License-Identifier: Apache-2.0
#include "fetch/source.hpp"

#include <algorithm>

#include "system/url.hpp"

namespace wheelfit::fetch {
namespace {

// A server that drips a few bytes and stalls, again and again, must not be waited for without end: only so
// much more of the file, over the attempts that are allowed, counts as progress. So there are at most 16
// rounds, or one a megabyte.
std::uint64_t worth_another_round(std::uint64_t whole) {
  constexpr std::uint64_t megabyte = 1U << 20U;
  return std::clamp<std::uint64_t>((whole == 0 ? megabyte : whole) / 16, 1, megabyte);
}

std::string code_of(const std::exception_ptr& fault) {
  try {
    if (fault) std::rethrow_exception(fault);
  } catch (const Error& error) {
    return error.code();
  }
  return {};
}

// Spreads the pauses of downloads that failed together.
double jitter(std::uint64_t seed) { return static_cast<double>(seed % 997) / 997.0; }

}  // namespace

Source::Source(const Address& address, int most_connections)
    : most(most_connections), address_(&address), sends_token_(address.bearer_token.has_value()) {
  knows_ranges = !address.url.starts_with("file:");
}

std::string Source::host() const {
  const auto url = system::parse_url(address_->url);
  return url && !url->host.empty() ? url->host : system::redacted(address_->url);
}

system::HttpRequest Source::request() const {
  system::HttpRequest request;
  request.url = direct_.value_or(address_->url);
  if (!direct_ && sends_token_) request.bearer_token = address_->bearer_token;
  return request;
}

// Another host's address holds all that it needs to be asked itself; the same host may want credentials that
// only the original address carries.
void Source::answered_from(const std::string& effective_url) {
  if (direct_ || effective_url.empty() || system::same_origin(effective_url, address_->url)) return;
  direct_ = effective_url;
}

bool Source::can_be_asked_otherwise(int status) {
  const bool denied = status == 401 || status == 403 || status == 404 || status == 410;
  if (!denied) return false;
  if (direct_) {  // a signature has expired: the original address gives a fresh one
    direct_.reset();
    return true;
  }
  if (sends_token_) {  // a token that is no good is worse than none
    sends_token_ = false;
    return true;
  }
  return false;
}

std::optional<std::chrono::milliseconds> Source::failed(const Trouble& trouble, const Limits& limits,
                                                        std::uint64_t received, std::uint64_t whole) {
  fault = trouble.fault;
  standing = Standing::failed;
  if (!trouble.transient) return std::nullopt;
  if (received >= mark_ + worth_another_round(whole)) {
    without_progress_ = 0;
    mark_ = received;
  } else {
    ++without_progress_;
  }
  if (without_progress_ >= attempts_for(limits.retry, code_of(fault))) return std::nullopt;
  const auto pause =
      delay_before_retry(limits.retry, without_progress_, trouble.retry_after, jitter(received));
  if (pause) standing = Standing::pausing;
  return pause;
}

SourceState Source::state(double now) const {
  SourceState state;
  state.standing = standing;
  state.quiet = now - active_at;
  state.flowing = first_byte_at ? now - *first_byte_at : 0;
  state.bytes_per_second = meter.per_second();
  state.connections = connections;
  state.most = knows_ranges ? most : 1;
  return state;
}

}  // namespace wheelfit::fetch
