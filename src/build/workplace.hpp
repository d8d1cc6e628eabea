// SPDX-License-Identifier: Apache-2.0
// Where one build happens, below <store>/builds, and what of it outlives a killed run
// (docs/formats/build.md).
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "python/version.hpp"
#include "system/file_lock.hpp"

namespace wheelfit::build {

// All that the bytes of a wheel depend on: the same key, the same wheel.
struct BuildKey {
  std::string package;
  python::Version version;
  std::string source_sha256;
  std::string python;  // "cp311-cp311-linux_x86_64"
  std::string torch;   // "2.12.1+cu130"
  bool cxx11_abi = true;
  std::string nvcc;  // "13.0"
  std::vector<python::Version> capabilities;
  std::vector<std::string> without;  // parts, in the recipe's order

  // 16 hexadecimal digits of a SHA-256.
  std::string digest() const;
};

class Workplace {
 public:
  // Makes <store>/builds/<package>-<version>-<digest> and locks it. Throws Error{machine} "locked" where
  // another build of the same is under way. What a killed run left running is ended.
  Workplace(const std::filesystem::path& store, const BuildKey& key);

  const std::filesystem::path& folder() const noexcept { return folder_; }
  std::filesystem::path source() const { return folder_ / "source"; }
  std::filesystem::path log() const { return folder_ / "build.log"; }
  std::filesystem::path programs() const { return folder_ / "bin"; }  // goes before PATH
  std::filesystem::path made() const { return folder_ / "made"; }     // generated files

  void append_log(std::string_view text) const;

  // A unit is done when its object is there and was made by this very command.
  bool is_done(const std::filesystem::path& object, const std::string& command) const;
  void mark_done(const std::filesystem::path& object, const std::string& command) const;

  // So that a later run can end what this one left.
  void note_running(int group) const;
  void note_ended(int group) const;

  // All but the log goes.
  void clear() const;
  // Everything goes, the lock last.
  void remove() const;
  // All but the log goes, to begin anew.
  void start_over() const;

 private:
  void make_folders() const;
  void end_leftovers() const;

  std::filesystem::path folder_;
  system::FileLock lock_;
};

// Wheels that were built, by the digest of their key.
struct BuiltWheel {
  std::string file_name;
  std::string sha256;
  std::uint64_t size = 0;
};
std::optional<BuiltWheel> find_built(const std::filesystem::path& store, const BuildKey& key);
void remember_built(const std::filesystem::path& store, const BuildKey& key, const BuiltWheel& wheel);

}  // namespace wheelfit::build
