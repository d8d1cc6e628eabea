// SPDX-License-Identifier: Apache-2.0
// Hands blocks of bytes from one thread to another in bounded memory: 32 blocks of 256 KiB, which stay in a
// core's caches (fewer and larger blocks measured clearly slower).
#pragma once

#include <array>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <memory>
#include <mutex>
#include <vector>

namespace wheelfit::install {

struct Block {
  static constexpr std::size_t capacity = 256 * 1024;

  std::size_t file = 0;
  bool last = false;  // the file's last block
  std::size_t used = 0;
  std::array<std::byte, capacity> bytes;
};

// One producer, one consumer.
class BlockQueue {
 public:
  static constexpr std::size_t blocks = 32;

  // Producer: a block to fill, waiting for one; nullptr once the consumer gave up.
  std::unique_ptr<Block> empty_block();
  void push(std::unique_ptr<Block> block);
  void finish();  // nothing more comes

  // Consumer: the next block; nullptr after finish().
  std::unique_ptr<Block> pop();
  void give_back(std::unique_ptr<Block> block);
  void give_up();  // the producer stops at its next empty_block()

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::unique_ptr<Block>> full_;
  std::vector<std::unique_ptr<Block>> empty_;
  std::size_t made_ = 0;
  bool finished_ = false;
  bool given_up_ = false;
};

}  // namespace wheelfit::install
