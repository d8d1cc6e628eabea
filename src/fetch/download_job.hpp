// SPDX-License-Identifier: Apache-2.0
// One download under way (for download.cpp and download_answers.cpp only): what is wished, who works, what
// has come.
#pragma once

#include <deque>
#include <memory>
#include <optional>

#include "fetch/download.hpp"
#include "fetch/piece_plan.hpp"
#include "fetch/range_reply.hpp"
#include "fetch/source.hpp"
#include "fetch/speed_control.hpp"
#include "fetch/timeline.hpp"
#include "fetch/watermark_hash.hpp"

namespace wheelfit::fetch {

// One request that is under way.
struct Connection {
  Worker worker = 0;
  system::Transfers::Id transfer = 0;
  std::size_t source = 0;
  std::optional<ByteSpan> range;  // as asked for; nullopt: the whole file
  double begun = 0;
  std::optional<double> first_byte;
  double last_byte = 0;
  std::uint64_t bytes = 0;
  RateMeter meter;
  std::optional<Reply> reply;
  std::exception_ptr fault = nullptr;  // found by us, not by the client
};

class Download {
 public:
  Download(const Artifact& artifact, const std::vector<Address>& addresses, PartialFile& partial,
           system::HttpClient& http, system::Clock& clock, Reporter& report, const Limits& limits);
  Downloaded run();

 private:
  // --- what is here already ---
  bool together() const noexcept { return artifact_.sha256.has_value(); }
  void resume();
  // Without a hash only the server's own word tells that two halves belong together.
  bool usable(const Origin& origin) const;
  void start_anew();

  // --- the loop ---
  void step();
  void look_after(double now);
  void record_all();
  int flowing() const;
  double latency() const;
  std::vector<SourceState> states(double now) const;
  void choose_sources(double now);
  void ask(Source& source, double now);
  void add_connections(double now);
  void help_at_the_end(double now);
  // A source that is still awaited does not count.
  int at_work() const;
  // Nobody works: the first source whose pause ends is waited for.
  void wait_for_a_source(double now);

  // --- requests ---
  std::uint64_t piece_length(const Source& source) const;
  void tell_paces(const Source& asker, double now);
  bool begin_piece(Source& source, double now);
  static void add_range(system::HttpRequest& request, const ByteSpan& range, const Source& source);
  Connection& find(Worker worker);

  // --- answers (called while the client is at work: nothing is begun or cancelled here) ---
  // False: the body is not wanted.
  bool accept(Connection& connection, const system::HttpResponse& head);
  std::optional<std::uint64_t> plan_size() const { return artifact_.size ? artifact_.size : plan_.size(); }
  // The server knows no ranges: this connection brings all of it, unless others are at work.
  bool make_way_for_whole(Connection& connection);
  // Whether what this source has may be put beside what is here.
  bool begin_file(std::size_t index, const Origin& origin);
  bool take(Connection& connection, std::span<const std::byte> bytes);

  // --- the end of a request ---
  void judge(system::Transfers::Ended& ended);
  void ended_well(const Connection& connection, const ByteSpan& left, const system::HttpResponse& response);
  bool owned_by_another(const Connection& connection) const;
  static Error short_answer(const Source& source);
  void refused(const Connection& connection, const system::HttpResponse& response);
  void wrong_length(const Connection& connection);
  void file_changed(const Connection& connection);
  // A connection beside others that work was one too many; else the source itself is in trouble.
  void trouble(const Connection& connection, const Source::Trouble& trouble);
  int working_connections(std::size_t index) const;
  void allow_no_more(Source& source, int working);
  void fail(std::size_t index, const Source::Trouble& trouble);
  void pause(std::size_t index, const Source::Trouble& trouble);
  static std::string tenths(double seconds);
  void leave(std::size_t index);
  std::deque<Connection>::iterator cancel(std::deque<Connection>::iterator at);
  // Who has lost its work to another is let go, unless it is still awaited; so is who stands still while the
  // same server serves others.
  void end_robbed_and_stalled(double now);

  // --- the end ---
  Downloaded result();
  const Artifact& artifact_;
  PartialFile& partial_;
  system::Clock& clock_;
  Reporter& report_;
  const Limits& limits_;
  Timeline timeline_;
  std::unique_ptr<system::Transfers> transfers_;
  std::vector<Source> sources_;
  std::deque<Connection> connections_;  // a deque: the sinks look them up while others begin and end
  PiecePlan plan_;
  std::optional<WatermarkHash> hash_;
  SpeedControl control_;
  std::optional<std::size_t> owner_;  // without a hash: the one source that the file comes from
  Worker last_worker_ = 0;
  std::uint64_t transferred_ = 0;
  bool resumed_ = false;
  int changes_ = 0;
  double look_at_ = 0;
  double record_at_ = 0;
  double joined_at_ = -1000;
};

}  // namespace wheelfit::fetch
