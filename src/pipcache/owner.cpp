// SPDX-License-Identifier: Apache-2.0
#include "pipcache/habit_rows.hpp"
#include "pipcache/habits.hpp"
#include "system/access.hpp"
#include "system/files.hpp"

namespace wheelfit::pipcache {
namespace {

HabitReason reason(Text text) {
  return {HabitCode::owner, std::move(text),
          unused_cache_row(to_string(HabitCode::owner), python::Version()).value_or("")};
}

}  // namespace

std::optional<HabitReason> owner_trouble(const std::filesystem::path& cache_directory) {
  std::filesystem::path at = cache_directory;
  std::error_code failed;
  while (!std::filesystem::exists(std::filesystem::symlink_status(at, failed)) && at != at.parent_path())
    at = at.parent_path();
  if (system::effective_user() == 0) {
    if (system::owner_number(at) == 0U) return std::nullopt;
    return reason(text("{} belongs to another user than root, so a pip that runs as root does not use it",
                       at.string()));
  }
  if (system::is_writable(at)) return std::nullopt;
  return reason(text("{} may not be written to by this user, so pip does not use it", at.string()));
}

}  // namespace wheelfit::pipcache
