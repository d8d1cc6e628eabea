// SPDX-License-Identifier: Apache-2.0
#include "diagnose/holding.hpp"

#include <array>

namespace wheelfit::diagnose {
namespace {

constexpr std::array<std::string_view, 11> names{
    "temporary", "store-listings", "apt-archives", "apt-lists", "bytecode",  "pip-http",
    "uv-cache",  "store-partial",  "store-wheels", "builds",    "pip-wheels"};

std::string quoted(const std::string& path) {
  const bool plain = path.find_first_not_of(
                         "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                         "-_./+,@%") == std::string::npos;
  if (plain && !path.empty()) return path;
  std::string all = "'";
  for (const char letter : path) all += letter == '\'' ? std::string("'\\''") : std::string(1, letter);
  return all + "'";
}

}  // namespace

std::string_view to_string(HoldingKind kind) noexcept { return names.at(static_cast<std::size_t>(kind)); }

FreedBy freed_by(HoldingKind kind) noexcept {
  switch (kind) {
    case HoldingKind::apt_archives:
    case HoldingKind::apt_lists:
      return FreedBy::administrator;
    case HoldingKind::bytecode:
      return FreedBy::user;
    default:
      return FreedBy::wheelfit;
  }
}

std::string_view to_string(FreedBy who) noexcept {
  if (who == FreedBy::wheelfit) return "wheelfit";
  return who == FreedBy::user ? "user" : "administrator";
}

std::string command_for(const Holding& holding, bool as_root) {
  const std::string root = as_root ? "" : "sudo ";
  if (holding.kind == HoldingKind::apt_archives) return root + "apt-get clean";
  std::string paths;
  for (const std::filesystem::path& path : holding.paths) paths += " " + quoted(path.string());
  if (holding.kind == HoldingKind::apt_lists) return root + "find" + paths + " -type f -delete";
  if (holding.kind == HoldingKind::bytecode)
    return "find" + paths + " -type d -name __pycache__ -prune -exec rm -rf {} +";
  return "rm -rf" + paths;
}

void BlockCount::add(Holding& holding, const system::WalkedFile& file) {
  const std::uint64_t seen = file.links > 1 ? ++names_seen_[{file.device, file.inode}] : 1;
  holding.files += 1;
  if (seen == 1) holding.bytes += file.bytes;
  if (seen == file.links) holding.frees += file.bytes;
}

FreeChoice choose(const std::vector<Holding>& holdings, std::uint64_t wanted,
                  std::optional<std::uint64_t> device, Doers doers) {
  FreeChoice choice;
  for (const Holding& holding : holdings) {
    if (device && holding.device != *device) continue;
    if (doers == Doers::wheelfit && freed_by(holding.kind) != FreedBy::wheelfit) continue;
    choice.reachable += holding.frees;
    if (choice.frees >= wanted || holding.files == 0) continue;
    choice.taken.push_back(holding);
    choice.frees += holding.frees;
  }
  return choice;
}

}  // namespace wheelfit::diagnose
