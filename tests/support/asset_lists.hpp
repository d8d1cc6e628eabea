// SPDX-License-Identifier: Apache-2.0
// The lists of wheels that really exist, read from the shared folder (see shared.hpp).
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace wheelfit::test {

struct Asset {
  std::string release;
  std::string name;
};

// official-assets.csv, community-assets.csv: release, name, ...
std::vector<Asset> read_assets(std::string_view csv);

// A row of publish-matrix.json.
struct MatrixRow {
  std::string release;
  std::string python_tag, torch, cuda, abi_label, platform, status;
  std::string sha256;  // where the status records one

  std::string file_name() const;
};

std::vector<MatrixRow> read_matrix();

}  // namespace wheelfit::test
