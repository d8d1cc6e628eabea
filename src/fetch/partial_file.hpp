// SPDX-License-Identifier: Apache-2.0
// A download that is not whole yet: its bytes, which of them are here, and what file they belong to.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>

#include "fetch/byte_set.hpp"
#include "system/files.hpp"
#include "system/http.hpp"
#include "system/sparse_file.hpp"

namespace wheelfit::fetch {

// What the server said about the file.
struct Origin {
  std::string url;  // redacted
  std::string etag;
  std::string last_modified;
  std::optional<std::uint64_t> length;

  // For If-Range (RFC 9110, 13.1.5): a strong ETag, else the date. nullopt: nothing that would do.
  std::optional<std::string> validator() const;
  // Whether the two cannot be the same file, by what both say.
  bool contradicts(const Origin& other) const;

  friend bool operator==(const Origin&, const Origin&) = default;
};

// `length` of the file: of a 206 the total that Content-Range gives.
Origin origin_of(const std::string& url, const system::HttpResponse& response);

// At every moment the journal names bytes that are here and belong to the file that `origin` describes:
// whoever is killed leaves that behind. One owner at a time: hold the lock of the artifact.
class PartialFile {
 public:
  explicit PartialFile(std::filesystem::path directory);

  const std::optional<Origin>& origin() const noexcept { return origin_; }
  const ByteSet& done() const noexcept { return done_; }  // as far as recorded
  const system::SparseFile& data() const { return *data_; }
  system::SparseFile& data() { return *data_; }
  // The machine has been started anew since: what the journal names may never have reached the disk.
  bool from_earlier_boot() const noexcept { return earlier_boot_; }

  void start_over(const Origin& origin);
  void write(std::uint64_t offset, std::span<const std::byte> bytes) { data_->write_at(offset, bytes); }
  // These bytes have been written.
  void record(ByteSpan span);

  // Moves the bytes to their place and takes the rest away.
  void publish(std::uint64_t size, const std::filesystem::path& to);
  void discard();

  std::filesystem::path data_path() const { return directory_ / "data"; }

 private:
  std::filesystem::path journal_path() const { return directory_ / "journal"; }
  std::filesystem::path about_path() const { return directory_ / "about.json"; }  // of earlier versions
  void adopt_earlier_version();
  void read_journal();
  void write_journal();

  std::filesystem::path directory_;
  std::optional<Origin> origin_;
  ByteSet done_;
  std::optional<system::SparseFile> data_;
  std::optional<system::OutputFile> journal_;
  bool earlier_boot_ = false;
};

}  // namespace wheelfit::fetch
