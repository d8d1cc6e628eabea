// SPDX-License-Identifier: Apache-2.0
#include "system/zip_copy.hpp"

#include <cerrno>
#include <memory>
#include <new>

#include <zip.h>

#include "base/error.hpp"
#include "system/files.hpp"

namespace wheelfit::system {
namespace {

constexpr zip_uint16_t first_dos_time = 0;
constexpr zip_uint16_t first_dos_date = 1U << 5U | 1U;  // 1980-01-01

struct Discard {
  void operator()(zip_t* archive) const { zip_discard(archive); }
};
using Archive = std::unique_ptr<zip_t, Discard>;

[[noreturn]] void fail(const std::filesystem::path& file, zip_error_t* error) {
  const int code = zip_error_code_zip(error);
  const int system_code = zip_error_code_system(error);
  if (code == ZIP_ER_ZLIB || code == ZIP_ER_CRC || code == ZIP_ER_INCONS || code == ZIP_ER_EOF) {
    throw Error(ErrorKind::refused, text("{} is damaged: its members cannot be copied", file.string()))
        .with_code("corrupt");
  }
  throw machine_error(file, "written", system_code != 0 ? system_code : EIO);
}

Archive open(const std::filesystem::path& file, int flags) {
  int code = 0;
  errno = 0;
  Archive archive(zip_open(file.c_str(), flags, &code));
  if (archive) return archive;
  throw machine_error(file, (flags & ZIP_RDONLY) != 0 ? "read" : "written", errno != 0 ? errno : EIO);
}

// The part's bytes as they go into the archive; owned by the archive once they were added.
zip_source_t* source_of(const ZipPart& part, zip_t* from, zip_t* to) {
  if (part.copied) return zip_source_zip(to, from, *part.copied, ZIP_FL_COMPRESSED, 0, -1);
  return zip_source_buffer(to, part.content.data(), part.content.size(), 0);
}

// Copied as it is compressed; new content is deflated.
zip_int32_t method_of(const ZipPart& part, zip_t* from) {
  if (!part.copied) return ZIP_CM_DEFLATE;
  zip_stat_t found;
  zip_stat_init(&found);
  const bool known =
      zip_stat_index(from, *part.copied, 0, &found) == 0 && (found.valid & ZIP_STAT_COMP_METHOD) != 0;
  return known ? found.comp_method : ZIP_CM_DEFLATE;
}

void add(const ZipPart& part, zip_t* from, zip_t* to, const std::filesystem::path& file) {
  zip_source_t* source = source_of(part, from, to);
  if (source == nullptr) fail(file, zip_get_error(to));
  const zip_int64_t added = zip_file_add(to, part.name.c_str(), source, ZIP_FL_ENC_UTF_8);
  if (added < 0) {
    zip_source_free(source);
    fail(file, zip_get_error(to));
  }
  const auto index = static_cast<zip_uint64_t>(added);
  const bool done =
      zip_set_file_compression(to, index, method_of(part, from), 0) == 0 &&
      zip_file_set_dostime(to, index, first_dos_time, first_dos_date, 0) == 0 &&
      zip_file_set_external_attributes(to, index, 0, ZIP_OPSYS_UNIX, part.unix_mode << 16U) == 0;
  if (!done) fail(file, zip_get_error(to));
}

}  // namespace

void write_zip(const std::filesystem::path& from, const std::vector<ZipPart>& parts,
               const std::filesystem::path& to) {
  const Archive source = open(from, ZIP_RDONLY);  // outlives what is read from it
  Archive target = open(to, ZIP_CREATE | ZIP_EXCL);
  for (const ZipPart& part : parts) add(part, source.get(), target.get(), to);
  if (zip_close(target.get()) != 0) fail(to, zip_get_error(target.get()));
  static_cast<void>(target.release());  // closed
}

}  // namespace wheelfit::system
