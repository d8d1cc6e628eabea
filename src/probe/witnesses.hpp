// SPDX-License-Identifier: Apache-2.0
// Several answers to one question become one fact: the first is believed, who says otherwise is kept beside
// it.
#pragma once

#include <string>

#include "base/fact.hpp"
#include "python/version.hpp"

namespace wheelfit::probe {

inline std::string shown(const std::string& value) { return value; }
inline std::string shown(bool value) { return value ? "true" : "false"; }
inline std::string shown(const python::Version& value) { return value.to_string(); }

template <typename T, typename Agree>
void add_witness(Fact<T>& fact, T value, std::string source, const Agree& agree) {
  if (!fact.known()) {
    fact = Fact<T>(std::move(value), std::move(source));
  } else if (!agree(*fact, value)) {
    fact.disagreeing.push_back({shown(value), std::move(source)});
  }
}

template <typename T>
void add_witness(Fact<T>& fact, T value, std::string source) {
  add_witness(fact, std::move(value), std::move(source),
              [](const T& left, const T& right) { return left == right; });
}

}  // namespace wheelfit::probe
