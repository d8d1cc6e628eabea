// SPDX-License-Identifier: Apache-2.0
#include "install/file_operations.hpp"
#include "install/install.hpp"
#include "python/record.hpp"
#include "system/files.hpp"
#include "system/sha256.hpp"

namespace wheelfit::install {
namespace fs = std::filesystem;

std::optional<Receipt> read_receipt(const fs::path& dist_info) {
  const auto content = system::read_file_if_any(dist_info / "WHEELFIT.json");
  return content ? receipt_from_json(*content) : std::nullopt;
}

void write_receipt(const fs::path& dist_info, const Receipt& receipt) {
  const fs::path record_file = dist_info / "RECORD";
  auto record = python::parse_record(system::read_file(record_file));
  if (!record) {
    throw Error(ErrorKind::machine,
                text("{} cannot be read: {}", record_file.string(), record.error().message));
  }
  const std::string content = receipt_to_json(receipt);
  const std::string path = dist_info.filename().string() + "/WHEELFIT.json";
  std::erase_if(*record, [&](const python::RecordEntry& row) { return row.path == path; });
  record->push_back({path, "sha256", system::to_urlsafe_base64(system::sha256_of(content)), content.size()});
  FileOperations& files = real_file_operations();
  replace_file(files, dist_info / "WHEELFIT.json", content);
  replace_file(files, record_file, python::write_record(*std::move(record)));
}

}  // namespace wheelfit::install
