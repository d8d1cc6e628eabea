// SPDX-License-Identifier: Apache-2.0
#include "fetch/download_job.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/error.hpp"
#include "fetch/faults.hpp"
#include "system/url.hpp"

namespace wheelfit::fetch {
namespace {

using Standing = SourceState::Standing;

constexpr std::uint64_t megabyte = 1U << 20U;
constexpr std::uint64_t first_piece = 4 * megabyte;
constexpr double seconds_of_a_piece = 2;
constexpr double least_known = 0.5;   // seconds after which the speed of a connection tells something
constexpr double look_around = 0.02;  // how often connections and sources are thought about
constexpr double record_every = 0.1;  // what is here goes into the journal

}  // namespace

Download::Download(const Artifact& artifact, const std::vector<Address>& addresses, PartialFile& partial,
                   system::HttpClient& http, system::Clock& clock, Reporter& report, const Limits& limits)
    : artifact_(artifact),
      partial_(partial),
      clock_(clock),
      report_(report),
      limits_(limits),
      timeline_(clock),
      transfers_(http.transfers()),
      control_(limits.connections) {
  for (const Address& address : addresses) sources_.emplace_back(address, limits.connections);
}

Downloaded Download::run() {
  resume();
  try {
    while (!plan_.complete()) step();
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::machine) record_all();  // a full disk takes no journal either
    throw;
  }
  record_all();
  report_.progressed(plan_.done().total());
  return result();
}

void Download::resume() {
  const std::optional<Origin>& origin = partial_.origin();
  std::optional<std::uint64_t> size = artifact_.size;
  if (origin && !usable(*origin)) partial_.discard();
  if (partial_.origin()) {
    if (!size) size = partial_.origin()->length;
    for (Source& source : sources_) {
      if (system::redacted(source.address().url) == partial_.origin()->url) source.seen = partial_.origin();
    }
  }
  resumed_ = !partial_.done().empty();
  plan_ = PiecePlan(partial_.done(), size);
  hash_.emplace(partial_.data());
  hash_->advance(plan_.done().contiguous());
  report_.resumed(plan_.done().total());
}

// Without a hash only the server's own word tells that two halves belong together.
bool Download::usable(const Origin& origin) const {
  if (artifact_.size && origin.length && *artifact_.size != *origin.length) return false;
  if (together()) return true;
  if (partial_.from_earlier_boot() || !origin.validator()) return false;
  return std::any_of(sources_.begin(), sources_.end(), [&](const Source& source) {
    return system::redacted(source.address().url) == origin.url;
  });
}

void Download::start_anew() {
  for (const Connection& connection : connections_) transfers_->cancel(connection.transfer);
  connections_.clear();
  for (Source& source : sources_) {
    source.seen.reset();
    source.connections = 0;
    if (source.standing == Standing::answering || source.standing == Standing::asked)
      source.standing = Standing::untried;
  }
  hash_.reset();
  partial_.discard();
  plan_ = PiecePlan({}, artifact_.size);
  hash_.emplace(partial_.data());
  owner_.reset();
  resumed_ = false;
}

void Download::step() {
  const double now = timeline_.now();
  if (now >= look_at_) {
    look_at_ = now + look_around;
    look_after(now);
  }
  if (connections_.empty()) {
    wait_for_a_source(now);
    return;
  }
  for (system::Transfers::Ended& ended : transfers_->advance(std::chrono::milliseconds(20))) judge(ended);
}

void Download::look_after(double now) {
  for (Connection& connection : connections_) connection.meter.sample(now, connection.bytes);
  for (Source& source : sources_) source.meter.sample(now, source.bytes);
  hash_->advance(plan_.done().contiguous());
  report_.progressed(plan_.done().total());
  if (now >= record_at_) {
    record_at_ = now + record_every;
    record_all();
  }
  end_robbed_and_stalled(now);
  choose_sources(now);
  if (plan_.unassigned() > 0) control_.observe(now, transferred_, flowing(), latency());
  add_connections(now);
  help_at_the_end(now);
}

void Download::record_all() {
  for (const ByteSpan& span : plan_.done().spans()) {
    if (const auto gap = partial_.done().gap(span.first, span.end)) {
      if (!partial_.origin()) return;
      partial_.record({gap->first, span.end});
    }
  }
}

int Download::flowing() const {
  return static_cast<int>(std::count_if(connections_.begin(), connections_.end(),
                                        [](const Connection& each) { return each.first_byte.has_value(); }));
}

double Download::latency() const {
  double longest = 0;
  for (const Connection& each : connections_) {
    if (each.first_byte) longest = std::max(longest, *each.first_byte - each.begun);
  }
  return longest;
}

std::vector<SourceState> Download::states(double now) const {
  std::vector<SourceState> states;
  for (const Source& source : sources_) states.push_back(source.state(now));
  return states;
}

void Download::choose_sources(double now) {
  for (Source& source : sources_) {
    if (source.standing == Standing::pausing && now >= source.pause_until) ask(source, now);
  }
  const Advice advice = advise(states(now), now - joined_at_, plan_.missing());
  if (together()) {
    for (const std::size_t index : advice.leave) leave(index);
  }
  if (!advice.join || owner_) return;
  joined_at_ = now;
  ask(sources_[*advice.join], now);
}

void Download::ask(Source& source, double now) {
  source.standing = Standing::asked;
  source.active_at = now;
  if (!begin_piece(source, now)) source.standing = Standing::left;
}

