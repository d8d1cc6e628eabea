// SPDX-License-Identifier: Apache-2.0
// What was installed, from where, and how far it is proven. Kept as WHEELFIT.json in the dist-info directory
// and listed in RECORD, so it goes when the distribution goes.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace wheelfit::install {

struct ProofRecord {
  std::string kind;  // "record" (hashes), "name", "symbols", "import", "gpu"
  bool passed = false;
  std::string detail;  // one sentence
  std::string at;      // RFC 3339, UTC
};

// The file that a wheel was carried in to a machine without network.
struct BundleMark {
  std::string file;  // its name
  std::string sha256;

  friend bool operator==(const BundleMark&, const BundleMark&) = default;
};

struct Receipt {
  std::string distribution;  // "flash-attn"
  std::string version;
  std::string wheel;   // file name
  std::string url;     // without credentials; "" for a local file
  std::string source;  // "official" "index" "community" "file" "url"
  std::string sha256;
  std::uint64_t size = 0;            // of the wheel
  std::optional<BundleMark> bundle;  // where it came in one
  std::uint64_t files = 0;
  std::uint64_t installed_bytes = 0;
  std::string python;  // "3.11.7"
  std::string torch;   // "2.4.0+cu121"; "" where there is none
  std::string torch_cuda;
  std::string wheelfit_version;
  std::string installed_at;  // RFC 3339, UTC
  std::vector<ProofRecord> proofs;
};

std::string receipt_to_json(const Receipt& receipt);
// nullopt for anything that is no receipt.
std::optional<Receipt> receipt_from_json(std::string_view text);

}  // namespace wheelfit::install
