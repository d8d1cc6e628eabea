// SPDX-License-Identifier: Apache-2.0
// Reads tar archives, plain or compressed (gzip, bzip2, xz, zstd), from their beginning to their end, and
// unpacks them. Nothing in an archive is believed: names are handed out as they stand, unpack_archive()
// judges them.
//
// What is wrong with an archive is Error{refused} with one of these codes:
//   "not-an-archive"  it is no tar archive in a compression that is read here
//   "corrupt"         it is cut short or damaged
//   "too-large"       it holds more bytes or entries than the limits admit
//   "unsafe-name"     (unpacking) a name is absolute, holds "..", or leads through a link
//   "unsafe-link"     (unpacking) a link leads outside
//   "unsafe-kind"     (unpacking) a device node, a pipe
//   "duplicate-name"  (unpacking) two entries, at most one of them a directory, have the same name
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "system/byte_source.hpp"

namespace wheelfit::system {

enum class ArchiveKind { file, directory, symlink, hardlink, other };

struct ArchiveEntry {
  std::string name;  // as it stands there
  ArchiveKind kind = ArchiveKind::file;
  std::uint32_t mode = 0;  // the permission bits
  std::uint64_t size = 0;
  std::string link_target;  // of a symlink as it stands there; of a hardlink the name of an earlier entry
};

// Of all files together, as they become.
struct ArchiveLimits {
  std::uint64_t bytes = 0;
  std::uint64_t entries = 0;
};

// Takes an entry's bytes in pieces of at most 256 KiB. What it throws passes through.
using ArchiveSink = std::function<void(std::span<const std::byte>)>;

// Not thread-safe. Throws Error{refused} (see above), Error{machine} when the file cannot be read.
class ArchiveReader {
 public:
  ArchiveReader(const std::filesystem::path& file, ArchiveLimits limits);
  // `bytes` must live as long; what it throws passes through. `name`: for sentences.
  ArchiveReader(ByteSource& bytes, std::string name, ArchiveLimits limits);
  ~ArchiveReader();
  ArchiveReader(ArchiveReader&&) noexcept;
  ArchiveReader& operator=(ArchiveReader&&) noexcept;

  // Goes on to the next entry, over what was not read of this one; nullopt at the end.
  std::optional<ArchiveEntry> next();
  // The bytes of the entry that next() gave, once.
  void extract(const ArchiveSink& sink);
  // The same as text; Error{refused} "too-large" when it promises more than `limit` bytes.
  std::string read(std::uint64_t limit = 16U << 20U);

  const std::string& name() const noexcept;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// Unpacks into `directory`, which is made and must hold nothing that the archive brings. Files become 0644 or
// 0755, owners and times are not taken over. Symlinks that stay inside are kept. Throws as the reader does,
// and Error{machine}; what was written stays then.
void unpack_archive(const std::filesystem::path& file, const std::filesystem::path& directory,
                    ArchiveLimits limits);
void unpack_archive(ArchiveReader& archive, const std::filesystem::path& directory);

}  // namespace wheelfit::system
