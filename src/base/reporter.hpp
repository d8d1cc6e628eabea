// SPDX-License-Identifier: Apache-2.0
// What a stage says while it works. Stages never print: they report, and render/ draws.
#pragma once

#include <cstdint>
#include <optional>

#include "base/text.hpp"

namespace wheelfit {

// What only the worker knows.
struct WorkNow {
  std::uint64_t memory_bytes = 0;
  double seconds_left = 0;
};

// Calls may come from any thread; an implementation locks. No call throws.
class Reporter {
 public:
  virtual ~Reporter() = default;

  // A piece of work that may take over a second begins: "Downloading flash_attn-….whl". `total` in bytes (or
  // units), where it is known. Work is nested at most one deep: started, progressed ..., finished.
  virtual void started(const Text& what, std::optional<std::uint64_t> total) noexcept = 0;
  virtual void progressed(std::uint64_t done) noexcept = 0;
  // So much of it was done by an earlier run: it says nothing about how fast this one is.
  virtual void resumed(std::uint64_t done) noexcept { progressed(done); }
  virtual void finished() noexcept = 0;
  // What the work is at just now and what it holds, where that is worth seeing beside the count.
  virtual void at(const Text&, const WorkNow&) noexcept {}

  // One line the user should see, shown on stderr: "retrying in 2 s: connection reset". `warning` lets a
  // command that otherwise succeeded end with exit 1 where the product says so.
  virtual void note(const Text& line) noexcept = 0;
  virtual void warning(const Text& line) noexcept = 0;
  // What only a user who asks for more wants to know.
  virtual void detail(const Text&) noexcept {}
};

// Swallows everything; for tests and for --quiet.
class SilentReporter final : public Reporter {
 public:
  void started(const Text&, std::optional<std::uint64_t>) noexcept override {}
  void progressed(std::uint64_t) noexcept override {}
  void finished() noexcept override {}
  void note(const Text&) noexcept override {}
  void warning(const Text&) noexcept override {}
};

}  // namespace wheelfit
