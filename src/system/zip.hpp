// SPDX-License-Identifier: Apache-2.0
// Reads zip archives (APPNOTE 6.3.x, zip64 included): libzip reads the directory, isa-l inflates. Nothing in
// an archive is believed: names are handed out as they stand, sizes and CRC-32 are held against the data.
//
// What is wrong with an archive is Error{refused} with one of these codes:
//   "not-a-zip"         it has no zip structure at all
//   "truncated"         it begins like a zip, but its directory is missing
//   "headers-disagree"  the directory says one thing and the header before the data another, or the directory
//                       does not fit the file
//   "duplicate-name"    two entries have the same name
//   "encrypted"         the entry is encrypted
//   "compression"       the entry's method is neither stored nor deflate
//   "corrupt"           its data does not inflate, or to another size or CRC-32 than promised
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "system/byte_source.hpp"

namespace wheelfit::system {

struct ZipEntry {
  std::string name;  // UTF-8; may be absolute or hold "..": the caller judges
  std::uint64_t size = 0;
  std::uint64_t compressed_size = 0;
  std::uint32_t crc32 = 0;
  std::uint16_t method = 0;     // 0 stored, 8 deflate
  std::uint32_t unix_mode = 0;  // st_mode; 0 where the archive was not made on Unix
  bool encrypted = false;

  bool is_directory() const noexcept;   // the name ends in '/', or the mode says so
  bool is_symlink() const noexcept;     // by the mode
  bool is_executable() const noexcept;  // any x bit of a file

  friend bool operator==(const ZipEntry&, const ZipEntry&) = default;
};

// Takes an entry's bytes in pieces of at most 256 KiB. What it throws passes through.
using ZipSink = std::function<void(std::span<const std::byte>)>;

enum class ZipChecks {
  full,      // every local header is held against the directory, no name may repeat
  reopened,  // the same file was opened with `full` before: only the directory is read
};

// Not thread-safe: each thread opens its own. The file must not change while it is open.
class ZipReader {
 public:
  // Throws Error{refused} (see above), Error{machine} when the file cannot be read.
  explicit ZipReader(const std::filesystem::path& file, ZipChecks checks = ZipChecks::full);
  // Reads no more than it must: at once the directory, without a look at the local headers (as `reopened`),
  // of an entry what is asked of it. `bytes` must live as long; what it throws passes through. `name`: for
  // sentences.
  ZipReader(ByteSource& bytes, std::string name);
  ~ZipReader();
  ZipReader(ZipReader&&) noexcept;
  ZipReader& operator=(ZipReader&&) noexcept;

  // In the order of the directory; an entry's index is its place here.
  const std::vector<ZipEntry>& entries() const noexcept;
  // The first entry of this name.
  std::optional<std::size_t> find(std::string_view name) const;

  // Hands the whole entry to `sink`, never more than its promised size. Size and CRC-32 are checked at the
  // end, so what the sink got is good only once this returns.
  void extract(std::size_t index, const ZipSink& sink);
  // A small entry as text; Error{refused} "corrupt" when it promises more than `limit` bytes.
  std::string read(std::size_t index, std::uint64_t limit = 16U << 20U);
  // The entry's first `bytes` bytes, all of it where it is shorter. No more is read and inflated than that
  // takes, so size and CRC-32 are checked only where it was all of it.
  std::vector<std::byte> read_beginning(std::size_t index, std::uint64_t bytes);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// What all its entries together take on a disk.
std::uint64_t unpacked_bytes(const ZipReader& zip);

}  // namespace wheelfit::system
