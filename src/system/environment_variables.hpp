// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace wheelfit::system {

// A snapshot of the process's variables, or a test's own. Immutable.
class EnvironmentVariables {
 public:
  EnvironmentVariables() = default;
  explicit EnvironmentVariables(std::map<std::string, std::string, std::less<>> values)
      : values_(std::move(values)) {}
  static EnvironmentVariables of_this_process();

  // nullopt: not set. Set but empty is "".
  std::optional<std::string> get(std::string_view name) const;
  // As most programs read variables: empty counts as not set.
  std::optional<std::string> get_nonempty(std::string_view name) const;
  const std::map<std::string, std::string, std::less<>>& all() const noexcept { return values_; }

 private:
  std::map<std::string, std::string, std::less<>> values_;
};

}  // namespace wheelfit::system
