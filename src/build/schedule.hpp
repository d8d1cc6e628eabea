// SPDX-License-Identifier: Apache-2.0
// Which file is compiled next, within the memory there is. Pure: told what happens, it says what to do.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace wheelfit::build {

struct Load {
  double seconds = 0;              // expected
  std::uint64_t peak_bytes = 0;    // expected, of memory
  std::uint64_t object_bytes = 0;  // expected, of disk
  bool first = false;              // what is most likely to fail is tried before hours are spent on the rest
};

// Memory at one moment.
struct MemoryNow {
  std::uint64_t available = 0;  // bytes that could still be used, what runs not counted in
  std::uint64_t limit = 0;      // of all that there is
  // What each running unit holds now, in the order of running().
  std::vector<std::uint64_t> held;
};

// The longest first, so that the end is not one unit alone; a unit that does not fit beside those that run
// waits, and a shorter one that does takes its turn. A sixteenth of all memory is left to others.
class Schedule {
 public:
  Schedule(std::vector<Load> loads, unsigned jobs);

  // The unit to start now; nullopt: none, for want of memory, of a free job or of units. Where nothing runs,
  // one is always started.
  std::optional<std::size_t> next(const MemoryNow& memory) const;
  // The running unit to end, since memory runs short: the youngest. Never the only one.
  std::optional<std::size_t> to_withdraw(const MemoryNow& memory) const;

  void started(std::size_t unit);
  void finished(std::size_t unit);
  // It was ended before it was done: it runs alone next time, and later.
  void withdrawn(std::size_t unit, std::uint64_t held);

  const std::vector<std::size_t>& running() const noexcept { return running_; }
  std::size_t done() const noexcept { return done_; }
  bool all_done() const noexcept { return done_ == loads_.size(); }
  // It had to be ended for want of memory already.
  bool was_withdrawn(std::size_t unit) const { return states_.at(unit).alone; }

 private:
  enum class Phase { waiting, running, done };
  struct State {
    Phase phase = Phase::waiting;
    bool alone = false;
  };
  std::uint64_t reserved_by_running(const MemoryNow& memory) const;

  std::vector<Load> loads_;
  std::vector<State> states_;
  std::vector<std::size_t> order_;    // longest first
  std::vector<std::size_t> running_;  // oldest first
  unsigned jobs_;
  std::size_t done_ = 0;
};

}  // namespace wheelfit::build
