// SPDX-License-Identifier: Apache-2.0
#include "system/zip_archive.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <exception>
#include <fstream>
#include <optional>
#include <set>
#include <span>

#include <zip.h>

namespace wheelfit::system {
namespace {

constexpr std::string_view first_bytes = "PK\x03\x04";

bool begins_like_a_zip(const std::filesystem::path& file) {
  std::array<char, 4> magic{};
  std::ifstream in(file, std::ios::binary);
  in.read(magic.data(), magic.size());
  return in.gcount() == 4 && std::string_view(magic.data(), magic.size()) == first_bytes;
}

bool begins_like_a_zip(ByteSource& bytes) {
  std::array<char, 4> magic{};
  if (bytes.size() < magic.size()) return false;
  bytes.read(0, std::as_writable_bytes(std::span(magic)));
  return std::string_view(magic.data(), magic.size()) == first_bytes;
}

[[noreturn]] void refuse_damaged(const std::string& name, bool begins_well) {
  if (!begins_well) refuse_archive(text("{} is not a zip archive", name), "not-a-zip");
  refuse_archive(text("{} is cut short: it begins like a zip archive, but its directory is missing", name),
                 "truncated");
}

[[noreturn]] void refuse_contradiction(const std::string& name) {
  refuse_archive(text("{} contradicts itself: its directory and the headers before its files disagree", name),
                 "headers-disagree");
}

[[noreturn]] void refuse_duplicate(const std::filesystem::path& file) {
  zip_t* archive = zip_open(file.c_str(), ZIP_RDONLY, nullptr);
  std::set<std::string> seen;
  std::string twice = "a name";
  const zip_int64_t count = archive != nullptr ? zip_get_num_entries(archive, 0) : 0;
  for (zip_int64_t index = 0; index < count; ++index) {
    const char* name = zip_get_name(archive, static_cast<zip_uint64_t>(index), 0);
    if (name != nullptr && !seen.insert(name).second) twice = name;
  }
  if (archive != nullptr) zip_discard(archive);
  refuse_archive(text("{} holds {} twice", file.filename().string(), twice), "duplicate-name");
}

bool can_be_read(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary | std::ios::ate);
  std::array<char, 1> last{};
  in.seekg(-1, std::ios::end);
  in.read(last.data(), last.size());
  return in.good();
}

[[noreturn]] void cannot_open(const std::filesystem::path& file, int zip_code, int system_code) {
  const std::string name = file.filename().string();
  switch (zip_code) {
    case ZIP_ER_NOZIP:
      refuse_damaged(name, begins_like_a_zip(file));
    case ZIP_ER_EXISTS:
      refuse_duplicate(file);
    case ZIP_ER_NOENT:  // so it calls a missing zip64 field, too
    case ZIP_ER_READ:
      if (can_be_read(file)) refuse_contradiction(name);
      [[fallthrough]];
    case ZIP_ER_OPEN:
    case ZIP_ER_MEMORY:
      throw Error(ErrorKind::machine,
                  text("{} cannot be read: {}", file.string(), std::strerror(system_code)));
    default:
      refuse_contradiction(name);
  }
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
    refuse_archive(text("entry {} of {} cannot be described", index, archive_name), "headers-disagree");
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

constexpr std::uint64_t end_record_size = 22;  // without a comment

std::uint64_t little_endian(std::span<const std::byte> bytes) {
  std::uint64_t value = 0;
  for (std::size_t at = bytes.size(); at-- > 0;)
    value = value << 8U | std::to_integer<std::uint64_t>(bytes[at]);
  return value;
}

// `bytes` can hold an end record. Where the directory begins, by an end record without a comment, as wheels
// have it; 0 where it has one, is zip64's or makes no sense: then libzip searches.
std::uint64_t directory_offset(ByteSource& bytes) {
  std::array<std::byte, end_record_size> record;
  bytes.read(bytes.size() - end_record_size, record);
  const std::span<const std::byte> fields(record);
  const std::uint64_t length = little_endian(fields.subspan(12, 4));
  const std::uint64_t offset = little_endian(fields.subspan(16, 4));
  const bool is_end_record = little_endian(fields.first(4)) == 0x06054b50;
  return is_end_record && offset + length + end_record_size == bytes.size() ? offset : 0;
}

}  // namespace

void refuse_archive(Text sentence, std::string code) {
  throw Error(ErrorKind::refused, std::move(sentence)).with_code(std::move(code));
}

// What libzip reads from.
struct ZipArchive::View {
  ByteSource& bytes;
  // While the archive is opened, libzip looks for the end record in the last 64 KiB, whatever lies there.
  // What lies before the directory is data of members; it is not fetched for that and reads as zeros.
  std::uint64_t blank_before = 0;
  std::uint64_t at = 0;
  std::exception_ptr fault = nullptr;
  zip_error_t error = {};

