// SPDX-License-Identifier: Apache-2.0
#include "pipcache/ledger.hpp"

#include <algorithm>
#include <chrono>

#include "system/files.hpp"
#include "system/sha256.hpp"

namespace wheelfit::pipcache {

namespace fs = std::filesystem;

namespace {

constexpr const char* done = ".json";
constexpr const char* begun = ".begun";

// Entries are known by the directory they are about.
std::string id_of(const fs::path& directory) {
  return system::to_hex(system::sha256_of(directory.string())).substr(0, 16);
}

std::vector<Seed> read_all(const fs::path& directory, const char* extension) {
  std::vector<Seed> seeds;
  std::error_code failed;
  for (const fs::directory_entry& entry : fs::directory_iterator(directory, failed)) {
    if (entry.path().extension() != extension) continue;
    const auto text = system::read_file_if_any(entry.path());
    if (auto seed = text ? seed_from_json(*text) : std::nullopt) seeds.push_back(std::move(*seed));
  }
  std::sort(seeds.begin(), seeds.end(), [](const Seed& left, const Seed& right) {
    return std::tie(left.seeded_at, left.directory) < std::tie(right.seeded_at, right.directory);
  });
  return seeds;
}

}  // namespace

system::FileLock Ledger::lock() const {
  return system::FileLock::acquire(directory_ / ".lock", std::chrono::minutes(10));
}

std::vector<Seed> Ledger::read() const { return read_all(directory_, done); }

std::vector<Seed> Ledger::read_begun() const { return read_all(directory_, begun); }

std::optional<Seed> Ledger::find(const fs::path& directory) const {
  const auto text = system::read_file_if_any(directory_ / (id_of(directory) + done));
  return text ? seed_from_json(*text) : std::nullopt;
}

void Ledger::begin(const Seed& seed) const {
  system::write_file_atomically(directory_ / (id_of(seed.directory) + begun), seed_to_json(seed));
}

void Ledger::finish(const Seed& seed) const {
  system::rename_file(directory_ / (id_of(seed.directory) + begun),
                      directory_ / (id_of(seed.directory) + done));
}

void Ledger::give_up(const Seed& seed) const {
  system::remove_quietly(directory_ / (id_of(seed.directory) + begun));
  if (!find(seed.directory)) system::remove_quietly(directory_ / "kept" / id_of(seed.directory));
}

void Ledger::remove(const Seed& seed) const {
  system::remove_quietly(directory_ / (id_of(seed.directory) + done));
  system::remove_quietly(directory_ / "kept" / id_of(seed.directory));
}

fs::path Ledger::place_for(const Seed& seed, const Replaced& wheel) const {
  return fs::path("kept") / id_of(seed.directory) / wheel.sha256 / wheel.file_name;
}

}  // namespace wheelfit::pipcache
