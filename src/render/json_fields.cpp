// SPDX-License-Identifier: Apache-2.0
#include "render/json_fields.hpp"

namespace wheelfit::render {

nlohmann::ordered_json reasons_json(const std::vector<Reason>& reasons) {
  nlohmann::ordered_json rows = nlohmann::ordered_json::array();
  for (const Reason& reason : reasons) {
    rows.push_back({{"code", to_string(reason.code)}, {"text", reason.text.english()}});
    if (!reason.source.empty()) rows.back()["source"] = reason.source;
  }
  return rows;
}

}  // namespace wheelfit::render