  zip_int64_t read(std::span<std::byte> into) {
    into = into.first(std::min<std::uint64_t>(into.size(), bytes.size() - at));
    const std::uint64_t blank =
        std::min<std::uint64_t>(into.size(), blank_before - std::min(blank_before, at));
    std::ranges::fill(into.first(blank), std::byte{0});
    try {
      if (blank < into.size()) bytes.read(at + blank, into.subspan(blank));
    } catch (...) {
      fault = std::current_exception();
      zip_error_set(&error, ZIP_ER_READ, EIO);
      return -1;
    }
    at += into.size();
    return static_cast<zip_int64_t>(into.size());
  }

  zip_int64_t seek(void* data, zip_uint64_t length) {
    const zip_int64_t target = zip_source_seek_compute_offset(at, bytes.size(), data, length, &error);
    if (target < 0) return -1;
    at = static_cast<std::uint64_t>(target);
    return 0;
  }

  zip_int64_t describe(void* data) const {
    auto* stat = static_cast<zip_stat_t*>(data);
    zip_stat_init(stat);
    stat->size = bytes.size();
    stat->valid = ZIP_STAT_SIZE;
    return sizeof *stat;
  }

  static zip_int64_t call(void* user, void* data, zip_uint64_t length, zip_source_cmd_t command) {
    View& view = *static_cast<View*>(user);
    switch (command) {
      case ZIP_SOURCE_SUPPORTS:
        return zip_source_make_command_bitmap(ZIP_SOURCE_OPEN, ZIP_SOURCE_READ, ZIP_SOURCE_CLOSE,
                                              ZIP_SOURCE_STAT, ZIP_SOURCE_ERROR, ZIP_SOURCE_FREE,
                                              ZIP_SOURCE_SEEK, ZIP_SOURCE_TELL, ZIP_SOURCE_SUPPORTS, -1);
      case ZIP_SOURCE_OPEN:
        view.at = 0;
        return 0;
      case ZIP_SOURCE_READ:
        return view.read({static_cast<std::byte*>(data), length});
      case ZIP_SOURCE_SEEK:
        return view.seek(data, length);
      case ZIP_SOURCE_TELL:
        return static_cast<zip_int64_t>(view.at);
      case ZIP_SOURCE_STAT:
        return view.describe(data);
      case ZIP_SOURCE_ERROR:
        return zip_error_to_data(&view.error, data, length);
      case ZIP_SOURCE_CLOSE:
      case ZIP_SOURCE_FREE:
        return 0;
      default:
        zip_error_set(&view.error, ZIP_ER_OPNOTSUPP, 0);
        return -1;
    }
  }
};

void ZipArchive::Discard::operator()(zip* archive) const { zip_discard(archive); }

ZipArchive::ZipArchive(const std::filesystem::path& file, ZipChecks checks)
    : name_(file.filename().string()) {
  int code = 0;
  errno = 0;
  const int flags = checks == ZipChecks::full ? ZIP_RDONLY | ZIP_CHECKCONS : ZIP_RDONLY;
  archive_.reset(zip_open(file.c_str(), flags, &code));
  if (!archive_) cannot_open(file, code, errno != 0 ? errno : EIO);
}

ZipArchive::ZipArchive(ByteSource& bytes, std::string name)
    : name_(std::move(name)), view_(std::make_unique<View>(View{bytes})) {
  if (bytes.size() < end_record_size) refuse_damaged(name_, begins_like_a_zip(bytes));
  zip_error_init(&view_->error);
  view_->blank_before = directory_offset(bytes);
  zip_error_t error;
  zip_error_init(&error);
  zip_source_t* source = zip_source_function_create(&View::call, view_.get(), &error);
  if (source == nullptr) throw std::bad_alloc();
  archive_.reset(zip_open_from_source(source, ZIP_RDONLY, &error));
  const int code = zip_error_code_zip(&error);
  zip_error_fini(&error);
  view_->blank_before = 0;
  if (archive_) return;
  zip_source_free(source);
  rethrow_fault();
  if (code == ZIP_ER_NOZIP) refuse_damaged(name_, begins_like_a_zip(bytes));
  refuse_contradiction(name_);
}

ZipArchive::~ZipArchive() = default;

std::vector<ZipEntry> ZipArchive::entries() const {
  std::vector<ZipEntry> entries;
  const zip_int64_t count = zip_get_num_entries(get(), 0);
  for (zip_int64_t index = 0; index < count; ++index)
    entries.push_back(entry_at(get(), static_cast<zip_uint64_t>(index), name_));
  return entries;
}

void ZipArchive::rethrow_fault() {
  if (view_ && view_->fault) std::rethrow_exception(std::exchange(view_->fault, nullptr));
}

}  // namespace wheelfit::system
