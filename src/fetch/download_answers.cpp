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

constexpr std::uint64_t too_little = 64U << 10U;  // for a connection that was worth having

}  // namespace

// False: the body is not wanted.
bool Download::accept(Connection& connection, const system::HttpResponse& head) {
  Source& source = sources_[connection.source];
  connection.reply = judge_reply({source.address().url, connection.range, source.seen, plan_size()}, head);
  const Reply& reply = *connection.reply;
  if (reply.kind == Reply::Kind::refused) return true;
  if (reply.kind != Reply::Kind::part && reply.kind != Reply::Kind::whole) return false;
  const bool lost = plan_.left(connection.worker).empty() &&
                    !(connection.range && plan_.take_back(connection.worker, *connection.range));
  if (lost) {  // another one brings it, but the source is there
    source.standing = Standing::answering;
    source.active_at = timeline_.now();
    return false;
  }
  if (owner_ && *owner_ != connection.source) return false;
  if (reply.kind == Reply::Kind::whole && !make_way_for_whole(connection)) return false;
  const bool identified = together() || reply.origin.validator().has_value();
  if (reply.kind == Reply::Kind::part && !identified) {  // its parts may be of different files
    source.knows_ranges = false;
    return false;
  }
  if (!begin_file(connection.source, reply.origin)) {
    connection.reply->kind = Reply::Kind::changed;
    return false;
  }
  return true;
}

// The server knows no ranges: this connection brings all of it, unless others are at work.
bool Download::make_way_for_whole(Connection& connection) {
  Source& source = sources_[connection.source];
  source.knows_ranges = false;
  if (connection.range && flowing() > 0) return false;
  plan_.assign_whole(connection.worker);
  connection.range.reset();
  return true;
}

// Whether what this source has may be put beside what is here.
bool Download::begin_file(std::size_t index, const Origin& origin) {
  Source& source = sources_[index];
  if (!together()) owner_ = index;
  const bool here = partial_.origin() && !plan_.done().empty();
  if (here && !together() && partial_.origin()->url != origin.url) return false;
  if (here && plan_.size() && origin.length && *plan_.size() != *origin.length) return false;
  source.seen = origin;
  if (!here) partial_.start_over(origin);
  if (!plan_.size() && origin.length) plan_.set_size(*origin.length);
  return true;
}

bool Download::take(Connection& connection, std::span<const std::byte> bytes) {
  Source& source = sources_[connection.source];
  const double now = timeline_.now();
  if (!connection.first_byte) connection.first_byte = now;
  if (!source.first_byte_at) source.first_byte_at = now;
  source.standing = Standing::answering;
  connection.last_byte = source.active_at = now;
  const std::uint64_t at = plan_.left(connection.worker).first;
  const std::uint64_t here = plan_.done().contiguous();
  const std::uint64_t wanted = plan_.received(connection.worker, bytes.size());
  connection.bytes += wanted;
  source.bytes += wanted;
  transferred_ += wanted;
  if (at + wanted > here) partial_.write(at, bytes.first(wanted));
  if (wanted == bytes.size()) return true;
  if (!connection.range && artifact_.size) {
    connection.fault = std::make_exception_ptr(wrong_size(artifact_, at + bytes.size()));
  }
  return false;
}

void Download::judge(system::Transfers::Ended& ended) {
  const auto at = std::find_if(connections_.begin(), connections_.end(),
                               [&](const Connection& each) { return each.transfer == ended.id; });
  if (at == connections_.end()) return;
  const Connection connection = std::move(*at);
  connections_.erase(at);
  const ByteSpan left = plan_.left(connection.worker);
  plan_.release(connection.worker);
  Source& source = sources_[connection.source];
  --source.connections;
  look_at_ = 0;
  const std::exception_ptr fault = connection.fault ? connection.fault : ended.fault;
  if (fault) return trouble(connection, {fault, is_transient(fault)});
  if (!connection.reply) return;
  switch (connection.reply->kind) {
    case Reply::Kind::part:
    case Reply::Kind::whole:
      return ended_well(connection, left, ended.response);
    case Reply::Kind::empty_file:
      begin_file(connection.source, {connection.reply->origin.url, "", "", 0});
      return;
    case Reply::Kind::changed:
      return file_changed(connection);
    case Reply::Kind::wrong_range:
      return trouble(connection, {std::make_exception_ptr(wrong_range(artifact_, source.address().url))});
    case Reply::Kind::wrong_size:
      return wrong_length(connection);
    case Reply::Kind::no_ranges:
      source.knows_ranges = false;
      source.standing = Standing::left;
      return;
    case Reply::Kind::refused:
      return refused(connection, ended.response);
  }
}

void Download::ended_well(const Connection& connection, const ByteSpan& left,
                          const system::HttpResponse& response) {
  Source& source = sources_[connection.source];
  source.answered_from(response.effective_url);
  if (connection.reply->kind == Reply::Kind::whole && !connection.range && !left.empty()) {
    if (!plan_.size()) {
      plan_.set_size(left.first);
    } else {
      const Error error = wrong_size(artifact_, left.first);
      return trouble(connection, {std::make_exception_ptr(artifact_.size ? error : short_answer(source))});
    }
  } else if (connection.bytes == 0 && !left.empty() && !source.knows_ranges) {
    source.standing = Standing::left;  // until the others have done their part
  } else if (connection.bytes == 0 && !left.empty() && !owned_by_another(connection)) {
    return trouble(connection, {std::make_exception_ptr(short_answer(source)), true});
  }
  if (source.standing == Standing::asked) source.standing = Standing::left;
}

