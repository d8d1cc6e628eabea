// SPDX-License-Identifier: Apache-2.0
// A wheel as its own files describe it, after every structural rule of the wheel specification was held
// against it.
#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "base/text.hpp"
#include "python/entry_points.hpp"
#include "python/metadata.hpp"
#include "python/record.hpp"
#include "system/zip.hpp"

namespace wheelfit::install {

struct WheelContents {
  std::string dist_info;       // "flash_attn-2.8.3.dist-info"
  std::string data_directory;  // "flash_attn-2.8.3.data", whether there is one or not
  python::Metadata metadata;
  python::WheelMetadata wheel;
  std::unordered_map<std::string, python::RecordEntry> record;  // by archive name
  std::vector<python::EntryPoint> entry_points;
  std::uint64_t unpacked_bytes = 0;
  std::size_t files = 0;
  std::vector<Text> warnings;

  // "RECORD", "METADATA", ... as an archive name.
  std::string in_dist_info(std::string_view file) const { return dist_info + "/" + std::string(file); }
};

// Reads METADATA, WHEEL, RECORD and entry_points.txt and nothing else. Throws Error{refused}, with the codes
// that inspect_wheel() lists.
WheelContents read_contents(system::ZipReader& zip, const std::string& file_name);

// Throws Error{refused} "record-mismatch" where RECORD has another sha256 for the file.
void require_recorded(const WheelContents& contents, const std::string& name, const std::string& hash);

// RECORD itself and its signatures: the files that RECORD does not have to hash.
bool is_exempt_from_record(std::string_view name, std::string_view dist_info) noexcept;

}  // namespace wheelfit::install
