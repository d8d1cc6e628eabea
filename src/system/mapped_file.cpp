// SPDX-License-Identifier: Apache-2.0
#include "system/mapped_file.hpp"

#include <cerrno>
#include <utility>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "system/files.hpp"

namespace wheelfit::system {

MappedFile::MappedFile(const std::filesystem::path& file) {
  const FileDescriptor in(open(file.c_str(), O_RDONLY | O_CLOEXEC));
  struct stat found{};
  if (!in || fstat(in.get(), &found) != 0) throw machine_error(file, "read", errno);
  if (!S_ISREG(found.st_mode)) throw machine_error(file, "read", S_ISDIR(found.st_mode) ? EISDIR : EINVAL);
  const auto size = static_cast<std::size_t>(found.st_size);
  if (size == 0) return;
  void* start = mmap(nullptr, size, PROT_READ, MAP_PRIVATE, in.get(), 0);
  if (start == MAP_FAILED) throw machine_error(file, "read", errno);
  bytes_ = {static_cast<const std::byte*>(start), size};
}

MappedFile::MappedFile(MappedFile&& other) noexcept : bytes_(std::exchange(other.bytes_, {})) {}

MappedFile& MappedFile::operator=(MappedFile&& other) noexcept {
  std::swap(bytes_, other.bytes_);
  return *this;
}

MappedFile::~MappedFile() {
  if (!bytes_.empty()) munmap(const_cast<std::byte*>(bytes_.data()), bytes_.size());
}

}  // namespace wheelfit::system
