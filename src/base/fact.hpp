// SPDX-License-Identifier: Apache-2.0
// A value together with where it came from. "Not known" is a state of its own: it is never replaced by a
// default and refuses nothing.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace wheelfit {

// Somebody else who was asked the same question and answered otherwise.
struct Witness {
  std::string value;
  std::string source;

  friend bool operator==(const Witness&, const Witness&) = default;
};

template <typename T>
struct Fact {
  std::optional<T> value;            // nullopt: not known
  std::string source;                // "torch/version.py", "--target", "/proc/driver/nvidia/version"
  std::vector<Witness> disagreeing;  // witnesses that said otherwise; both are shown

  Fact() = default;
  Fact(T known, std::string from) : value(std::move(known)), source(std::move(from)) {}

  bool known() const noexcept { return value.has_value(); }
  explicit operator bool() const noexcept { return known(); }
  const T& operator*() const { return *value; }
  const T* operator->() const { return &*value; }

  friend bool operator==(const Fact&, const Fact&) = default;
};

}  // namespace wheelfit
