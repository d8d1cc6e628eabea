// SPDX-License-Identifier: Apache-2.0
#include "system/sparse_file.hpp"

#include <cerrno>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace wheelfit::system {

SparseFile::SparseFile(std::filesystem::path path) : path_(std::move(path)) {
  file_ = FileDescriptor(open(path_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, static_cast<mode_t>(0644)));
  if (!file_) throw machine_error(path_, "created", errno);
}

void SparseFile::write_at(std::uint64_t offset, std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    const ssize_t wrote = pwrite(file_.get(), bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote < 0) throw machine_error(path_, "written", errno);
    bytes = bytes.subspan(static_cast<std::size_t>(wrote));
    offset += static_cast<std::uint64_t>(wrote);
  }
}

std::size_t SparseFile::read_at(std::uint64_t offset, std::span<std::byte> into) const {
  for (;;) {
    const ssize_t got = pread(file_.get(), into.data(), into.size(), static_cast<off_t>(offset));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) throw machine_error(path_, "read", errno);
    return static_cast<std::size_t>(got);
  }
}

std::uint64_t SparseFile::size() const {
  struct stat found{};
  if (fstat(file_.get(), &found) != 0) throw machine_error(path_, "read", errno);
  return static_cast<std::uint64_t>(found.st_size);
}

void SparseFile::resize(std::uint64_t size) {
  if (ftruncate(file_.get(), static_cast<off_t>(size)) != 0) throw machine_error(path_, "written", errno);
}

void SparseFile::begin_flush(std::uint64_t offset, std::uint64_t length) noexcept {
#ifdef SYNC_FILE_RANGE_WRITE
  // A hint: where it is not understood, flush_to_disk() has more to do.
  (void)sync_file_range(file_.get(), static_cast<off_t>(offset), static_cast<off_t>(length),
                        SYNC_FILE_RANGE_WRITE);
#else
  (void)offset;
  (void)length;
#endif
}

void SparseFile::flush_to_disk() {
  if (fsync(file_.get()) != 0) throw machine_error(path_, "written", errno);
}

void SparseFile::close() {
  const int number = file_.release();
  if (number >= 0 && ::close(number) != 0 && errno != EINTR) throw machine_error(path_, "written", errno);
}

}  // namespace wheelfit::system
