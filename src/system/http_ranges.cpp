// SPDX-License-Identifier: Apache-2.0
#include "system/http_ranges.hpp"

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "system/range_request.hpp"
#include "system/url.hpp"

namespace wheelfit::system {
namespace {

using Kind = RangeAnswer::Kind;

constexpr std::uint64_t tail_size = 32 << 10;  // the directory and the metadata of most wheels
// What one request brings at least: a two-thousandth of the file, within limits.
constexpr std::uint64_t smallest_step = 16 << 10;
constexpr std::uint64_t largest_first_step = 64 << 10;
constexpr std::uint64_t largest_step = 1 << 20;
constexpr std::uint64_t largest_request = 8 << 20;

// Statuses that say of a suffix only that the server does not know suffixes.
bool may_know_other_ranges(int status) {
  constexpr int statuses[] = {200, 206, 400, 405, 416, 501};
  return std::ranges::find(statuses, status) != std::end(statuses);
}

// Of a signed address that was good for a while.
bool may_have_expired(int status) { return status == 401 || status == 403 || status == 404 || status == 410; }

std::string host_of(const std::string& address) {
  const auto url = parse_url(address);
  return url ? url->host : redacted(address);
}

struct Validators {
  std::string etag;
  std::string modified;

  explicit Validators(const HttpResponse& head)
      : etag(head.header("etag").value_or("")), modified(head.header("last-modified").value_or("")) {}

  // RFC 9110, 13.1.5: no weak tag may be sent.
  std::optional<std::string> if_range() const {
    if (!etag.empty() && !etag.starts_with("W/")) return etag;
    if (!modified.empty()) return modified;
    return std::nullopt;
  }
  bool contradict(const Validators& other) const {
    if (!etag.empty() && !other.etag.empty()) return etag != other.etag;
    return !modified.empty() && !other.modified.empty() && modified != other.modified;
  }
};

// The parts of the file that are here, none touching another's bytes.
class Pieces {
 public:
  void add(std::uint64_t first, std::vector<std::byte> bytes) {
    if (!bytes.empty()) pieces_.insert_or_assign(first, std::move(bytes));
  }
  // What is here from `offset` on, without a gap in between; maybe nothing.
  std::span<const std::byte> from(std::uint64_t offset) const {
    auto piece = pieces_.upper_bound(offset);
    if (piece == pieces_.begin()) return {};
    --piece;
    const std::uint64_t inside = offset - piece->first;
    if (inside >= piece->second.size()) return {};
    return std::span(piece->second).subspan(inside);
  }
  // Where the next piece behind a gap at `offset` begins.
  std::uint64_t end_of_gap(std::uint64_t offset, std::uint64_t file_size) const {
    const auto next = pieces_.upper_bound(offset);
    return next == pieces_.end() ? file_size : next->first;
  }

 private:
  std::map<std::uint64_t, std::vector<std::byte>> pieces_;
};

}  // namespace

class HttpRanges::State {
 public:
  State(HttpClient& http, Clock& clock, RangesAddress address, const RetryPolicy& retry)
      : http_(http), clock_(clock), address_(std::move(address)), retry_(retry) {}

  // nullopt: the file is open.
  std::optional<NoRanges> open() {
    RangeAnswer answer = ask({std::nullopt, tail_size});
    const bool by_size = answer.kind != Kind::bytes && may_know_other_ranges(answer.head.status);
    if (by_size) answer = ask({0, 1});
    if (answer.kind != Kind::bytes) return NoRanges{problem_of(answer), received_};
    size_ = *answer.total;
    validators_.emplace(answer.head);
    pieces_.add(answer.first, std::move(answer.bytes));
    if (by_size) read_tail();
    return std::nullopt;
  }

  void read(std::uint64_t offset, std::span<std::byte> into) {
    if (offset > size_ || into.size() > size_ - offset)
      throw Error(ErrorKind::internal,
                  text("bytes behind the end of {} are asked for", host_of(address_.url)));
    while (!into.empty()) {
      const auto here = pieces_.from(offset);
      if (here.empty()) {
        fill_gap(offset, into.size());
        continue;
      }
      const std::size_t taken = std::min(here.size(), into.size());
      std::ranges::copy(here.first(taken), into.begin());
      into = into.subspan(taken);
      offset += taken;
    }
  }

  std::uint64_t size() const noexcept { return size_; }
  std::uint64_t received() const noexcept { return received_; }
  std::size_t requests() const noexcept { return requests_; }

 private:
  // All but the first byte, which is here, of a file that is shorter.
  void read_tail() {
    const std::uint64_t from = std::max<std::uint64_t>(1, size_ - std::min(size_, tail_size));
    if (from < size_) fill_gap(from, size_ - from);
  }

  // Who reads on where the last request ended gets more at a time, up to a third of what that run has
  // brought.
  std::uint64_t step_at(std::uint64_t offset) {
    if (offset != run_end_) run_begin_ = offset;
    const std::uint64_t first = std::clamp(size_ / 2048, smallest_step, largest_first_step);
    return std::clamp((offset - run_begin_) / 3, first, largest_step);
  }

