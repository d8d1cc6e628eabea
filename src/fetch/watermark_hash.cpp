// SPDX-License-Identifier: Apache-2.0
#include "fetch/watermark_hash.hpp"

#include <algorithm>
#include <vector>

#include "system/sha256.hpp"

namespace wheelfit::fetch {
namespace {

constexpr std::size_t step = 256U << 10U;  // stays in the processor's own cache
constexpr std::uint64_t flush_step = 16U << 20U;

}  // namespace

WatermarkHash::WatermarkHash(system::SparseFile& file) : file_(file), thread_([this] { run(); }) {}

WatermarkHash::~WatermarkHash() {
  {
    const std::lock_guard lock(mutex_);
    abandoned_ = true;
  }
  changed_.notify_one();
  if (thread_.joinable()) thread_.join();
}

void WatermarkHash::advance(std::uint64_t watermark) {
  {
    const std::lock_guard lock(mutex_);
    if (watermark <= watermark_) return;
    watermark_ = watermark;
  }
  changed_.notify_one();
}

std::string WatermarkHash::finish(std::uint64_t size) {
  {
    const std::lock_guard lock(mutex_);
    watermark_ = size;
    last_ = true;
  }
  changed_.notify_one();
  thread_.join();
  if (fault_) std::rethrow_exception(fault_);
  return digest_;
}

// Where it may read to; `done` itself once there is no more.
std::uint64_t WatermarkHash::wait_for_more(std::uint64_t done) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return abandoned_ || last_ || watermark_ > done; });
  return abandoned_ ? done : watermark_;
}

void WatermarkHash::run() {
  try {
    system::Sha256 hash;
    std::vector<std::byte> buffer(step);
    std::uint64_t done = 0;
    std::uint64_t flushed = 0;
    for (std::uint64_t to = wait_for_more(done); to > done; to = wait_for_more(done)) {
      const std::size_t wanted = static_cast<std::size_t>(std::min<std::uint64_t>(to - done, step));
      const std::size_t got = file_.read_at(done, std::span(buffer).first(wanted));
      if (got == 0) break;  // shorter than it should be: the hash will tell
      hash.update(std::span(buffer).first(got));
      done += got;
      if (done - flushed < flush_step) continue;
      file_.begin_flush(flushed, done - flushed);
      flushed = done;
    }
    digest_ = system::to_hex(hash.finish());
  } catch (...) {
    fault_ = std::current_exception();
  }
}

}  // namespace wheelfit::fetch
