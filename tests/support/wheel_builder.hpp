// SPDX-License-Identifier: Apache-2.0
// Makes wheels, good ones and every kind of bad one, as bytes: a zip writer that does what it is told.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace wheelfit::test {

class WheelBuilder {
 public:
  WheelBuilder(std::string name, std::string version)
      : name_(std::move(name)), version_(std::move(version)) {}

  // `mode`: st_mode, 0100644 for a plain file, 0100755 executable, 0120777 a symbolic link.
  WheelBuilder& file(std::string path, std::string content, std::uint32_t mode = 0100644);
  // In the archive but not in RECORD.
  WheelBuilder& unrecorded_file(std::string path, std::string content);
  WheelBuilder& record_row(std::string row);  // one more line in RECORD
  WheelBuilder& record_hash(std::string path,
                            std::string hash_field);  // "sha256=..." or "md5=..." instead of the right one
  WheelBuilder& metadata_line(std::string line);      // "Requires-Dist: einops"
  WheelBuilder& metadata_name(std::string name);      // instead of the wheel's
  WheelBuilder& metadata_version(std::string version);
  WheelBuilder& wheel_version(std::string version);  // "2.0"
  WheelBuilder& purelib(bool value);
  WheelBuilder& without(std::string dist_info_file);                 // "RECORD", "METADATA", "WHEEL"
  WheelBuilder& claimed_size(std::string path, std::uint32_t size);  // of an entry, in both headers

  std::string dist_info() const { return name_ + "-" + version_ + ".dist-info"; }
  std::string file_name() const;  // "demo-1.0-py3-none-any.whl"
  std::string bytes() const;      // the archive
  std::filesystem::path write_to(const std::filesystem::path& directory) const;

 private:
  struct Entry {
    std::string path;
    std::string content;
    std::uint32_t mode = 0100644;
    bool recorded = true;
  };
  std::vector<Entry> all_entries() const;
  std::string record(const std::vector<Entry>& entries) const;

  std::string name_;
  std::string version_;
  std::vector<Entry> files_;
  std::vector<std::string> rows_;
  std::vector<std::pair<std::string, std::string>> hashes_;
  std::vector<std::string> metadata_lines_;
  std::vector<std::pair<std::string, std::uint32_t>> sizes_;
  std::vector<std::string> left_out_;
  std::optional<std::string> metadata_name_;
  std::optional<std::string> metadata_version_;
  std::string wheel_version_ = "1.0";
  bool purelib_ = true;
};

}  // namespace wheelfit::test
