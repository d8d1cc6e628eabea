// SPDX-License-Identifier: Apache-2.0
#include "system/file_lock.hpp"

#include <algorithm>
#include <cerrno>
#include <thread>

#include <fcntl.h>
#include <sys/file.h>

#include "system/interrupt.hpp"

namespace wheelfit::system {

std::optional<FileLock> FileLock::try_acquire(const std::filesystem::path& file) {
  make_directories(file.parent_path());
  FileDescriptor handle(open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644));
  if (!handle) throw machine_error(file, "locked", errno);
  if (flock(handle.get(), LOCK_EX | LOCK_NB) == 0) return FileLock(std::move(handle));
  if (errno == EWOULDBLOCK || errno == EINTR) return std::nullopt;
  throw machine_error(file, "locked", errno);
}

FileLock FileLock::acquire(const std::filesystem::path& file, std::chrono::milliseconds patience,
                           const std::function<void()>& waiting) {
  const auto deadline = std::chrono::steady_clock::now() + patience;
  // Polled, because a blocking flock() cannot be given a time limit.
  for (std::chrono::milliseconds pause{5};; pause = std::min(pause * 2, std::chrono::milliseconds(200))) {
    if (std::optional<FileLock> lock = try_acquire(file)) return std::move(*lock);
    throw_if_interrupted();
    if (pause.count() == 5 && waiting) waiting();
    if (std::chrono::steady_clock::now() + pause > deadline) {
      throw Error(ErrorKind::machine, text("{} is held by another process", file.string()),
                  {text("wait for the other wheelfit to end, or end it")})
          .with_code("locked");
    }
    std::this_thread::sleep_for(pause);
  }
}

}  // namespace wheelfit::system
