// SPDX-License-Identifier: Apache-2.0
#include "base/at_once.hpp"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

namespace wheelfit {
namespace {

class Share {
 public:
  Share(std::size_t count, const std::function<void(std::size_t)>& work) : count_(count), work_(work) {}

  void take_turns() noexcept {
    for (std::size_t next = next_++; next < count_; next = next_++) {
      try {
        work_(next);
      } catch (...) {
        const std::lock_guard lock(mutex_);
        if (!failure_) failure_ = std::current_exception();
        next_ = count_;
      }
    }
  }

  void rethrow() const {
    if (failure_) std::rethrow_exception(failure_);
  }

 private:
  const std::size_t count_;
  const std::function<void(std::size_t)>& work_;
  std::atomic<std::size_t> next_ = 0;
  std::mutex mutex_;
  std::exception_ptr failure_;
};

}  // namespace

void at_once(std::size_t count, const std::function<void(std::size_t)>& work, unsigned width) {
  Share share(count, work);
  {
    std::vector<std::jthread> others;
    for (std::size_t i = 1; i < std::min<std::size_t>(count, width); ++i)
      others.emplace_back([&share] { share.take_turns(); });
    share.take_turns();
  }
  share.rethrow();
}

}  // namespace wheelfit
