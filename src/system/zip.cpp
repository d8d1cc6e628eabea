// SPDX-License-Identifier: Apache-2.0
#include "system/zip.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <set>
#include <utility>

#include <sys/stat.h>
#include <zip.h>

#include "base/error.hpp"
#include "system/inflate.hpp"

namespace wheelfit::system {
namespace {

struct Discard {
  void operator()(zip_t* archive) const { zip_discard(archive); }
};
struct CloseEntry {
  void operator()(zip_file_t* entry) const { zip_fclose(entry); }
};
using EntryHandle = std::unique_ptr<zip_file_t, CloseEntry>;

[[noreturn]] void refuse(Text sentence, std::string code) {
  throw Error(ErrorKind::refused, std::move(sentence)).with_code(std::move(code));
}

bool begins_like_a_zip(const std::filesystem::path& file) {
  std::array<char, 4> magic{};
  std::ifstream in(file, std::ios::binary);
  in.read(magic.data(), magic.size());
  return in.gcount() == 4 && std::memcmp(magic.data(), "PK\x03\x04", 4) == 0;
}

using Archive = std::unique_ptr<zip_t, Discard>;

[[noreturn]] void refuse_duplicate(const std::filesystem::path& file) {
  const Archive archive(zip_open(file.c_str(), ZIP_RDONLY, nullptr));
  std::set<std::string> seen;
  std::string twice = "a name";
  const zip_int64_t count = archive ? zip_get_num_entries(archive.get(), 0) : 0;
  for (zip_int64_t index = 0; index < count; ++index) {
    const char* name = zip_get_name(archive.get(), static_cast<zip_uint64_t>(index), 0);
    if (name != nullptr && !seen.insert(name).second) twice = name;
  }
  refuse(text("{} holds {} twice", file.filename().string(), twice), "duplicate-name");
}

[[noreturn]] void cannot_open(const std::filesystem::path& file, int zip_code, int system_code) {
  const std::string name = file.filename().string();
  switch (zip_code) {
    case ZIP_ER_NOZIP:
      if (!begins_like_a_zip(file)) refuse(text("{} is not a zip archive", name), "not-a-zip");
      refuse(text("{} is cut short: it begins like a zip archive, but its directory is missing", name),
             "truncated");
    case ZIP_ER_EXISTS:
      refuse_duplicate(file);
    case ZIP_ER_NOENT:
    case ZIP_ER_OPEN:
    case ZIP_ER_READ:
    case ZIP_ER_MEMORY:
      throw Error(ErrorKind::machine,
                  text("{} cannot be read: {}", file.string(), std::strerror(system_code)));
    default:
      refuse(text("{} contradicts itself: its directory and the headers before its files disagree", name),
             "headers-disagree");
  }
}

Archive open(const std::filesystem::path& file, ZipChecks checks) {
  int code = 0;
  errno = 0;
  const int flags = checks == ZipChecks::full ? ZIP_RDONLY | ZIP_CHECKCONS : ZIP_RDONLY;
  Archive archive(zip_open(file.c_str(), flags, &code));
  if (!archive) cannot_open(file, code, errno != 0 ? errno : EIO);
  return archive;
}

std::uint32_t unix_mode(zip_t* archive, zip_uint64_t index) {
  zip_uint8_t made_on = 0;
  zip_uint32_t attributes = 0;
  if (zip_file_get_external_attributes(archive, index, 0, &made_on, &attributes) != 0) return 0;
  return made_on == ZIP_OPSYS_UNIX ? attributes >> 16U : 0;
}

ZipEntry entry_at(zip_t* archive, zip_uint64_t index, const std::string& archive_name) {
  constexpr zip_uint64_t wanted = ZIP_STAT_NAME | ZIP_STAT_SIZE | ZIP_STAT_COMP_SIZE | ZIP_STAT_CRC |
                                  ZIP_STAT_COMP_METHOD | ZIP_STAT_ENCRYPTION_METHOD;
  zip_stat_t found;
  zip_stat_init(&found);
  if (zip_stat_index(archive, index, 0, &found) != 0 || (found.valid & wanted) != wanted) {
    refuse(text("entry {} of {} cannot be described", index, archive_name), "headers-disagree");
  }
  ZipEntry entry;
  entry.name = found.name;
  entry.size = found.size;
  entry.compressed_size = found.comp_size;
  entry.crc32 = found.crc;
  entry.method = found.comp_method;
  entry.unix_mode = unix_mode(archive, index);
  entry.encrypted = found.encryption_method != ZIP_EM_NONE;
  return entry;
}

}  // namespace

bool ZipEntry::is_directory() const noexcept {
  return name.ends_with('/') || (unix_mode & S_IFMT) == S_IFDIR;
}
bool ZipEntry::is_symlink() const noexcept { return (unix_mode & S_IFMT) == S_IFLNK; }
bool ZipEntry::is_executable() const noexcept { return !is_directory() && (unix_mode & 0111U) != 0; }

struct ZipReader::State {
  std::string name;
  Archive archive;
  std::vector<ZipEntry> entries;
  Inflater inflater;
};

ZipReader::ZipReader(const std::filesystem::path& file, ZipChecks checks)
    : state_(std::make_unique<State>(State{file.filename().string(), open(file, checks), {}, {}})) {
  const zip_int64_t count = zip_get_num_entries(state_->archive.get(), 0);
  for (zip_int64_t index = 0; index < count; ++index) {
    state_->entries.push_back(
        entry_at(state_->archive.get(), static_cast<zip_uint64_t>(index), state_->name));
  }
}
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

void ZipReader::extract(std::size_t index, const ZipSink& sink) {
  const ZipEntry& entry = state_->entries.at(index);
  const std::string& archive = state_->name;
  if (entry.encrypted) refuse(text("{} in {} is encrypted", entry.name, archive), "encrypted");
  if (entry.method != ZIP_CM_STORE && entry.method != ZIP_CM_DEFLATE) {
    refuse(text("{} in {} is compressed with method {}, which wheels do not use", entry.name, archive,
                entry.method),
           "compression");
  }
  const EntryHandle handle(zip_fopen_index(state_->archive.get(), index, ZIP_FL_COMPRESSED));
  if (!handle) refuse(text("the data of {} in {} is not where it should be", entry.name, archive), "corrupt");

  bool unreadable = false;
  const Inflater::Input input = [&](std::span<std::byte> buffer) -> std::size_t {
    const zip_int64_t got = zip_fread(handle.get(), buffer.data(), buffer.size());
    unreadable = got < 0;
    return got < 0 ? 0 : static_cast<std::size_t>(got);
  };
  std::uint64_t written = 0;
  std::uint32_t crc = 0;
  const Inflater::Output output = [&](std::span<const std::byte> piece) {
    if (piece.size() > entry.size - written) return false;  // more than promised: a bomb or damage
    written += piece.size();
    crc = crc32(crc, piece);
    sink(piece);
    return true;
  };
  Inflater& inflater = state_->inflater;
  const InflateEnd end =
      entry.method == ZIP_CM_STORE ? inflater.copy(input, output) : inflater.run(input, output);
  if (unreadable) refuse(text("the data of {} in {} ends too early", entry.name, archive), "corrupt");
  if (end == InflateEnd::invalid || end == InflateEnd::cut_short) {
    refuse(text("{} in {} is damaged: its compressed data cannot be read", entry.name, archive), "corrupt");
  }
  if (end == InflateEnd::stopped || written != entry.size) {
    refuse(text("{} in {} has another size than its archive says", entry.name, archive), "corrupt");
  }
  if (crc != entry.crc32)
    refuse(text("{} in {} is damaged: its CRC-32 is wrong", entry.name, archive), "corrupt");
}

std::string ZipReader::read(std::size_t index, std::uint64_t limit) {
  const ZipEntry& entry = state_->entries.at(index);
  if (entry.size > limit) {
    refuse(text("{} in {} is {} bytes long, more than the {} that it may have", entry.name, state_->name,
                entry.size, limit),
           "corrupt");
  }
  std::string whole;
  whole.reserve(entry.size);
  extract(index, [&](std::span<const std::byte> piece) {
    whole.append(reinterpret_cast<const char*>(piece.data()), piece.size());
  });
  return whole;
}

}  // namespace wheelfit::system
