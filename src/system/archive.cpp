// SPDX-License-Identifier: Apache-2.0
#include "system/archive.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <exception>
#include <limits>
#include <utility>
#include <variant>
#include <vector>

#include <archive.h>
#include <archive_entry.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/error.hpp"
#include "system/files.hpp"

namespace wheelfit::system {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t block_size = 256 * 1024;

struct Free {
  void operator()(archive* opened) const { archive_read_free(opened); }
};

ArchiveKind kind_of(archive_entry* entry) {
  if (archive_entry_hardlink(entry) != nullptr) return ArchiveKind::hardlink;
  switch (archive_entry_filetype(entry)) {
    case AE_IFREG:
      return ArchiveKind::file;
    case AE_IFDIR:
      return ArchiveKind::directory;
    case AE_IFLNK:
      return ArchiveKind::symlink;
    default:
      return ArchiveKind::other;
  }
}

// What no locale can say is had as the bytes that stand there.
std::string first_of(const char* utf8, const char* bytes) {
  if (utf8 != nullptr) return utf8;
  return bytes != nullptr ? bytes : "";
}

std::string link_of(archive_entry* entry, ArchiveKind kind) {
  if (kind == ArchiveKind::hardlink)
    return first_of(archive_entry_hardlink_utf8(entry), archive_entry_hardlink(entry));
  if (kind == ArchiveKind::symlink)
    return first_of(archive_entry_symlink_utf8(entry), archive_entry_symlink(entry));
  return {};
}

}  // namespace

// What libarchive, a C library, reads through, and where what its callback must not throw is kept.
struct ArchiveReader::State {
  std::string name;
  ArchiveLimits limits;
  fs::path path;
  FileDescriptor file;
  ByteSource* source = nullptr;
  std::uint64_t offset = 0;
  std::exception_ptr fault;
  std::vector<std::byte> input = std::vector<std::byte>(block_size);
  std::uint64_t bytes = 0;
  std::uint64_t entries = 0;
  ArchiveEntry entry;
  std::unique_ptr<archive, Free> opened{archive_read_new()};

  void open();
  std::size_t read_input();
  static la_ssize_t pull(archive* reader, void* self, const void** block);
  [[noreturn]] void fail(std::string_view code, Text sentence) const;
  // After an answer of libarchive.
  void check(int answer, std::string_view code) const;
  void count(std::uint64_t more);
};

std::size_t ArchiveReader::State::read_input() {
  if (source != nullptr) {
    const auto wanted =
        static_cast<std::size_t>(std::min<std::uint64_t>(input.size(), source->size() - offset));
    source->read(offset, std::span(input).first(wanted));
    offset += wanted;
    return wanted;
  }
  for (;;) {
    const ssize_t got = ::read(file.get(), input.data(), input.size());
    if (got >= 0) return static_cast<std::size_t>(got);
    if (errno != EINTR) throw machine_error(path, "read", errno);
  }
}

la_ssize_t ArchiveReader::State::pull(archive* reader, void* self, const void** block) {
  auto* state = static_cast<State*>(self);
  try {
    const std::size_t got = state->read_input();
    *block = state->input.data();
    return static_cast<la_ssize_t>(got);
  } catch (...) {
    state->fault = std::current_exception();
    archive_set_error(reader, EIO, "the bytes cannot be read");
    return ARCHIVE_FATAL;
  }
}

void ArchiveReader::State::fail(std::string_view code, Text sentence) const {
  throw Error(ErrorKind::refused, std::move(sentence)).with_code(std::string(code));
}

void ArchiveReader::State::check(int answer, std::string_view code) const {
  if (fault) std::rethrow_exception(fault);
  if (answer >= ARCHIVE_WARN) return;
  if (code == "not-an-archive") fail(code, text("{} is not a tar archive", name));
  const char* why = archive_error_string(opened.get());
  fail(code, text("{} is cut short or damaged: {}", name, why != nullptr ? why : "no reason is given"));
}

