// SPDX-License-Identifier: Apache-2.0
#include "install/block_queue.hpp"

#include <utility>

namespace wheelfit::install {

std::unique_ptr<Block> BlockQueue::empty_block() {
  std::unique_lock lock(mutex_);
  if (empty_.empty() && made_ < blocks && !given_up_) {
    ++made_;  // memory is taken as it is needed: a small wheel never touches most of it
    return std::unique_ptr<Block>(new Block);  // not make_unique: it would zero the bytes
  }
  changed_.wait(lock, [&] { return !empty_.empty() || given_up_; });
  if (given_up_) return nullptr;
  std::unique_ptr<Block> block = std::move(empty_.back());
  empty_.pop_back();
  return block;
}

void BlockQueue::push(std::unique_ptr<Block> block) {
  const std::lock_guard lock(mutex_);
  full_.push_back(std::move(block));
  changed_.notify_all();
}

void BlockQueue::finish() {
  const std::lock_guard lock(mutex_);
  finished_ = true;
  changed_.notify_all();
}

std::unique_ptr<Block> BlockQueue::pop() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return !full_.empty() || finished_; });
  if (full_.empty()) return nullptr;
  std::unique_ptr<Block> block = std::move(full_.front());
  full_.pop_front();
  return block;
}

void BlockQueue::give_back(std::unique_ptr<Block> block) {
  const std::lock_guard lock(mutex_);
  empty_.push_back(std::move(block));
  changed_.notify_all();
}

void BlockQueue::give_up() {
  const std::lock_guard lock(mutex_);
  given_up_ = true;
  changed_.notify_all();
}

}  // namespace wheelfit::install