bool Download::owned_by_another(const Connection& connection) const {
  return owner_ && *owner_ != connection.source;
}

Error Download::short_answer(const Source& source) {
  return Error(ErrorKind::unreachable, text("{} sends less than it promises", source.host()))
      .with_code("cut-off");
}

void Download::refused(const Connection& connection, const system::HttpResponse& response) {
  Source& source = sources_[connection.source];
  const int status = response.status;
  const bool redirected = response.effective_url != source.request().url;
  if (source.can_be_asked_otherwise(status)) {
    source.standing = source.first_byte_at ? Standing::answering : Standing::left;
    return;
  }
  // A signed address behind a redirect may have expired: the original one gives a fresh one.
  const bool may_have_expired = redirected && (status == 401 || status == 403 || status == 410);
  const auto header = response.header("retry-after");
  trouble(connection, {std::make_exception_ptr(answered(source.address().url, status)),
                       system::is_transient_status(status) || may_have_expired,
                       header ? system::parse_retry_after(*header, clock_.now()) : std::nullopt});
}

void Download::wrong_length(const Connection& connection) {
  const std::uint64_t is = connection.reply->origin.length.value_or(0);
  if (!artifact_.size) return file_changed(connection);
  trouble(connection, {std::make_exception_ptr(wrong_size(artifact_, is))});
}

void Download::file_changed(const Connection& connection) {
  Source& source = sources_[connection.source];
  const bool others = std::any_of(sources_.begin(), sources_.end(), [&](const Source& other) {
    return &other != &source && other.standing == Standing::answering;
  });
  const auto index = connection.source;
  if (others) {
    source.seen.reset();
    return fail(index, {std::make_exception_ptr(keeps_changing(source.address().url))});
  }
  start_anew();
  if (++changes_ >= limits_.retry.attempts) throw keeps_changing(sources_[index].address().url);
  if (changes_ > 1) pause(index, {nullptr, true});
}

// A connection beside others that work was one too many; else the source itself is in trouble.
void Download::trouble(const Connection& connection, const Source::Trouble& trouble) {
  if (ends_everything(trouble.fault)) std::rethrow_exception(trouble.fault);
  Source& source = sources_[connection.source];
  const int working = source.bytes > 0 ? source.connections : working_connections(connection.source);
  if (working == 0) return fail(connection.source, trouble);
  if (connection.bytes < too_little) allow_no_more(source, working);
}

int Download::working_connections(std::size_t index) const {
  return static_cast<int>(std::count_if(
      connections_.begin(), connections_.end(),
      [index](const Connection& each) { return each.source == index && each.first_byte.has_value(); }));
}

void Download::allow_no_more(Source& source, int working) {
  source.most = std::min(source.most, working);
  int all = 0;
  for (const Source& each : sources_) {
    if (each.standing == Standing::answering) all += each.most;
  }
  control_.refused(std::max(all, 1));
  report_.detail(text("{} wants no more than {} connections", source.host(), source.most));
}

void Download::fail(std::size_t index, const Source::Trouble& trouble) {
  Source& source = sources_[index];
  leave(index);
  pause(index, trouble);
  if (source.standing != Standing::failed) return;
  if (std::all_of(sources_.begin(), sources_.end(),
                  [](const Source& each) { return each.standing == Standing::failed; })) {
    throw_all_failed(artifact_, sources_);
  }
  report_.note(text("{}; going on with another source", sentence_of(trouble.fault).english()));
  if (owner_ == index) start_anew();
}

void Download::pause(std::size_t index, const Source::Trouble& trouble) {
  Source& source = sources_[index];
  const auto pause = source.failed(trouble, limits_, plan_.done().total(), plan_.size().value_or(0));
  if (!pause) return;
  const bool unidentified = !together() && partial_.origin() && !partial_.origin()->validator();
  if (unidentified) start_anew();
  const double seconds = std::chrono::duration<double>(*pause).count();
  source.pause_until = timeline_.now() + seconds;
  report_.note(text("{}; trying again in {} s, {} bytes are kept", sentence_of(trouble.fault).english(),
                    tenths(seconds), plan_.done().total()));
}

std::string Download::tenths(double seconds) {
  const auto tenths = std::lround(seconds * 10);
  return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10);
}

void Download::leave(std::size_t index) {
  for (auto at = connections_.begin(); at != connections_.end();) {
    at = at->source == index ? cancel(at) : std::next(at);
  }
  sources_[index].standing = Standing::left;
}

std::deque<Connection>::iterator Download::cancel(std::deque<Connection>::iterator at) {
  transfers_->cancel(at->transfer);
  plan_.release(at->worker);
  --sources_[at->source].connections;
  return connections_.erase(at);
}

// Who has lost its work to another is let go, unless it is still awaited; so is who stands still while the
// same server serves others.
void Download::end_robbed_and_stalled(double now) {
  for (auto at = connections_.begin(); at != connections_.end();) {
    Source& source = sources_[at->source];
    const double quiet = now - std::max(at->begun, at->last_byte);
    const bool robbed = plan_.left(at->worker).empty() && at->first_byte.has_value();
    const int working = working_connections(at->source) - (at->first_byte ? 1 : 0);
    const bool stalled = working > 0 && is_stalled(quiet, at->first_byte.has_value());
    if (!robbed && !stalled) {
      ++at;
      continue;
    }
    if (stalled && at->bytes < too_little) allow_no_more(source, working);
    at = cancel(at);
  }
}

}  // namespace wheelfit::fetch
