// SPDX-License-Identifier: Apache-2.0
// What several JSON documents say alike. Pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "base/reason.hpp"

namespace wheelfit::render {

// "" and nothing are null.
inline nlohmann::ordered_json or_null(const std::string& text) {
  return text.empty() ? nlohmann::ordered_json() : nlohmann::ordered_json(text);
}

template <typename Value>
nlohmann::ordered_json or_null(const std::optional<Value>& value) {
  return value ? nlohmann::ordered_json(*value) : nlohmann::ordered_json();
}

// [{code, text, source?}, ...], texts in English.
nlohmann::ordered_json reasons_json(const std::vector<Reason>& reasons);

}  // namespace wheelfit::render
