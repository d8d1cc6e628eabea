// SPDX-License-Identifier: Apache-2.0
#include "support/archive_builder.hpp"

#include <clocale>
#include <memory>
#include <stdexcept>

#include <archive.h>
#include <archive_entry.h>

namespace wheelfit::test {
namespace {

// libarchive writes names as the locale reads them.
class InUtf8 {
 public:
  InUtf8() : before_(std::setlocale(LC_CTYPE, nullptr)) { std::setlocale(LC_CTYPE, "C.UTF-8"); }
  ~InUtf8() { std::setlocale(LC_CTYPE, before_.c_str()); }
  InUtf8(const InUtf8&) = delete;
  InUtf8& operator=(const InUtf8&) = delete;

 private:
  std::string before_;
};

struct Free {
  void operator()(archive* writer) const { archive_write_free(writer); }
  void operator()(archive_entry* entry) const { archive_entry_free(entry); }
};

void compress(archive* writer, Compression compression) {
  switch (compression) {
    case Compression::gzip:
      archive_write_add_filter_gzip(writer);
      return;
    case Compression::bzip2:
      archive_write_add_filter_bzip2(writer);
      return;
    case Compression::xz:
      archive_write_add_filter_xz(writer);
      return;
    case Compression::zstd:
      archive_write_add_filter_zstd(writer);
      return;
    case Compression::none:
      return;
  }
}

la_ssize_t append(archive*, void* into, const void* bytes, std::size_t size) {
  static_cast<std::string*>(into)->append(static_cast<const char*>(bytes), size);
  return static_cast<la_ssize_t>(size);
}

void add(archive* writer, const ArchiveMember& member) {
  const std::unique_ptr<archive_entry, Free> entry(archive_entry_new());
  archive_entry_set_pathname(entry.get(), member.name.c_str());
  archive_entry_set_perm(entry.get(), static_cast<mode_t>(member.mode));
  archive_entry_set_filetype(entry.get(), member.kind == 'd'   ? AE_IFDIR
                                          : member.kind == 'p' ? AE_IFIFO
                                                               : AE_IFREG);
  archive_entry_set_size(entry.get(), static_cast<la_int64_t>(member.content.size()));
  if (!member.symlink.empty()) {
    archive_entry_set_filetype(entry.get(), AE_IFLNK);
    archive_entry_set_symlink(entry.get(), member.symlink.c_str());
  }
  if (!member.hardlink.empty()) archive_entry_set_hardlink(entry.get(), member.hardlink.c_str());
  if (archive_write_header(writer, entry.get()) < ARCHIVE_WARN)
    throw std::runtime_error(archive_error_string(writer));
  if (!member.content.empty()) archive_write_data(writer, member.content.data(), member.content.size());
}

}  // namespace

std::string make_tar(const std::vector<ArchiveMember>& members, Compression compression) {
  const InUtf8 locale;
  std::string bytes;
  const std::unique_ptr<archive, Free> writer(archive_write_new());
  compress(writer.get(), compression);
  archive_write_set_format_pax_restricted(writer.get());
  archive_write_set_bytes_per_block(writer.get(), 0);
  archive_write_open(writer.get(), &bytes, nullptr, &append, nullptr);
  for (const ArchiveMember& member : members) add(writer.get(), member);
  archive_write_close(writer.get());
  return bytes;
}

}  // namespace wheelfit::test
