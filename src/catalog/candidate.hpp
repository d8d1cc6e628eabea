// SPDX-License-Identifier: Apache-2.0
// One wheel that exists somewhere, what its name says, and what is known about wheels of its kind.
// Plain values; what a name claims and what is known about the binary are kept apart.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "catalog/shared.hpp"
#include "python/specifier.hpp"
#include "python/version.hpp"
#include "python/wheel_filename.hpp"

namespace wheelfit::catalog {

// Who publishes it; ordered from most to least trusted.
enum class Trust { official, index, community };
std::string_view to_string(Trust trust) noexcept;
std::optional<Trust> parse_trust(std::string_view text) noexcept;

// "cu12" -> {12, nullopt}; "cu126" and "cu.12.6" -> {12, 6}; "cu118" -> {11, 8}.
struct CudaTag {
  int major = 0;
  std::optional<int> minor;
  std::string to_string() const;  // "12", "12.6"
  friend bool operator==(const CudaTag&, const CudaTag&) = default;
};

// What the file name says, by its dialect (docs/formats/wheel-name-dialects.md).
struct WheelFields {
  python::WheelFilename file;
  python::Version version;  // upstream version: no local label
  std::optional<CudaTag> cuda;
  std::optional<python::Version> rocm;     // "rocm62", "+rocm6.2"
  std::optional<python::Version> torch;    // as far as written: 2.6 or 2.5.1
  std::optional<bool> cxx11_abi;           // as labelled
  std::vector<std::string> architectures;  // "sm_80": where the name lists GPUs
  std::string git_commit;                  // "e2743ab" of "gite2743ab"
};

// A statement with the place it is from.
template <typename T>
struct Sourced {
  T value{};
  std::string source;
};

// What is known about the binary inside, from the recipe's rows. Absent: nothing is known.
struct WheelKnowledge {
  std::optional<Sourced<python::Version>> glibc;  // it may need symbols up to this glibc
  bool glibc_certain = false;                     // false: `glibc` is the build machine's, an upper bound
  std::optional<Sourced<bool>> cxx11_abi;         // the C++ ABI it really has
  std::optional<Sourced<CudaTag>> cuda;           // the CUDA it links, where its name does not say
  std::optional<Sourced<std::vector<std::string>>> sass;   // "sm_80", ... ; kernels compiled for
  std::vector<std::string> ptx;                            // "compute_90": kernels the driver can compile
  std::optional<Sourced<python::SpecifierSet>> torch_pin;  // its METADATA requires this torch
  std::optional<Sourced<std::string>> nightly;             // built on this nightly torch: "2.3.0.dev20240126"
  std::optional<Sourced<std::string>> bad;                 // why it must not be used
  std::vector<Sourced<std::string>> remarks;               // worth saying: "forward only"
};

// Where a package of conda's is from, in conda's words.
struct CondaBuild {
  std::string channel;  // its address; may hold credentials
  std::string subdir;   // "linux-64"
  std::string name;
  std::string version;
  std::string build;  // "py312_5"
};

struct Candidate {
  std::string name;       // file name
  std::string source_id;  // "official", "mjun0812", "index", "find-links", "file"
  std::string source;     // JSON's word: "official" "index" "community" "file" "url"
  Trust trust = Trust::community;
  std::string url;  // "" where only the index knows it (built-in row of an index package, offline)
  std::optional<std::string> sha256;  // lower-case hex
  std::optional<std::uint64_t> size;  // bytes
  std::string release;                // release tag or ""; newer releases have a higher release_order
  int release_order = 0;
  std::optional<std::string> yanked;  // reason, maybe ""
  std::optional<python::SpecifierSet> requires_python;
  std::optional<std::string> core_metadata_url;  // PEP 658, with core_metadata_sha256 where given
  std::optional<std::string> core_metadata_sha256;
  bool built_in = false;  // from the embedded rows: not seen on the network in this run
  bool stand_in = false;  // the recipe's fallback, made here or given as a file: no binary has to fit
  WheelFields fields;
  std::shared_ptr<const CondaBuild> conda;  // null for a wheel
  Shared<WheelKnowledge> knowledge;         // one for all wheels that the same rows hold for
};

// Splits a wheel file name by every dialect that publishers use. Total: any valid wheel file name gives
// fields, those the name does not carry stay absent.
tl::expected<WheelFields, ParseError> parse_wheel_fields(std::string_view file_name);

}  // namespace wheelfit::catalog
