// SPDX-License-Identifier: Apache-2.0
#include "support/asset_lists.hpp"

#include <fstream>

#include <nlohmann/json.hpp>

#include "support/shared.hpp"

namespace wheelfit::test {

std::vector<Asset> read_assets(std::string_view csv) {
  std::ifstream file(shared_folder() / csv);
  std::vector<Asset> assets;
  std::string line;
  std::getline(file, line);  // header
  while (std::getline(file, line)) {
    const std::size_t comma = line.find(',');
    const std::size_t next = line.find(',', comma + 1);
    std::string name = line.substr(comma + 1, next == std::string::npos ? next : next - comma - 1);
    while (!name.empty() && name.back() == '\r') name.pop_back();
    assets.push_back({line.substr(0, comma), std::move(name)});
  }
  return assets;
}

std::string MatrixRow::file_name() const {
  return "flash_attn-" + release.substr(1) + "+" + cuda + "torch" + torch + "cxx11abi" + abi_label + "-" +
         python_tag + "-" + python_tag + (python_tag == "cp37" ? "m" : "") + "-" + platform + ".whl";
}

std::vector<MatrixRow> read_matrix() {
  std::ifstream file(shared_folder() / "data" / "publish-matrix.json");
  const nlohmann::json document = nlohmann::json::parse(file);
  std::vector<MatrixRow> rows;
  for (const auto& [tag, release] : document.at("releases").items()) {
    for (const auto& values : release.at("rows")) {
      MatrixRow row;
      row.release = tag;
      row.python_tag = values[0];
      row.torch = values[1];
      row.cuda = values[2];
      row.abi_label = values[3];
      row.platform = values[4];
      row.status = values[9];
      if (const auto at = row.status.find("sha256 "); at != std::string::npos)
        row.sha256 = row.status.substr(at + 7, 64);
      rows.push_back(std::move(row));
    }
  }
  return rows;
}

}  // namespace wheelfit::test
