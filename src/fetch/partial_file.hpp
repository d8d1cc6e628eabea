// SPDX-License-Identifier: Apache-2.0
// A download that is not whole yet: its bytes, and what they are the beginning of.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>

#include "system/files.hpp"
#include "system/http.hpp"
#include "system/sha256.hpp"

namespace wheelfit::fetch {

// What the server said about the file.
struct Origin {
  std::string url;  // redacted
  std::string etag;
  std::string last_modified;
  std::optional<std::uint64_t> length;

  // For If-Range (RFC 9110, 13.1.5): a strong ETag, else the date. nullopt: nothing that would do.
  std::optional<std::string> validator() const;

  friend bool operator==(const Origin&, const Origin&) = default;
};

Origin origin_of(const std::string& url, const system::HttpResponse& response);

// At every moment the bytes are a beginning of the file that `origin` describes, or there are none: whoever
// is killed leaves that behind. One owner at a time: hold the lock of the artifact.
class PartialFile {
 public:
  explicit PartialFile(std::filesystem::path directory);

  std::uint64_t size() const noexcept { return size_; }
  const std::optional<Origin>& origin() const noexcept { return origin_; }

  void start_over(const Origin& origin);
  void append(std::span<const std::byte> bytes);
  std::string sha256();  // of all bytes; closes the file

  // Moves the bytes to their place and takes the rest away.
  void publish(const std::filesystem::path& to);
  void discard();

 private:
  std::filesystem::path data() const { return directory_ / "data"; }
  std::filesystem::path about() const { return directory_ / "about.json"; }

  std::filesystem::path directory_;
  std::optional<Origin> origin_;
  std::optional<system::OutputFile> out_;
  std::uint64_t size_ = 0;
  system::Sha256 hash_;
};

}  // namespace wheelfit::fetch
