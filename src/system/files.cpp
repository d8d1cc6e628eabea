// SPDX-License-Identifier: Apache-2.0
#include "system/files.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <cstdio>
#include <system_error>
#include <vector>

#include <fcntl.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

namespace wheelfit::system {
namespace {

namespace fs = std::filesystem;

FileDescriptor open_for_reading(const fs::path& file) {
  return FileDescriptor(open(file.c_str(), O_RDONLY | O_CLOEXEC));
}

// Reads until there are more than `limit` bytes; nullopt: errno says why.
std::optional<std::string> read_up_to(int file, std::uint64_t limit) {
  std::string content;
  std::array<char, 65536> buffer;
  while (content.size() <= limit) {
    const ssize_t got = read(file, buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return std::nullopt;
    if (got == 0) break;
    content.append(buffer.data(), static_cast<std::size_t>(got));
  }
  return content;
}

fs::path unique_sibling(const fs::path& file) {
  static std::atomic<unsigned> counter{0};
  return file.parent_path() / ("." + file.filename().string() + "." + std::to_string(getpid()) + "." +
                               std::to_string(counter++) + ".new");
}

struct RemoveUnlessKept {
  fs::path path;
  bool kept = false;
  ~RemoveUnlessKept() {
    if (!kept) remove_quietly(path);
  }
};

}  // namespace

Error machine_error(const fs::path& path, std::string_view done, int code) {
  const Text sentence =
      text("{} cannot be {}: {}", path.string(), done, std::generic_category().message(code));
  switch (code) {
    case ENOSPC:
    case EDQUOT:
      return Error(ErrorKind::machine, sentence, {text("make room on the filesystem of {}", path.string())})
          .with_code("disk-full");
    case EACCES:
    case EPERM:
      return Error(ErrorKind::machine, sentence, {text("give this user the right to {}", path.string())})
          .with_code("permission");
    case EROFS:
      return Error(ErrorKind::machine, sentence, {text("{} is on a read-only filesystem", path.string())})
          .with_code("permission");
    default:
      return {ErrorKind::machine, sentence};
  }
}

FileDescriptor& FileDescriptor::operator=(FileDescriptor&& other) noexcept {
  if (this != &other) {
    reset();
    number_ = std::exchange(other.number_, -1);
  }
  return *this;
}

void FileDescriptor::reset() noexcept {
  if (number_ >= 0) ::close(number_);
  number_ = -1;
}

OutputFile::OutputFile(fs::path path, Mode mode, unsigned permissions) : path_(std::move(path)) {
  int flags = O_WRONLY | O_CREAT | O_CLOEXEC;
  if (mode == Mode::create_new) flags |= O_EXCL;
  if (mode == Mode::truncate) flags |= O_TRUNC;
  if (mode == Mode::append) flags |= O_APPEND;
  file_ = FileDescriptor(open(path_.c_str(), flags, static_cast<mode_t>(permissions)));
  if (!file_) throw machine_error(path_, "created", errno);
  struct stat found{};
  if (fstat(file_.get(), &found) == 0) size_ = static_cast<std::uint64_t>(found.st_size);
}

void OutputFile::write(std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    const ssize_t wrote = ::write(file_.get(), bytes.data(), bytes.size());
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote < 0) throw machine_error(path_, "written", errno);
    bytes = bytes.subspan(static_cast<std::size_t>(wrote));
    size_ += static_cast<std::uint64_t>(wrote);
  }
}

void OutputFile::flush_to_disk() {
  if (fsync(file_.get()) != 0) throw machine_error(path_, "written", errno);
}

void OutputFile::close() {
  const int number = file_.release();
  if (number >= 0 && ::close(number) != 0 && errno != EINTR) throw machine_error(path_, "written", errno);
}

std::string read_file(const fs::path& file, std::uint64_t limit) {
  const FileDescriptor in = open_for_reading(file);
  if (!in) throw machine_error(file, "read", errno);
  std::optional<std::string> content = read_up_to(in.get(), limit);
  if (!content) throw machine_error(file, "read", errno);
  if (content->size() > limit) throw machine_error(file, "read", EFBIG);
  return std::move(*content);
}

std::optional<std::string> read_file_if_any(const fs::path& file, std::uint64_t limit) {
  const FileDescriptor in = open_for_reading(file);
  if (!in) return std::nullopt;
  std::optional<std::string> content = read_up_to(in.get(), limit);
  if (content && content->size() > limit) content->resize(limit);
  return content;
}

void write_file_atomically(const fs::path& file, std::string_view content, Durability durability,
                           unsigned permissions) {
  make_directories(file.parent_path());
  RemoveUnlessKept fresh{unique_sibling(file)};
  OutputFile out(fresh.path, OutputFile::Mode::create_new, permissions);
  out.write(std::as_bytes(std::span(content)));
  if (durability == Durability::flushed) out.flush_to_disk();
  out.close();
  rename_file(fresh.path, file);
  fresh.kept = true;
}

void make_directories(const fs::path& directory) {
  if (directory.empty()) return;
  std::error_code failed;
  fs::create_directories(directory, failed);
  if (failed && !fs::is_directory(directory)) throw machine_error(directory, "created", failed.value());
}

void rename_file(const fs::path& from, const fs::path& to) {
  if (rename(from.c_str(), to.c_str()) != 0) throw machine_error(to, "written", errno);
}

void flush_directory(const fs::path& directory) {
  const FileDescriptor handle(open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!handle) throw machine_error(directory, "opened", errno);
  // Some network filesystems do not offer it; the rename is all there is then.
  if (fsync(handle.get()) != 0 && errno != EINVAL) throw machine_error(directory, "written", errno);
}

void link_or_copy(const fs::path& from, const fs::path& to) {
  if (link(from.c_str(), to.c_str()) == 0) return;
  if (errno == EEXIST) throw machine_error(to, "created", EEXIST);
  std::error_code failed;
  fs::copy_file(from, to, failed);
  if (failed) throw machine_error(to, "written", failed.value());
}

void remove_quietly(const fs::path& path) noexcept {
  std::error_code ignored;
  fs::remove_all(path, ignored);
}

bool is_writable(const fs::path& path) noexcept { return access(path.c_str(), W_OK) == 0; }

std::optional<std::string> owner_of(const fs::path& path) {
  struct stat status{};
  if (stat(path.c_str(), &status) != 0) return std::nullopt;
  std::array<char, 4096> buffer{};
  struct passwd entry{};
  struct passwd* found = nullptr;
  if (getpwuid_r(status.st_uid, &entry, buffer.data(), buffer.size(), &found) == 0 && found != nullptr)
    return std::string(entry.pw_name);
  return std::to_string(status.st_uid);
}

bool is_executable_file(const fs::path& path) noexcept {
  std::error_code ignored;
  return fs::is_regular_file(path, ignored) && access(path.c_str(), X_OK) == 0;
}

}  // namespace wheelfit::system
