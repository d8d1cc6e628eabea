// SPDX-License-Identifier: Apache-2.0
// What a bundle says of itself: its first member (docs/formats/bundle.md). Plain values; bytes in, values
// out.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include "base/error.hpp"

namespace wheelfit::bundle {

inline constexpr int newest_schema = 1;
inline constexpr std::string_view manifest_name = "wheelfit-bundle.json";
inline constexpr std::string_view wheels_folder = "wheels/";

// The environment that a bundle was made for, without paths, addresses and names of people. "" and nullopt:
// not known.
struct MadeFor {
  std::string python;    // "3.11.7"
  std::string abi_tag;   // "cp311"
  std::string platform;  // "linux_x86_64"
  std::string glibc;
  std::string musl;
  std::string torch;         // "2.6.0+cu124"
  std::string torch_build;   // "cuda"
  std::string torch_device;  // CUDA or HIP version
  std::optional<bool> cxx11_abi;
  std::optional<std::vector<std::string>> gpus;  // "sm_90"
  std::string driver;
  bool distributions_known = false;  // what is installed there was known

  friend bool operator==(const MadeFor&, const MadeFor&) = default;
};

enum class Role { wheel, dependency };

struct PackedFile {
  std::string name;  // a plain file name that ends in ".whl"
  std::uint64_t size = 0;
  std::string sha256;  // lower-case hex
  std::string url;     // without credentials; "" for a local file
  std::string source;  // "official" "index" "community" "file" "url"
  Role role = Role::wheel;
  std::vector<std::string> required_by;  // of a dependency: distributions

  friend bool operator==(const PackedFile&, const PackedFile&) = default;
};

struct SaidReason {
  std::string code;
  std::string text;

  friend bool operator==(const SaidReason&, const SaidReason&) = default;
};

// A dependency that could not be packed.
struct LackingWheel {
  std::string requirement;
  std::string required_by;
  std::string reason;

  friend bool operator==(const LackingWheel&, const LackingWheel&) = default;
};

// One thing that was asked for, and the decision.
struct PackedPackage {
  std::string name;  // normalized
  std::string version;
  std::string wheel;     // one of the files
  bool by_hand = false;  // a file or an address was named
  std::string verdict;   // "fits" "unproven"
  std::string proof;     // "symbols" "name" "none"
  std::vector<SaidReason> reasons;
  std::vector<LackingWheel> lacking;

  friend bool operator==(const PackedPackage&, const PackedPackage&) = default;
};

// A recipe that the decision used, as it was: for a wheelfit that does not know the package.
struct PackedRecipe {
  std::string package;
  std::string toml;

  friend bool operator==(const PackedRecipe&, const PackedRecipe&) = default;
};

struct Manifest {
  std::string made_by;  // "wheelfit 0.1.0"
  MadeFor made_for;
  std::vector<PackedPackage> packages;  // at least one
  std::vector<PackedFile> files;        // in the order of the archive
  std::vector<PackedRecipe> recipes;

  const PackedFile* find(std::string_view file_name) const noexcept;

  friend bool operator==(const Manifest&, const Manifest&) = default;
};

std::string manifest_to_json(const Manifest& manifest);

struct ManifestFault {
  std::string message;  // what is wrong with it
  bool newer = false;   // written by a later version, by a schema that is not known here
};

// Names that are no plain file names, that occur twice or that nothing holds, and hashes that are none are
// faults: what comes out can be used as it is.
tl::expected<Manifest, ManifestFault> parse_manifest(std::string_view bytes);

}  // namespace wheelfit::bundle
