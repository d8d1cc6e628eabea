// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/reporter.hpp"

namespace wheelfit::test {

// Remembers what a stage reported, in English. Thread-safe; take the copies after the stage has returned.
class RecordingReporter final : public Reporter {
 public:
  struct Work {
    std::string what;
    std::optional<std::uint64_t> total;
    std::vector<std::uint64_t> progress;
    bool finished = false;
  };

  void started(const Text& what, std::optional<std::uint64_t> total) noexcept override {
    const std::lock_guard lock(mutex_);
    work_.push_back({what.english(), total, {}, false});
  }
  void progressed(std::uint64_t done) noexcept override {
    const std::lock_guard lock(mutex_);
    if (!work_.empty()) work_.back().progress.push_back(done);
  }
  void finished() noexcept override {
    const std::lock_guard lock(mutex_);
    if (!work_.empty()) work_.back().finished = true;
  }
  void note(const Text& line) noexcept override {
    const std::lock_guard lock(mutex_);
    notes_.push_back(line.english());
  }
  void warning(const Text& line) noexcept override {
    const std::lock_guard lock(mutex_);
    warnings_.push_back(line.english());
  }

  std::vector<Work> work() const { return copy(work_); }
  std::vector<std::string> notes() const { return copy(notes_); }
  std::vector<std::string> warnings() const { return copy(warnings_); }

 private:
  template <typename T>
  std::vector<T> copy(const std::vector<T>& values) const {
    const std::lock_guard lock(mutex_);
    return values;
  }

  mutable std::mutex mutex_;
  std::vector<Work> work_;
  std::vector<std::string> notes_;
  std::vector<std::string> warnings_;
};

}  // namespace wheelfit::test
