// SPDX-License-Identifier: Apache-2.0
// File operations of which the n-th fails, counted over this process and the children it forks.
#pragma once

#include <sys/mman.h>

#include <atomic>
#include <cerrno>
#include <new>

#include "install/file_operations.hpp"

namespace wheelfit::install::test {

class FaultyFileOperations final : public FileOperations {
 public:
  enum class Duration { once, from_then_on };

  FaultyFileOperations(long failing, int code, Duration duration = Duration::once)
      : failing_(failing), code_(code), duration_(duration) {
    void* shared =
        ::mmap(nullptr, sizeof(Counter), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    count_ = new (shared) Counter(0);
  }
  ~FaultyFileOperations() override { ::munmap(count_, sizeof(Counter)); }

  long count() const { return count_->load(); }
  void heal() { failing_ = -1; }

  std::error_code make_directory(const std::filesystem::path& path, mode_t mode) noexcept override {
    return fails() ? failure() : FileOperations::make_directory(path, mode);
  }
  std::error_code create(const std::filesystem::path& path, mode_t mode, int& descriptor) noexcept override {
    return fails() ? failure() : FileOperations::create(path, mode, descriptor);
  }
  std::error_code write(int descriptor, std::span<const std::byte> data) noexcept override {
    return fails() ? failure() : FileOperations::write(descriptor, data);
  }
  std::error_code close(int descriptor) noexcept override {
    const std::error_code result = FileOperations::close(descriptor);  // the descriptor is gone even so
    return fails() ? failure() : result;
  }
  std::error_code change_mode(const std::filesystem::path& path, mode_t mode) noexcept override {
    return fails() ? failure() : FileOperations::change_mode(path, mode);
  }
  std::error_code move(const std::filesystem::path& from, const std::filesystem::path& to) noexcept override {
    return fails() ? failure() : FileOperations::move(from, to);
  }
  std::error_code replace(const std::filesystem::path& from,
                          const std::filesystem::path& to) noexcept override {
    return fails() ? failure() : FileOperations::replace(from, to);
  }
  std::error_code remove_file(const std::filesystem::path& path) noexcept override {
    return fails() ? failure() : FileOperations::remove_file(path);
  }
  std::error_code remove_directory(const std::filesystem::path& path) noexcept override {
    return fails() ? failure() : FileOperations::remove_directory(path);
  }
  std::error_code sync(const std::filesystem::path& path) noexcept override {
    (void)path;  // no power cut in a test: only the failure matters
    return fails() ? failure() : std::error_code();
  }

 private:
  using Counter = std::atomic<long>;
  bool fails() noexcept {
    const long now = ++*count_;
    return now == failing_ || (failing_ > 0 && now > failing_ && duration_ == Duration::from_then_on);
  }
  std::error_code failure() const noexcept { return {code_, std::generic_category()}; }

  long failing_;
  int code_;
  Duration duration_;
  Counter* count_;
};

}  // namespace wheelfit::install::test
