// SPDX-License-Identifier: Apache-2.0
#include "support/wheel_builder.hpp"

#include <algorithm>
#include <fstream>
#include <span>
#include <stdexcept>

#include "system/inflate.hpp"
#include "system/sha256.hpp"

namespace wheelfit::test {
namespace {

void put(std::string& out, std::uint64_t value, int bytes) {
  for (int i = 0; i < bytes; ++i) out += static_cast<char>((value >> (8 * i)) & 0xffU);
}

std::uint32_t crc_of(const std::string& content) {
  return system::crc32(0, std::as_bytes(std::span(content)));
}

}  // namespace

WheelBuilder& WheelBuilder::file(std::string path, std::string content, std::uint32_t mode) {
  files_.push_back({std::move(path), std::move(content), mode, true});
  return *this;
}
WheelBuilder& WheelBuilder::unrecorded_file(std::string path, std::string content) {
  files_.push_back({std::move(path), std::move(content), 0100644, false});
  return *this;
}
WheelBuilder& WheelBuilder::record_row(std::string row) {
  rows_.push_back(std::move(row));
  return *this;
}
WheelBuilder& WheelBuilder::record_hash(std::string path, std::string hash_field) {
  hashes_.emplace_back(std::move(path), std::move(hash_field));
  return *this;
}
WheelBuilder& WheelBuilder::metadata_line(std::string line) {
  metadata_lines_.push_back(std::move(line));
  return *this;
}
WheelBuilder& WheelBuilder::metadata_name(std::string name) {
  metadata_name_ = std::move(name);
  return *this;
}
WheelBuilder& WheelBuilder::metadata_version(std::string version) {
  metadata_version_ = std::move(version);
  return *this;
}
WheelBuilder& WheelBuilder::wheel_version(std::string version) {
  wheel_version_ = std::move(version);
  return *this;
}
WheelBuilder& WheelBuilder::purelib(bool value) {
  purelib_ = value;
  return *this;
}
WheelBuilder& WheelBuilder::without(std::string dist_info_file) {
  left_out_.push_back(std::move(dist_info_file));
  return *this;
}
WheelBuilder& WheelBuilder::claimed_size(std::string path, std::uint32_t size) {
  sizes_.emplace_back(std::move(path), size);
  return *this;
}

std::string WheelBuilder::file_name() const { return name_ + "-" + version_ + "-py3-none-any.whl"; }

std::string WheelBuilder::record(const std::vector<Entry>& entries) const {
  std::string text;
  for (const Entry& entry : entries) {
    if (!entry.recorded) continue;
    std::string hash = "sha256=" + system::to_urlsafe_base64(system::sha256_of(entry.content));
    for (const auto& [path, other] : hashes_) {
      if (path == entry.path) hash = other;
    }
    text += entry.path + "," + hash + "," + std::to_string(entry.content.size()) + "\n";
  }
  for (const std::string& row : rows_) text += row + "\n";
  return text + dist_info() + "/RECORD,,\n";
}

std::vector<WheelBuilder::Entry> WheelBuilder::all_entries() const {
  const auto kept = [&](const char* name) {
    return std::find(left_out_.begin(), left_out_.end(), name) == left_out_.end();
  };
  std::vector<Entry> entries = files_;
  std::string metadata = "Metadata-Version: 2.1\nName: " + metadata_name_.value_or(name_) +
                         "\nVersion: " + metadata_version_.value_or(version_) + "\n";
  for (const std::string& line : metadata_lines_) metadata += line + "\n";
  if (kept("METADATA")) entries.push_back({dist_info() + "/METADATA", metadata + "\nBody\n"});
  const std::string wheel = "Wheel-Version: " + wheel_version_ +
                            "\nGenerator: test\nRoot-Is-Purelib: " + (purelib_ ? "true" : "false") +
                            "\nTag: py3-none-any\n";
  if (kept("WHEEL")) entries.push_back({dist_info() + "/WHEEL", wheel});
  if (kept("RECORD")) entries.push_back({dist_info() + "/RECORD", record(entries)});
  return entries;
}

std::string WheelBuilder::bytes() const {
  std::string archive;
  std::string directory;
  std::uint64_t count = 0;
  for (const Entry& entry : all_entries()) {
    std::uint64_t size = entry.content.size();
    for (const auto& [path, claimed] : sizes_) {
      if (path == entry.path) size = claimed;
    }
    std::string common;  // version needed ... name length, as both headers have it
    put(common, 20, 2);
    put(common, 0x0800, 2);  // names are UTF-8
    put(common, size == entry.content.size() ? 0 : 8, 2);
    put(common, 0, 2);
    put(common, 0x21, 2);  // 1980-01-01
    put(common, crc_of(entry.content), 4);
    put(common, entry.content.size(), 4);
    put(common, size, 4);
    put(common, entry.path.size(), 2);
    put(common, 0, 2);
    put(directory, 0x02014b50, 4);
    put(directory, 0x0314, 2);  // made on Unix
    directory += common;
    put(directory, 0, 6);
    put(directory, std::uint64_t{entry.mode} << 16U, 4);
    put(directory, archive.size(), 4);
    directory += entry.path;
    put(archive, 0x04034b50, 4);
    archive += common + entry.path + entry.content;
    ++count;
  }
  const std::uint64_t start = archive.size();
  archive += directory;
  put(archive, 0x06054b50, 4);
  put(archive, 0, 4);
  put(archive, count, 2);
  put(archive, count, 2);
  put(archive, directory.size(), 4);
  put(archive, start, 4);
  put(archive, 0, 2);
  return archive;
}

std::filesystem::path WheelBuilder::write_to(const std::filesystem::path& directory) const {
  std::filesystem::create_directories(directory);
  const std::filesystem::path file = directory / file_name();
  std::ofstream out(file, std::ios::binary);
  const std::string content = bytes();
  out.write(content.data(), static_cast<std::streamsize>(content.size()));
  if (!out) throw std::runtime_error("cannot write " + file.string());
  return file;
}

}  // namespace wheelfit::test