void Download::add_connections(double now) {
  while (at_work() < control_.target()) {
    const auto index = source_for_more(states(now));
    if (!index || (owner_ && *owner_ != *index)) return;
    if (!sources_[*index].knows_ranges && sources_[*index].connections > 0) return;
    if (!begin_piece(sources_[*index], now)) return;
  }
}

// At the end of the file a source that has nothing to do helps who is slow, whatever the number of
// connections.
void Download::help_at_the_end(double now) {
  if (plan_.unassigned() > 0 || owner_) return;
  for (Source& source : sources_) {
    const bool idle = source.standing == Standing::answering && source.connections == 0;
    if (idle && source.knows_ranges) begin_piece(source, now);
  }
}

// A source that is still awaited does not count.
int Download::at_work() const {
  return static_cast<int>(std::count_if(
      connections_.begin(), connections_.end(),
      [this](const Connection& each) { return sources_[each.source].standing != Standing::asked; }));
}

// Nobody works: the first source whose pause ends is waited for.
void Download::wait_for_a_source(double now) {
  std::optional<double> until;
  for (const Source& source : sources_) {
    if (source.standing == Standing::pausing && (!until || source.pause_until < *until))
      until = source.pause_until;
    if (source.standing == Standing::untried || source.standing == Standing::left) until = now;
  }
  if (!until) throw_all_failed(artifact_, sources_);
  timeline_.wait(*until - now);
  look_at_ = 0;
}

std::uint64_t Download::piece_length(const Source& source) const {
  const double on_each = source.meter.per_second() / std::max(source.connections, 1);
  const bool known = source.first_byte_at.has_value() && on_each > 0;
  const auto wished = known ? static_cast<std::uint64_t>(on_each * seconds_of_a_piece) : first_piece;
  const auto workers = static_cast<std::uint64_t>(std::max(control_.target(), 1));
  std::uint64_t most = workers <= 2 ? 64 * megabyte : 16 * megabyte;
  if (workers > 1 && plan_.size()) most = std::min(most, plan_.unassigned() / (2 * workers));
  return std::clamp(wished, megabyte, std::max(most, megabyte));
}

void Download::tell_paces(const Source& asker, double now) {
  // Without the size there is nothing else that could be asked of another source.
  const double patience = plan_.size() ? 1 : 0.3;
  for (const Connection& each : connections_) {
    const bool same = &sources_[each.source] == &asker;
    const double quiet = now - std::max(each.begun, each.last_byte);
    const bool awaited = !each.first_byte && !same && quiet >= patience;
    plan_.set_pace(each.worker,
                   {each.meter.per_second(), awaited || is_stalled(quiet, each.first_byte.has_value()),
                    !each.first_byte || now - each.begun < least_known});
  }
}

bool Download::begin_piece(Source& source, double now) {
  Connection connection;
  connection.worker = ++last_worker_;
  connection.source = static_cast<std::size_t>(&source - sources_.data());
  connection.begun = connection.last_byte = now;
  tell_paces(source, now);
  if (source.knows_ranges) {
    connection.range = plan_.assign(connection.worker, piece_length(source),
                                    source.meter.per_second() / std::max(source.connections, 1), latency());
    if (!connection.range) return false;
  } else {
    if (flowing() > 0) return false;
    plan_.assign_whole(connection.worker);
  }
  system::HttpRequest request = source.request();
  if (connection.range) add_range(request, *connection.range, source);
  connections_.push_back(std::move(connection));
  const Worker worker = connections_.back().worker;
  connections_.back().transfer = transfers_->start(
      std::move(request),
      [this, worker](const system::HttpResponse& head) { return accept(find(worker), head); },
      [this, worker](std::span<const std::byte> bytes) { return take(find(worker), bytes); });
  source.most_at_once = std::max(source.most_at_once, ++source.connections);
  return true;
}

void Download::add_range(system::HttpRequest& request, const ByteSpan& range, const Source& source) {
  request.headers.emplace_back("Range",
                               "bytes=" + std::to_string(range.first) + "-" + std::to_string(range.end - 1));
  const auto validator = source.seen ? source.seen->validator() : std::nullopt;
  if (validator) request.headers.emplace_back("If-Range", *validator);
}

Connection& Download::find(Worker worker) {
  return *std::find_if(connections_.begin(), connections_.end(),
                       [worker](const Connection& each) { return each.worker == worker; });
}

Downloaded Download::result() {
  Downloaded done;
  done.size = plan_.size().value_or(0);
  done.transferred = transferred_;
  done.resumed = resumed_;
  for (std::size_t i = 0; i < sources_.size(); ++i) {
    if (sources_[i].bytes == 0) continue;
    done.sources.push_back(i);
    report_.detail(text("{} bytes from {}, over at most {} connections at once", sources_[i].bytes,
                        sources_[i].host(), sources_[i].most_at_once));
  }
  transfers_.reset();  // what is still on its way is not waited for
  done.sha256 = hash_->finish(done.size);
  return done;
}

Downloaded download(const Artifact& artifact, const std::vector<Address>& addresses, PartialFile& partial,
                    system::HttpClient& http, system::Clock& clock, Reporter& report, const Limits& limits) {
  return Download(artifact, addresses, partial, http, clock, report, limits).run();
}

}  // namespace wheelfit::fetch
