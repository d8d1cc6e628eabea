// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <set>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "system/archive.hpp"
#include "system/files.hpp"

namespace wheelfit::system {
namespace {

namespace fs = std::filesystem;

constexpr std::uint32_t any_execute = 0111;

class Unpacking {
 public:
  Unpacking(ArchiveReader& archive, fs::path directory)
      : archive_(archive), directory_(std::move(directory)) {}

  void run() {
    make_directories(directory_);
    while (const auto entry = archive_.next()) take(*entry);
    make_links();
  }

 private:
  void take(const ArchiveEntry& entry);
  void write(const ArchiveEntry& entry, const fs::path& to);
  void link_hard(const ArchiveEntry& entry, const fs::path& name);
  void make_links();
  // The name without "." and "/" at its end. Links are made last, so a name can lead through none that the
  // archive brought.
  fs::path safe(const std::string& name, std::string_view code) const;
  void claim(const fs::path& name);
  [[noreturn]] void refuse(std::string_view code, Text sentence) const {
    throw Error(ErrorKind::refused, std::move(sentence)).with_code(std::string(code));
  }

  ArchiveReader& archive_;
  fs::path directory_;
  std::set<fs::path> files_;
  std::vector<std::pair<fs::path, fs::path>> links_;  // name, target
};

fs::path Unpacking::safe(const std::string& name, std::string_view code) const {
  const fs::path given(name);
  const bool climbs =
      std::any_of(given.begin(), given.end(), [](const fs::path& part) { return part == ".."; });
  if (name.empty() || given.is_absolute() || climbs || name.find('\\') != std::string::npos)
    refuse(code, text("{} names {}, which leads outside its folder", archive_.name(), name));
  fs::path clean;
  for (const fs::path& part : given) {
    if (!part.empty() && part != ".") clean /= part;
  }
  return clean;
}

void Unpacking::claim(const fs::path& name) {
  if (!files_.insert(name).second)
    refuse("duplicate-name", text("{} holds {} twice", archive_.name(), name.string()));
  for (fs::path above = name.parent_path(); !above.empty(); above = above.parent_path()) {
    if (files_.contains(above))
      refuse("unsafe-name", text("{} holds {} below {}, which is no folder", archive_.name(), name.string(),
                                 above.string()));
  }
  if (fs::exists(fs::symlink_status(directory_ / name)))
    refuse("duplicate-name", text("{} holds {} twice", archive_.name(), name.string()));
  make_directories((directory_ / name).parent_path());
}

void Unpacking::write(const ArchiveEntry& entry, const fs::path& to) {
  OutputFile out(to, OutputFile::Mode::create_new, (entry.mode & any_execute) != 0 ? 0755 : 0644);
  archive_.extract([&out](std::span<const std::byte> piece) { out.write(piece); });
  out.close();
}

void Unpacking::link_hard(const ArchiveEntry& entry, const fs::path& name) {
  const fs::path target = safe(entry.link_target, "unsafe-link");
  const bool is_file =
      files_.contains(target) && fs::is_regular_file(fs::symlink_status(directory_ / target));
  if (!is_file)
    refuse("unsafe-link", text("{} in {} is a link to {}, which is no earlier file in it", entry.name,
                               archive_.name(), entry.link_target));
  claim(name);
  link_or_copy(directory_ / target, directory_ / name);
}

void Unpacking::take(const ArchiveEntry& entry) {
  const fs::path name = safe(entry.name, "unsafe-name");
  switch (entry.kind) {
    case ArchiveKind::directory:
      if (files_.contains(name)) claim(name);
      if (!name.empty()) make_directories(directory_ / name);
      return;
    case ArchiveKind::file:
      claim(name);
      return write(entry, directory_ / name);
    case ArchiveKind::hardlink:
      return link_hard(entry, name);
    case ArchiveKind::symlink:
      claim(name);
      links_.emplace_back(name, entry.link_target);
      return;
    case ArchiveKind::other:
      refuse("unsafe-kind",
             text("{} in {} is neither a file nor a folder nor a link", entry.name, archive_.name()));
  }
}

bool is_below(const fs::path& path, const fs::path& directory) {
  const auto [end, ignored] = std::mismatch(directory.begin(), directory.end(), path.begin(), path.end());
  return end == directory.end();
}

// Each is held against the disk, where the links are that were made before it: a chain of links that each
// look harmless leads out only over the one that closes it, and that one is not made.
void Unpacking::make_links() {
  std::error_code failed;
  const fs::path root = fs::canonical(directory_);
  for (const auto& [name, target] : links_) {
    fs::create_symlink(target, directory_ / name, failed);
    if (failed) throw machine_error(directory_ / name, "made", failed.value());
  }
  for (const auto& [name, target] : links_) {
    const fs::path leads_to = fs::weakly_canonical(directory_ / name, failed);
    const bool inside = !failed && !target.is_absolute() && is_below(leads_to, root) &&
                        is_below((root / name.parent_path() / target).lexically_normal(), root);
    if (inside) continue;
    for (const auto& each : links_) fs::remove(directory_ / each.first, failed);
    refuse("unsafe-link", text("{} in {} is a link to {}, outside its folder", name.string(), archive_.name(),
                               target.string()));
  }
}

}  // namespace

void unpack_archive(ArchiveReader& archive, const fs::path& directory) {
  Unpacking(archive, directory).run();
}

void unpack_archive(const fs::path& file, const fs::path& directory, ArchiveLimits limits) {
  ArchiveReader archive(file, limits);
  unpack_archive(archive, directory);
}

}  // namespace wheelfit::system
