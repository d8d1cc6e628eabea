// SPDX-License-Identifier: Apache-2.0
#include "install/receipt_file.hpp"

#include <algorithm>

#include "install/install.hpp"
#include "install/transaction.hpp"
#include "python/record.hpp"
#include "system/files.hpp"

namespace wheelfit::install {
namespace fs = std::filesystem;
namespace {

// RECORD with a row for the receipt; nothing where it has one. The row has no hash: the receipt is written
// anew after each proof, and two files cannot be replaced at one moment.
std::optional<std::string> record_with_receipt(const fs::path& record_file, const std::string& receipt_path) {
  auto record = python::parse_record(system::read_file(record_file));
  if (!record) {
    throw Error(ErrorKind::machine,
                text("{} cannot be read: {}", record_file.string(), record.error().message));
  }
  const auto row = std::find_if(record->begin(), record->end(),
                                [&](const python::RecordEntry& entry) { return entry.path == receipt_path; });
  if (row != record->end() && row->hash.empty()) return std::nullopt;
  if (row != record->end()) record->erase(row);
  record->push_back({receipt_path, "", "", std::nullopt});
  return python::write_record(*std::move(record));
}

// Written in a private directory, as a killed run must not leave a stray file in the dist-info directory.
void replace_file(FileOperations& files, Workplace& workplace, const fs::path& path,
                  std::string_view content) {
  const fs::path staged = workplace.staged(path.parent_path().parent_path() / ".rewritten");
  if (exists_itself(staged)) require(files.remove_file(staged), staged);
  make_directories(files, staged.parent_path(), 0700);
  write_file(files, staged, content);
  require(files.sync(staged), staged);
  require(files.replace(staged, path), path);
}

}  // namespace

std::optional<Receipt> read_receipt(const fs::path& dist_info) {
  const auto content = system::read_file_if_any(dist_info / "WHEELFIT.json");
  return content ? receipt_from_json(*content) : std::nullopt;
}

void write_receipt(FileOperations& files, Workplace& workplace, const fs::path& dist_info,
                   const Receipt& receipt) {
  const std::string row = dist_info.filename().string() + "/WHEELFIT.json";
  if (const auto record = record_with_receipt(dist_info / "RECORD", row))
    replace_file(files, workplace, dist_info / "RECORD", *record);
  replace_file(files, workplace, dist_info / "WHEELFIT.json", receipt_to_json(receipt));
}

void write_receipt(const fs::path& dist_info, const Receipt& receipt) {
  FileOperations& files = real_file_operations();
  Workplace workplace(files, dist_info.parent_path());
  const DiscardOnFailure discard(workplace);
  write_receipt(files, workplace, dist_info, receipt);
}

}  // namespace wheelfit::install
