// SPDX-License-Identifier: Apache-2.0
#include "system/file_lock.hpp"

#include <algorithm>
#include <cerrno>
#include <thread>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

#include "system/interrupt.hpp"

namespace wheelfit::system {

namespace {

// Whoever held it before may have removed the file meanwhile: a lock on what has no name keeps nobody away.
bool still_there(int handle, const std::filesystem::path& file) {
  struct stat held{};
  struct stat named{};
  return fstat(handle, &held) == 0 && stat(file.c_str(), &named) == 0 && held.st_dev == named.st_dev &&
         held.st_ino == named.st_ino;
}

}  // namespace

std::optional<FileLock> FileLock::try_acquire(const std::filesystem::path& file) {
  for (;;) {
    make_directories(file.parent_path());
    FileDescriptor handle(open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644));
    if (!handle && errno == ENOENT) continue;  // its folder has just been removed
    if (!handle) throw machine_error(file, "locked", errno);
    if (flock(handle.get(), LOCK_EX | LOCK_NB) != 0) {
      if (errno == EWOULDBLOCK || errno == EINTR) return std::nullopt;
      throw machine_error(file, "locked", errno);
    }
    if (still_there(handle.get(), file)) return FileLock(std::move(handle));
  }
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

void remove_locked_folder(const std::filesystem::path& folder) noexcept try {
  // No other process has the inode of what is held.
  struct stat status{};
  if (stat(folder.c_str(), &status) != 0) return;
  const std::filesystem::path going =
      folder.parent_path() / ("." + folder.filename().string() + ".going-" + std::to_string(status.st_ino));
  std::error_code failed;
  std::filesystem::rename(folder, going, failed);
  if (!failed) remove_quietly(going);
} catch (const std::exception&) {
  // It stays.
}

}  // namespace wheelfit::system
