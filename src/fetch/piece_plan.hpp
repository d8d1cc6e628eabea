// SPDX-License-Identifier: Apache-2.0
// Which connection fetches which bytes. Pure: what arrives and how fast is told, spans come out.
#pragma once

#include <cstdint>
#include <map>
#include <optional>

#include "fetch/byte_set.hpp"

namespace wheelfit::fetch {

using Worker = std::uint64_t;  // a connection, by any number

// The bytes that are missing are given out from the beginning of the file, so that what is contiguous grows.
// Once all are given out, who is free takes over from who is slow.
class PiecePlan {
 public:
  // `size`: of the file; nullopt: not known yet.
  explicit PiecePlan(ByteSet done = {}, std::optional<std::uint64_t> size = std::nullopt)
      : done_(std::move(done)), size_(size) {}

  const ByteSet& done() const noexcept { return done_; }
  std::optional<std::uint64_t> size() const noexcept { return size_; }
  void set_size(std::uint64_t size);
  bool complete() const noexcept { return size_ && done_.contiguous() >= *size_; }
  std::uint64_t missing() const noexcept;     // 0 where the size is not known
  std::uint64_t unassigned() const noexcept;  // of these, what nobody fetches; 0 where it is not known

  // What is known of a connection that has bytes to fetch.
  struct Pace {
    double bytes_per_second = 0;
    bool stalled = false;  // it has brought nothing for so long that another one should do its work
    bool fresh = false;  // no answer yet, or only just: its speed tells nothing, and nothing is taken from it
  };
  // A span for `worker`, of about `length`: what a stalled one has, else what nobody has, else the back part
  // of what will take longest. `bytes_per_second` 0: not known yet; `wait`: seconds until an answer may be
  // expected. nullopt: there is nothing worth beginning.
  std::optional<ByteSpan> assign(Worker worker, std::uint64_t length, double bytes_per_second,
                                 double wait = 0);
  // The whole of the file, whoever else fetches parts of it: for a server that knows no ranges.
  ByteSpan assign_whole(Worker worker);
  // An answer for `range` has come for `worker`, which lost all of it to another meanwhile. Who answers first
  // brings it: otherwise two that wait for the same slow server could take it from each other for ever.
  // False: the other one has brought something already.
  bool take_back(Worker worker, const ByteSpan& range);
  void set_pace(Worker worker, Pace pace);

  // What `worker` has still to fetch; empty: nothing (any more).
  ByteSpan left(Worker worker) const;
  // `length` bytes have come in for `worker` at the front of what it has left. Returns how many of them are
  // wanted: those behind are another's business.
  std::uint64_t received(Worker worker, std::uint64_t length);
  void release(Worker worker) { assigned_.erase(worker); }

 private:
  struct Assignment {
    ByteSpan left;
    Pace pace;
    bool answered = false;  // it has brought something
  };
  std::optional<ByteSpan> next_gap(std::uint64_t from) const;
  std::optional<ByteSpan> take_over_stalled(Worker worker);
  std::optional<ByteSpan> take_over_slowest(Worker worker, double bytes_per_second, double wait);

  ByteSet done_;
  std::optional<std::uint64_t> size_;
  std::map<Worker, Assignment> assigned_;
};

}  // namespace wheelfit::fetch
