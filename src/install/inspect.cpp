// SPDX-License-Identifier: Apache-2.0
#include "install/install.hpp"
#include "install/wheel_contents.hpp"
#include "system/sha256.hpp"

namespace wheelfit::install {

WheelSummary inspect_wheel(const std::filesystem::path& wheel, const std::string& file_name) {
  system::ZipReader zip(wheel);
  WheelContents contents = read_contents(zip, file_name);
  return {.name = std::move(contents.metadata.name),
          .version = std::move(contents.metadata.version),
          .requires_dist = std::move(contents.metadata.requires_dist),
          .requires_python = std::move(contents.metadata.requires_python),
          .tags = std::move(contents.wheel.tags),
          .unpacked_bytes = contents.unpacked_bytes,
          .files = contents.files,
          .warnings = std::move(contents.warnings)};
}

void check_hashes(const std::filesystem::path& wheel, const std::string& file_name) {
  system::ZipReader zip(wheel);
  const WheelContents contents = read_contents(zip, file_name);
  for (std::size_t index = 0; index < zip.entries().size(); ++index) {
    const system::ZipEntry& entry = zip.entries()[index];
    if (entry.is_directory()) continue;
    system::Sha256 hash;
    zip.extract(index, [&hash](std::span<const std::byte> piece) { hash.update(piece); });
    require_recorded(contents, entry.name, system::to_urlsafe_base64(hash.finish()));
  }
}

}  // namespace wheelfit::install
