// SPDX-License-Identifier: Apache-2.0
#include "probe/amd_gpus.hpp"

#include <charconv>

#include "probe/text_scan.hpp"

namespace wheelfit::probe {

std::vector<Gpu> find_amd_gpus(const RootedFiles& files) {
  std::vector<Gpu> gpus;
  const std::filesystem::path nodes = files.machine("/sys/class/kfd/kfd/topology/nodes");
  for (const std::string& node : names_in(nodes)) {
    const std::string properties = read_file(nodes / node / "properties").value_or("");
    const auto number = property(properties, "gfx_target_version");
    const auto target = number ? amd_target_name(static_cast<unsigned>(*number)) : std::nullopt;
    if (!target) continue;
    Gpu gpu;
    gpu.amd_target = *target;
    gpu.name = trimmed(read_file(nodes / node / "name").value_or(""));
    const std::filesystem::path banks = nodes / node / "mem_banks";
    for (const std::string& bank : names_in(banks)) {
      const std::string memory = read_file(banks / bank / "properties").value_or("");
      gpu.memory_bytes += property(memory, "size_in_bytes").value_or(0);
    }
    gpus.push_back(std::move(gpu));
  }
  return gpus;
}

std::optional<std::string> amd_target_name(unsigned gfx_target_version) {
  const unsigned major = gfx_target_version / 10000;
  const unsigned minor = gfx_target_version / 100 % 100;
  const unsigned stepping = gfx_target_version % 100;
  if (major == 0 || minor > 15 || stepping > 15) return std::nullopt;
  constexpr std::string_view hexadecimal = "0123456789abcdef";
  return "gfx" + std::to_string(major) + hexadecimal[minor] + hexadecimal[stepping];
}

std::optional<std::uint64_t> property(std::string_view properties, std::string_view key) {
  for (const std::string_view line : lines_of(properties)) {
    const auto words = words_of(line);
    if (words.size() != 2 || words.front() != key) continue;
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(words[1].data(), words[1].data() + words[1].size(), value);
    if (error == std::errc() && end == words[1].data() + words[1].size()) return value;
  }
  return std::nullopt;
}

}  // namespace wheelfit::probe