void ArchiveReader::State::count(std::uint64_t more) {
  if (more > limits.bytes - bytes) {
    fail("too-large",
         text("{} holds more than {} bytes in its files, which is not believed", name, limits.bytes));
  }
  bytes += more;
}

void ArchiveReader::State::open() {
  archive* reader = opened.get();
  if (reader == nullptr) throw machine_error(name, "read", ENOMEM);
  archive_read_support_filter_gzip(reader);
  archive_read_support_filter_bzip2(reader);
  archive_read_support_filter_xz(reader);
  archive_read_support_filter_zstd(reader);
  archive_read_support_format_tar(reader);
  check(archive_read_open(reader, this, nullptr, &pull, nullptr), "not-an-archive");
}

ArchiveReader::ArchiveReader(const fs::path& file, ArchiveLimits limits) : state_(std::make_unique<State>()) {
  state_->name = file.filename().string();
  state_->limits = limits;
  state_->path = file;
  state_->file = FileDescriptor(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
  if (!state_->file) throw machine_error(file, "read", errno);
  state_->open();
}

ArchiveReader::ArchiveReader(ByteSource& bytes, std::string name, ArchiveLimits limits)
    : state_(std::make_unique<State>()) {
  state_->name = std::move(name);
  state_->limits = limits;
  state_->source = &bytes;
  state_->open();
}

ArchiveReader::~ArchiveReader() = default;
ArchiveReader::ArchiveReader(ArchiveReader&&) noexcept = default;
ArchiveReader& ArchiveReader::operator=(ArchiveReader&&) noexcept = default;

const std::string& ArchiveReader::name() const noexcept { return state_->name; }

std::optional<ArchiveEntry> ArchiveReader::next() {
  State& state = *state_;
  archive_entry* found = nullptr;
  const int answer = archive_read_next_header(state.opened.get(), &found);
  if (answer == ARCHIVE_EOF && !state.fault) return std::nullopt;
  state.check(answer, state.entries == 0 ? "not-an-archive" : "corrupt");
  if (++state.entries > state.limits.entries) {
    state.fail("too-large", text("{} holds more than {} entries, which is not believed", state.name,
                                 state.limits.entries));
  }
  ArchiveEntry entry;
  entry.name = first_of(archive_entry_pathname_utf8(found), archive_entry_pathname(found));
  entry.kind = kind_of(found);
  entry.mode = static_cast<std::uint32_t>(archive_entry_perm(found));
  entry.link_target = link_of(found, entry.kind);
  const la_int64_t size = entry.kind == ArchiveKind::file ? archive_entry_size(found) : 0;
  if (size < 0) state.fail("corrupt", text("{} states no size of {}", state.name, entry.name));
  entry.size = static_cast<std::uint64_t>(size);
  state.count(entry.size);
  state.entry = entry;
  return entry;
}

void ArchiveReader::extract(const ArchiveSink& sink) {
  State& state = *state_;
  std::vector<std::byte> block(block_size);
  std::uint64_t done = 0;
  while (done < state.entry.size) {
    const auto wanted =
        static_cast<std::size_t>(std::min<std::uint64_t>(block.size(), state.entry.size - done));
    const la_ssize_t got = archive_read_data(state.opened.get(), block.data(), wanted);
    state.check(got < 0 ? static_cast<int>(got) : ARCHIVE_OK, "corrupt");
    if (got <= 0) state.fail("corrupt", text("{} is cut short in {}", state.name, state.entry.name));
    sink(std::span(block).first(static_cast<std::size_t>(got)));
    done += static_cast<std::uint64_t>(got);
  }
}

std::string ArchiveReader::read(std::uint64_t limit) {
  if (state_->entry.size > limit) {
    state_->fail("too-large", text("{} in {} is {} bytes long, which is not believed", state_->entry.name,
                                   state_->name, state_->entry.size));
  }
  std::string content;
  content.reserve(state_->entry.size);
  extract([&content](std::span<const std::byte> piece) {
    content.append(reinterpret_cast<const char*>(piece.data()), piece.size());
  });
  return content;
}

}  // namespace wheelfit::system
