// SPDX-License-Identifier: Apache-2.0
// The SHA-256 of a file that is still being written, on a thread of its own, as far as the file has no gap:
// when the last byte comes, little is left to do.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <exception>
#include <mutex>
#include <string>
#include <thread>

#include "system/sparse_file.hpp"

namespace wheelfit::fetch {

class WatermarkHash {
 public:
  // `file` must outlive it; its bytes below the watermark must not change any more.
  explicit WatermarkHash(system::SparseFile& file);
  ~WatermarkHash();
  WatermarkHash(const WatermarkHash&) = delete;
  WatermarkHash& operator=(const WatermarkHash&) = delete;

  void advance(std::uint64_t watermark);
  // Of the first `size` bytes, in hex. Throws what reading the file threw.
  std::string finish(std::uint64_t size);

 private:
  void run();
  std::uint64_t wait_for_more(std::uint64_t done);

  system::SparseFile& file_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::uint64_t watermark_ = 0;
  bool last_ = false;       // there will be no more than the watermark
  bool abandoned_ = false;  // nobody wants to know any more
  std::string digest_;
  std::exception_ptr fault_;
  std::thread thread_;
};

}  // namespace wheelfit::fetch
