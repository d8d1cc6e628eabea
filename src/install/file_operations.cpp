// SPDX-License-Identifier: Apache-2.0
#include "install/file_operations.hpp"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

namespace wheelfit::install {
namespace fs = std::filesystem;
namespace {

std::error_code last_error() noexcept { return {errno, std::generic_category()}; }
std::error_code outcome(int result) noexcept { return result == 0 ? std::error_code() : last_error(); }

}  // namespace

std::error_code FileOperations::make_directory(const fs::path& path, mode_t mode) noexcept {
  return outcome(::mkdir(path.c_str(), mode));
}

std::error_code FileOperations::create(const fs::path& path, mode_t mode, int& descriptor) noexcept {
  descriptor = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode);
  return descriptor >= 0 ? std::error_code() : last_error();
}

std::error_code FileOperations::write(int descriptor, std::span<const std::byte> data) noexcept {
  while (!data.empty()) {
    const ssize_t written = ::write(descriptor, data.data(), data.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return last_error();
    data = data.subspan(static_cast<std::size_t>(written));
  }
  return {};
}

std::error_code FileOperations::close(int descriptor) noexcept { return outcome(::close(descriptor)); }

std::error_code FileOperations::change_mode(const fs::path& path, mode_t mode) noexcept {
  return outcome(::chmod(path.c_str(), mode));
}

std::error_code FileOperations::move(const fs::path& from, const fs::path& to) noexcept {
  if (::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) == 0) return {};
  if (errno != EINVAL && errno != ENOSYS) return last_error();
  // A filesystem without RENAME_NOREPLACE (NFS, some FUSE): looking first is the next best.
  if (exists_itself(to)) return std::make_error_code(std::errc::file_exists);
  return outcome(::rename(from.c_str(), to.c_str()));
}

std::error_code FileOperations::replace(const fs::path& from, const fs::path& to) noexcept {
  return outcome(::rename(from.c_str(), to.c_str()));
}

std::error_code FileOperations::remove_file(const fs::path& path) noexcept {
  return outcome(::unlink(path.c_str()));
}

std::error_code FileOperations::remove_directory(const fs::path& path) noexcept {
  return outcome(::rmdir(path.c_str()));
}

std::error_code FileOperations::sync(const fs::path& path) noexcept {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
  if (descriptor < 0) return last_error();
  const std::error_code result = outcome(::fsync(descriptor));
  ::close(descriptor);
  // Some filesystems cannot sync a directory; they say so with EINVAL.
  return result == std::errc::invalid_argument ? std::error_code() : result;
}

FileOperations& real_file_operations() noexcept {
  static FileOperations operations;
  return operations;
}

Error file_error(const fs::path& path, std::error_code code) {
  const std::string name = path.string();
  if (code == std::errc::no_space_on_device) {
    return Error(ErrorKind::machine, text("the disk is full: {} could not be written", name),
                 {text("free some space on the filesystem of {}", path.parent_path().string())})
        .with_code("disk-full");
  }
  if (code == std::errc::permission_denied || code == std::errc::operation_not_permitted) {
    return Error(ErrorKind::machine, text("there is no permission to change {}", name),
                 {text("run as the owner of {}", path.parent_path().string()),
                  "use a virtual environment of your own: python -m venv .venv"})
        .with_code("permission");
  }
  if (code == std::errc::read_only_file_system) {
    return Error(ErrorKind::machine, text("{} is on a read-only filesystem", name)).with_code("read-only");
  }
  return Error(ErrorKind::machine, text("{} could not be changed: {}", name, code.message()))
      .with_code("file");
}

void require(std::error_code code, const fs::path& path) {
  if (code) throw file_error(path, code);
}

void make_directories(FileOperations& files, const fs::path& path, mode_t mode) {
  if (exists_itself(path)) return;
  if (path.has_parent_path() && path.parent_path() != path) make_directories(files, path.parent_path(), mode);
  const std::error_code result = files.make_directory(path, mode);
  if (result != std::errc::file_exists) require(result, path);
}

void write_file(FileOperations& files, const fs::path& path, std::string_view content, mode_t mode) {
  int descriptor = -1;
  require(files.create(path, mode, descriptor), path);
  const std::error_code written = files.write(descriptor, std::as_bytes(std::span(content)));
  const std::error_code closed = files.close(descriptor);
  require(written, path);
  require(closed, path);
}

void remove_tree(FileOperations& files, const fs::path& path) noexcept {
  std::error_code failed;
  if (fs::symlink_status(path, failed).type() != fs::file_type::directory) {
    if (exists_itself(path)) files.remove_file(path);
    return;
  }
  for (fs::directory_iterator entry(path, failed), end; !failed && entry != end; entry.increment(failed)) {
    remove_tree(files, entry->path());
  }
  files.remove_directory(path);
}

bool exists_itself(const fs::path& path) noexcept {
  struct stat status {};
  return ::lstat(path.c_str(), &status) == 0;
}

}  // namespace wheelfit::install
