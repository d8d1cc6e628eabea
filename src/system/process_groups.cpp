// SPDX-License-Identifier: Apache-2.0
#include "system/process_groups.hpp"

#include <charconv>
#include <csignal>
#include <sstream>
#include <string>

#include <dirent.h>
#include <unistd.h>

#include "system/files.hpp"

namespace wheelfit::system {
namespace {

// What stands behind the name in /proc/PID/stat: field 3 (state) is the first here.
std::vector<std::string> fields_of(const std::filesystem::path& process) {
  const std::string line = read_file_if_any(process / "stat").value_or("");
  const std::size_t name_end = line.rfind(')');
  std::vector<std::string> fields;
  if (name_end == std::string::npos) return fields;
  std::istringstream words(line.substr(name_end + 1));
  for (std::string word; words >> word;) fields.push_back(std::move(word));
  return fields;
}

constexpr std::size_t group_field = 5 - 3;
constexpr std::size_t start_field = 22 - 3;
constexpr std::size_t resident_field = 24 - 3;

std::optional<std::uint64_t> number(const std::vector<std::string>& fields, std::size_t at) {
  std::uint64_t value = 0;
  if (at >= fields.size()) return std::nullopt;
  const auto read = std::from_chars(fields[at].data(), fields[at].data() + fields[at].size(), value);
  return read.ec == std::errc() ? std::optional(value) : std::nullopt;
}

}  // namespace

std::map<int, std::uint64_t> memory_of_groups(const std::filesystem::path& root,
                                              const std::vector<int>& groups) {
  std::map<int, std::uint64_t> memory;
  for (const int group : groups) memory[group] = 0;
  const auto page = static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
  std::error_code failed;
  for (const auto& entry : std::filesystem::directory_iterator(root / "proc", failed)) {
    const std::string name = entry.path().filename().string();
    if (name.find_first_not_of("0123456789") != std::string::npos) continue;
    const std::vector<std::string> fields = fields_of(entry.path());
    const auto group = number(fields, group_field);
    const auto found = group ? memory.find(static_cast<int>(*group)) : memory.end();
    if (found != memory.end()) found->second += number(fields, resident_field).value_or(0) * page;
  }
  return memory;
}

std::optional<std::uint64_t> start_of(const std::filesystem::path& root, int process) {
  return number(fields_of(root / "proc" / std::to_string(process)), start_field);
}

void end_group(int group, std::uint64_t started) noexcept {
  if (group <= 1 || start_of("/", group) != started) return;
  kill(-group, SIGKILL);
}

}  // namespace wheelfit::system
