// SPDX-License-Identifier: Apache-2.0
#include "python/record.hpp"

#include "system/files.hpp"
#include "system/sha256.hpp"
#include "verify/verify.hpp"

namespace wheelfit::verify {
namespace fs = std::filesystem;
namespace {

// Hundreds of wrong files are one cause: the first few say it.
constexpr std::size_t failures_shown = 10;

std::optional<Text> what_is_wrong(const python::RecordEntry& row, const fs::path& file) {
  std::error_code failed;
  const std::uintmax_t size = fs::file_size(file, failed);
  if (failed) return text("{} is missing", row.path);
  if (row.size && *row.size != size)
    return text("{} has {} bytes, and RECORD says {}", row.path, size, *row.size);
  if (row.hash_algorithm != "sha256") return std::nullopt;
  try {
    if (system::to_urlsafe_base64(system::sha256_of_file(file)) == row.hash) return std::nullopt;
    return text("{} was changed after it was installed: its sha256 differs from RECORD", row.path);
  } catch (const Error& error) {
    return error.sentence();
  }
}

}  // namespace

std::vector<Check> check_record(const fs::path& dist_info) {
  const auto content = system::read_file_if_any(dist_info / "RECORD", 256U << 20U);
  if (!content)
    return {{"record", CheckResult::failed, text("{} has no RECORD", dist_info.filename().string())}};
  const auto record = python::parse_record(*content);
  if (!record) {
    return {{"record", CheckResult::failed, text("RECORD cannot be read: {}", record.error().message)}};
  }
  std::vector<Check> failures;
  std::size_t hashed = 0;
  for (const python::RecordEntry& row : *record) {
    if (row.hash_algorithm.empty()) continue;  // RECORD itself, bytecode
    ++hashed;
    auto wrong = what_is_wrong(row, (dist_info.parent_path() / row.path).lexically_normal());
    if (wrong) failures.push_back({"record", CheckResult::failed, *std::move(wrong)});
    if (failures.size() == failures_shown) break;
  }
  if (!failures.empty()) return failures;
  return {{"record", CheckResult::passed, text("{} files are as RECORD says", hashed)}};
}

}  // namespace wheelfit::verify
