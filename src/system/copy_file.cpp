// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <cerrno>
#include <cstddef>

#include <fcntl.h>
#include <unistd.h>

#include "system/files.hpp"

namespace wheelfit::system {
namespace {

// The filesystem's own way, which shares blocks where it can; false: it has none, and nothing was copied.
bool copied_by_kernel(int from, int to, const std::filesystem::path& name) {
  constexpr std::size_t step = std::size_t{1} << 30U;
  for (bool first = true;; first = false) {
    const ssize_t copied = copy_file_range(from, nullptr, to, nullptr, step, 0);
    if (copied == 0) return true;
    if (copied > 0 || errno == EINTR) continue;
    if (first && errno != ENOSPC && errno != EDQUOT && errno != EIO) return false;
    throw machine_error(name, "written", errno);
  }
}

}  // namespace

void copy_file(const std::filesystem::path& from, const std::filesystem::path& to) {
  const FileDescriptor source(open(from.c_str(), O_RDONLY | O_CLOEXEC));
  if (!source) throw machine_error(from, "read", errno);
  const FileDescriptor target(open(to.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644));
  if (!target) throw machine_error(to, "created", errno);
  if (!copied_by_kernel(source.get(), target.get(), to)) {
    std::array<std::byte, 1U << 18U> buffer;
    for (;;) {
      const ssize_t got = read(source.get(), buffer.data(), buffer.size());
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) throw machine_error(from, "read", errno);
      if (got == 0) break;
      for (std::size_t done = 0; done < static_cast<std::size_t>(got);) {
        const ssize_t wrote = write(target.get(), buffer.data() + done, static_cast<std::size_t>(got) - done);
        if (wrote < 0 && errno == EINTR) continue;
        if (wrote < 0) throw machine_error(to, "written", errno);
        done += static_cast<std::size_t>(wrote);
      }
    }
  }
  if (fsync(target.get()) != 0) throw machine_error(to, "written", errno);
}

}  // namespace wheelfit::system