  void fill_gap(std::uint64_t offset, std::uint64_t wanted) {
    const std::uint64_t room = pieces_.end_of_gap(offset, size_) - offset;
    const std::uint64_t length = std::min({std::max(wanted, step_at(offset)), room, largest_request});
    RangeAnswer answer = ask({offset, length});
    if (answer.kind != Kind::bytes || has_changed(answer)) refuse(answer);
    run_end_ = offset + length;
    pieces_.add(offset, std::move(answer.bytes));
  }

  bool has_changed(const RangeAnswer& answer) const {
    const bool other_size = answer.total && *answer.total != size_;
    return other_size || answer.head.status == 416 || validators_->contradict(Validators(answer.head));
  }

  [[noreturn]] void refuse(const RangeAnswer& answer) const {
    if (has_changed(answer)) {
      throw Error(ErrorKind::unreachable, text("{} has changed while it was read", redacted(address_.url)))
          .with_code("changed");
    }
    const std::string code = answer.kind == Kind::whole_file ? "no-ranges"
                             : answer.kind == Kind::wrong    ? "wrong-range"
                                                             : "http-" + std::to_string(answer.head.status);
    throw Error(ErrorKind::unreachable, problem_of(answer)).with_code(code);
  }

  Text problem_of(const RangeAnswer& answer) const {
    const std::string host = host_of(direct_.value_or(address_.url));
    switch (answer.kind) {
      case Kind::whole_file:
        return text("{} answers a range with the whole file", host);
      case Kind::wrong:
        return text("{} sends something else than the range that it was asked for", host);
      default:
        return text("{} answers {} to a range", host, answer.head.status);
    }
  }

  HttpRequest next_request() const {
    HttpRequest request;
    request.url = direct_.value_or(address_.url);
    if (!direct_) request.bearer_token = address_.bearer_token;
    const auto if_range = validators_ ? validators_->if_range() : std::nullopt;
    if (if_range) request.headers.emplace_back("If-Range", *if_range);
    return request;
  }

  RangeAnswer ask(const RangeWish& wish) {
    for (int made = 1;; ++made) {
      std::optional<std::chrono::milliseconds> pause;
      ++requests_;
      try {
        RangeAnswer answer = request_range(http_, next_request(), wish, received_);
        if (direct_ && may_have_expired(answer.head.status)) {
          direct_.reset();  // the original address gives a fresh one
          continue;
        }
        if (address_.bearer_token && may_have_expired(answer.head.status)) {
          address_.bearer_token.reset();  // a token that is no good is worse than none
          continue;
        }
        pause = pause_after(answer, made);
        if (!pause) {
          if (answer.kind == Kind::bytes) go_straight_to(answer.head.effective_url);
          return answer;
        }
      } catch (const Error& error) {
        if (!is_transient_code(error.code()) || made >= attempts_for(retry_, error.code())) throw;
        pause = delay_before_retry(retry_, made, std::nullopt, jitter());
        if (!pause) throw;
      }
      clock_.sleep(*pause);
    }
  }

  std::optional<std::chrono::milliseconds> pause_after(const RangeAnswer& answer, int made) {
    if (!is_transient_status(answer.head.status)) return std::nullopt;
    const auto header = answer.head.header("retry-after");
    return delay_before_retry(retry_, made, header ? parse_retry_after(*header, clock_.now()) : std::nullopt,
                              jitter());
  }
  double jitter() const { return static_cast<double>(received_ % 997) / 997.0; }

  // Another host's address holds all that it needs to be asked itself; the same host may want credentials
  // that only the original address carries.
  void go_straight_to(const std::string& effective_url) {
    if (!effective_url.empty() && !same_origin(effective_url, address_.url)) direct_ = effective_url;
  }

  HttpClient& http_;
  Clock& clock_;
  RangesAddress address_;
  const RetryPolicy retry_;
  std::optional<std::string> direct_;  // where the address led to; may hold a signature, so never shown
  std::uint64_t size_ = 0;
  std::optional<Validators> validators_;
  Pieces pieces_;
  std::uint64_t run_begin_ = 0;  // of the requests that followed one another
  std::uint64_t run_end_ = 0;
  std::uint64_t received_ = 0;
  std::size_t requests_ = 0;
};

HttpRanges::HttpRanges(std::unique_ptr<State> state) : state_(std::move(state)) {}
HttpRanges::~HttpRanges() = default;

tl::expected<std::unique_ptr<HttpRanges>, NoRanges> HttpRanges::open(HttpClient& http, Clock& clock,
                                                                     RangesAddress address,
                                                                     const RetryPolicy& retry) {
  auto state = std::make_unique<State>(http, clock, std::move(address), retry);
  if (auto refused = state->open()) return tl::unexpected(std::move(*refused));
  return std::unique_ptr<HttpRanges>(new HttpRanges(std::move(state)));
}

std::uint64_t HttpRanges::size() const { return state_->size(); }
void HttpRanges::read(std::uint64_t offset, std::span<std::byte> into) { state_->read(offset, into); }
std::uint64_t HttpRanges::bytes_read() const noexcept { return state_->received(); }
std::size_t HttpRanges::requests() const noexcept { return state_->requests(); }

bool wants_whole_file(std::string_view code) noexcept {
  return code == "changed" || code == "wrong-range" || code == "no-ranges" || code.starts_with("http-");
}

}  // namespace wheelfit::system
