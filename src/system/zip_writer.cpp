// SPDX-License-Identifier: Apache-2.0
#include "system/zip_writer.hpp"

#include <cerrno>
#include <cstdint>
#include <memory>

#include <fcntl.h>
#include <unistd.h>
#include <zip.h>

#include "system/files.hpp"

namespace wheelfit::system {
namespace {

namespace fs = std::filesystem;

constexpr zip_uint16_t first_of_january_1980 = (1U << 5U) | 1U;  // the beginning of the zip's own calendar
constexpr zip_uint32_t plain_file = 0100644U << 16U;

struct Discard {
  void operator()(zip_t* archive) const { zip_discard(archive); }
};
using Archive = std::unique_ptr<zip_t, Discard>;

[[noreturn]] void fail(const fs::path& path, zip_error_t* error) {
  const bool of_the_system = zip_error_system_type(error) == ZIP_ET_SYS;
  throw machine_error(path, "written", of_the_system ? zip_error_code_system(error) : EIO);
}

Archive open(const fs::path& path) {
  int code = 0;
  if (zip_t* archive = zip_open(path.c_str(), ZIP_CREATE | ZIP_TRUNCATE, &code)) return Archive(archive);
  throw machine_error(path, "written", errno != 0 ? errno : EIO);
}

void add(zip_t* archive, const StoredMember& member, const fs::path& path) {
  zip_source_t* source = member.file.empty()
                             ? zip_source_buffer(archive, member.content.data(), member.content.size(), 0)
                             : zip_source_file(archive, member.file.c_str(), 0, -1);
  if (source == nullptr) fail(path, zip_get_error(archive));
  const zip_int64_t added = zip_file_add(archive, member.name.c_str(), source, ZIP_FL_ENC_UTF_8);
  if (added < 0) {
    zip_source_free(source);
    fail(path, zip_get_error(archive));
  }
  const auto index = static_cast<zip_uint64_t>(added);
  const bool done =
      zip_set_file_compression(archive, index, ZIP_CM_STORE, 0) == 0 &&
      zip_file_set_dostime(archive, index, 0, first_of_january_1980, 0) == 0 &&
      zip_file_set_external_attributes(archive, index, 0, ZIP_OPSYS_UNIX, plain_file) == 0;
  if (!done) fail(path, zip_get_error(archive));
}

void flush(const fs::path& path) {
  const FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file || ::fsync(file.get()) != 0) throw machine_error(path, "written", errno);
}

}  // namespace

void write_zip(const fs::path& archive, const std::vector<StoredMember>& members) {
  const fs::path half = archive.parent_path() / ("." + archive.filename().string() + ".part");
  make_directories(archive.parent_path());
  try {
    Archive open_archive = open(half);
    for (const StoredMember& member : members) add(open_archive.get(), member, archive);
    if (zip_close(open_archive.get()) != 0) fail(archive, zip_get_error(open_archive.get()));
    open_archive.release();  // NOLINT: zip_close() has freed it
    flush(half);
    // What libzip wrote is as private as its own temporary file.
    fs::permissions(half, fs::perms(0644), fs::perm_options::replace);
    rename_file(half, archive);
  } catch (...) {
    remove_quietly(half);
    throw;
  }
  flush_directory(archive.parent_path());
}

}  // namespace wheelfit::system
