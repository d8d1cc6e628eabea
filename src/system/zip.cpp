// SPDX-License-Identifier: Apache-2.0
#include "system/zip.hpp"

#include <algorithm>
#include <utility>

#include <sys/stat.h>
#include <zip.h>

#include "base/error.hpp"
#include "system/disk.hpp"
#include "system/inflate.hpp"
#include "system/zip_archive.hpp"

namespace wheelfit::system {
namespace {

struct CloseEntry {
  void operator()(zip_file_t* entry) const { zip_fclose(entry); }
};
using EntryHandle = std::unique_ptr<zip_file_t, CloseEntry>;

// As much as read_beginning() asks for at once: a source far away decides itself what is worth a request.
constexpr std::size_t small_step = 4096;

void refuse_unreadable(const ZipEntry& entry, const std::string& archive) {
  if (entry.encrypted) refuse_archive(text("{} in {} is encrypted", entry.name, archive), "encrypted");
  if (entry.method == ZIP_CM_STORE || entry.method == ZIP_CM_DEFLATE) return;
  refuse_archive(text("{} in {} is compressed with method {}, which wheels do not use", entry.name, archive,
                      entry.method),
                 "compression");
}

}  // namespace

bool ZipEntry::is_directory() const noexcept {
  return name.ends_with('/') || (unix_mode & S_IFMT) == S_IFDIR;
}
bool ZipEntry::is_symlink() const noexcept { return (unix_mode & S_IFMT) == S_IFLNK; }
bool ZipEntry::is_executable() const noexcept { return !is_directory() && (unix_mode & 0111U) != 0; }

struct ZipReader::State {
  ZipArchive archive;
  std::vector<ZipEntry> entries = archive.entries();
  Inflater inflater = {};

  // Hands the entry's bytes to `take` until it returns false, `step` compressed ones at a time. Everything is
  // checked that can be told by then; true: the whole entry was read and is sound.
  bool run(std::size_t index, std::size_t step, const Inflater::Output& take);
  // What came out of the whole entry is what its directory promised.
  void check_whole(const ZipEntry& entry, std::uint64_t size, std::uint32_t crc) const;
};

ZipReader::ZipReader(const std::filesystem::path& file, ZipChecks checks)
    : state_(new State{ZipArchive(file, checks)}) {}
ZipReader::ZipReader(ByteSource& bytes, std::string name)
    : state_(new State{ZipArchive(bytes, std::move(name))}) {}
ZipReader::~ZipReader() = default;
ZipReader::ZipReader(ZipReader&&) noexcept = default;
ZipReader& ZipReader::operator=(ZipReader&&) noexcept = default;

const std::vector<ZipEntry>& ZipReader::entries() const noexcept { return state_->entries; }

std::optional<std::size_t> ZipReader::find(std::string_view name) const {
  const auto found = std::find_if(entries().begin(), entries().end(),
                                  [&](const ZipEntry& entry) { return entry.name == name; });
  if (found == entries().end()) return std::nullopt;
  return static_cast<std::size_t>(found - entries().begin());
}

bool ZipReader::State::run(std::size_t index, std::size_t step, const Inflater::Output& take) {
  const ZipEntry& entry = entries.at(index);
  const std::string& in = archive.name();
  refuse_unreadable(entry, in);
  const EntryHandle handle(zip_fopen_index(archive.get(), index, ZIP_FL_COMPRESSED));
  archive.rethrow_fault();
  if (!handle)
    refuse_archive(text("the data of {} in {} is not where it should be", entry.name, in), "corrupt");

  bool unreadable = false;
  const Inflater::Input input = [&](std::span<std::byte> buffer) -> std::size_t {
    const zip_int64_t got = zip_fread(handle.get(), buffer.data(), std::min(buffer.size(), step));
    unreadable = got < 0;
    return got < 0 ? 0 : static_cast<std::size_t>(got);
  };
  std::uint64_t written = 0;
  std::uint32_t crc = 0;
  bool wanted = true;
  const Inflater::Output output = [&](std::span<const std::byte> piece) {
    if (piece.size() > entry.size - written) return false;  // more than promised: a bomb or damage
    written += piece.size();
    crc = crc32(crc, piece);
    wanted = take(piece);
    return wanted;
  };
  const InflateEnd end =
      entry.method == ZIP_CM_STORE ? inflater.copy(input, output) : inflater.run(input, output);
  archive.rethrow_fault();
  if (!wanted) return false;
  if (unreadable) refuse_archive(text("the data of {} in {} ends too early", entry.name, in), "corrupt");
  if (end == InflateEnd::invalid || end == InflateEnd::cut_short) {
    refuse_archive(text("{} in {} is damaged: its compressed data cannot be read", entry.name, in),
                   "corrupt");
  }
  check_whole(entry, end == InflateEnd::stopped ? entry.size + 1 : written, crc);
  return true;
}

void ZipReader::State::check_whole(const ZipEntry& entry, std::uint64_t size, std::uint32_t crc) const {
  if (size != entry.size) {
    refuse_archive(text("{} in {} has another size than its archive says", entry.name, archive.name()),
                   "corrupt");
  }
  if (crc != entry.crc32) {
    refuse_archive(text("{} in {} is damaged: its CRC-32 is wrong", entry.name, archive.name()), "corrupt");
  }
}

void ZipReader::extract(std::size_t index, const ZipSink& sink) {
  constexpr std::size_t any = static_cast<std::size_t>(-1);
  state_->run(index, any, [&](std::span<const std::byte> piece) {
    sink(piece);
    return true;
  });
}

std::vector<std::byte> ZipReader::read_beginning(std::size_t index, std::uint64_t bytes) {
  const bool whole = state_->entries.at(index).size <= bytes;
  std::vector<std::byte> beginning;
  state_->run(index, small_step, [&](std::span<const std::byte> piece) {
    const std::uint64_t room = bytes - beginning.size();
    const auto taken = piece.first(std::min<std::uint64_t>(room, piece.size()));
    beginning.insert(beginning.end(), taken.begin(), taken.end());
    return whole || beginning.size() < bytes;
  });
  return beginning;
}

std::string ZipReader::read(std::size_t index, std::uint64_t limit) {
  const ZipEntry& entry = state_->entries.at(index);
  if (entry.size > limit) {
    refuse_archive(text("{} in {} is {} bytes long, more than the {} that it may have", entry.name,
                        state_->archive.name(), entry.size, limit),
                   "corrupt");
  }
  std::string whole;
  whole.reserve(entry.size);
  extract(index, [&](std::span<const std::byte> piece) {
    whole.append(reinterpret_cast<const char*>(piece.data()), piece.size());
  });
  return whole;
}

std::uint64_t unpacked_bytes(const ZipReader& zip) {
  std::uint64_t bytes = 0;
  for (const ZipEntry& entry : zip.entries()) bytes += bytes_on_disk(entry.size);
  return bytes;
}

}  // namespace wheelfit::system
