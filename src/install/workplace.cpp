// SPDX-License-Identifier: Apache-2.0
#include "install/workplace.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <random>
#include <utility>

namespace wheelfit::install {
namespace fs = std::filesystem;
namespace {

constexpr std::string_view private_prefix = ".wheelfit-change-";
constexpr std::size_t token_length = 8;

std::string random_token() {
  static constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyz0123456789";
  std::random_device random;
  std::uniform_int_distribution<std::size_t> pick(0, letters.size() - 1);
  std::string token;
  for (std::size_t i = 0; i < token_length; ++i) token += letters[pick(random)];
  return token;
}

dev_t device_of(const fs::path& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) throw file_error(path, {errno, std::generic_category()});
  return status.st_dev;
}

}  // namespace

DirectoryLock::DirectoryLock(const fs::path& directory, Wait wait)
    : descriptor_(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)) {
  if (descriptor_ < 0) return;
  int result = 0;
  do {
    result = ::flock(descriptor_, wait == Wait::yes ? LOCK_EX : LOCK_EX | LOCK_NB);
  } while (result != 0 && errno == EINTR);
  held_ = result == 0 || errno != EWOULDBLOCK;
}

DirectoryLock::DirectoryLock(DirectoryLock&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)), held_(std::exchange(other.held_, false)) {}

DirectoryLock& DirectoryLock::operator=(DirectoryLock&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  std::swap(held_, other.held_);
  return *this;
}

DirectoryLock::~DirectoryLock() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

Workplace::Workplace(FileOperations& files, const fs::path& home) : files_(&files) {
  make_directories(files, home);
  home_ = make_private(home);
}

fs::path Workplace::make_private(const fs::path& parent) {
  for (;;) {
    const fs::path directory = parent / (std::string(private_prefix) + random_token());
    const std::error_code made = files_->make_directory(directory, 0700);
    if (made == std::errc::file_exists) continue;
    require(made, directory);
    locks_.emplace_back(directory, DirectoryLock::Wait::no);
    by_device_.emplace(device_of(directory), directory);
    return directory;
  }
}

const fs::path& Workplace::directory_for(const fs::path& target) {
  const fs::path parent = target.parent_path();
  const auto known = by_parent_.find(parent);
  if (known != by_parent_.end()) return known->second;
  const fs::path existing = nearest_existing(parent);
  const auto same_device = by_device_.find(device_of(existing));
  fs::path directory = same_device != by_device_.end() ? same_device->second : make_private(existing);
  return by_parent_.emplace(parent, std::move(directory)).first->second;
}

fs::path Workplace::staged(const fs::path& target) {
  return directory_for(target) / "new" / target.relative_path();
}

fs::path Workplace::stashed(const fs::path& target) {
  return directory_for(target) / "old" / target.relative_path();
}

std::vector<fs::path> Workplace::directories() const {
  std::vector<fs::path> all;
  for (const auto& [device, directory] : by_device_) all.push_back(directory);
  return all;
}

void Workplace::discard() noexcept {
  if (exists_itself(journal_file(home_))) files_->remove_file(journal_file(home_));
  for (const auto& [device, directory] : by_device_) remove_tree(*files_, directory);
}

fs::path journal_file(const fs::path& home) { return home / "journal"; }
fs::path published_marker(const fs::path& home) { return home / "published"; }

bool is_private_directory(const fs::path& path) {
  const std::string name = path.filename().string();
  return name.size() == private_prefix.size() + token_length && name.starts_with(private_prefix) &&
         fs::is_directory(fs::symlink_status(path));
}

fs::path nearest_existing(fs::path path) {
  while (!exists_itself(path) && path != path.parent_path()) path = path.parent_path();
  return path;
}

}  // namespace wheelfit::install
