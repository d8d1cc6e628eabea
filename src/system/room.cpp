// SPDX-License-Identifier: Apache-2.0
#include "system/room.hpp"

#include <algorithm>
#include <utility>

namespace wheelfit::system {
namespace {

constexpr std::uint64_t megabyte = 1'000'000;

// A tenth of a megabyte where that says more.
std::string megabytes(std::uint64_t bytes) {
  if (bytes >= 10 * megabyte) return std::to_string(bytes / megabyte);
  const std::uint64_t tenths = bytes / (megabyte / 10);
  return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10);
}

std::uint64_t rounded_up(std::uint64_t bytes) {
  const std::uint64_t step = bytes >= 10 * megabyte ? megabyte : megabyte / 10;
  return (bytes + step - 1) / step * step;
}

std::string listed(const std::vector<Need>& needs) {
  std::string all;
  for (const Need& need : needs)
    all += (all.empty() ? "" : ", ") + need.role + " " + megabytes(rounded_up(need.bytes)) + " MB";
  return all;
}

}  // namespace

std::vector<Shortage> shortages(const std::vector<Need>& needs) {
  std::vector<std::pair<std::uint64_t, Shortage>> by_device;
  for (const Need& need : needs) {
    if (!need.disk || need.bytes == 0) continue;
    auto there = std::ranges::find(by_device, need.disk->device, [](const auto& each) { return each.first; });
    if (there == by_device.end())
      there =
          by_device.insert(there, {need.disk->device, {{}, need.disk->filesystem, 0, need.disk->free_bytes}});
    Shortage& shortage = there->second;
    shortage.needs.push_back(need);
    shortage.needed += need.bytes;
    shortage.free = std::min(shortage.free, need.disk->free_bytes);
  }
  std::vector<Shortage> short_ones;
  for (auto& [device, shortage] : by_device)
    if (shortage.needed > shortage.free) short_ones.push_back(std::move(shortage));
  return short_ones;
}

Text sentence_of(const Shortage& shortage) {
  return text("{} MB are needed on the filesystem of {} ({}), and {} MB are free there: {} MB are missing",
              megabytes(rounded_up(shortage.needed)), shortage.needs.front().where.string(),
              listed(shortage.needs), megabytes(shortage.free), megabytes(rounded_up(shortage.missing())));
}

std::vector<Text> cures_of(const Shortage& shortage) {
  std::vector<Text> cures{text("wheelfit doctor --free {}MB --on {}",
                               megabytes(rounded_up(shortage.missing())),
                               shortage.needs.front().where.string())};
  for (const Need& need : shortage.needs)
    if (!need.way_round.empty() && std::ranges::find(cures, need.way_round) == cures.end())
      cures.push_back(need.way_round);
  return cures;
}

Error no_room(const Shortage& shortage) {
  return Error(ErrorKind::machine, sentence_of(shortage), cures_of(shortage)).with_code("disk-full");
}

std::vector<Need> needs_here(std::vector<Need> needs) {
  for (Need& need : needs) need.disk = disk_of(need.where);
  return needs;
}

Need room_for_temporary(std::filesystem::path where, std::uint64_t bytes) {
  return {"tmp", std::move(where), bytes, text("or set TMPDIR to a folder that has room")};
}

void require_room(std::vector<Need> needs) {
  const std::vector<Shortage> short_ones = shortages(needs_here(std::move(needs)));
  if (!short_ones.empty()) throw no_room(short_ones.front());
}

}  // namespace wheelfit::system
