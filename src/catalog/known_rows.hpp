// SPDX-License-Identifier: Apache-2.0
// Which [[known]] rows of a recipe hold for a wheel, and what they say together.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "catalog/candidate.hpp"
#include "catalog/recipe.hpp"

namespace wheelfit::catalog {

// Thousands of wheels share few versions, labels, releases and platforms: what a row thinks of each is asked
// once. The recipe must outlive it. Not thread-safe.
class KnownRows {
 public:
  explicit KnownRows(const Recipe& recipe);

  // `source_id` of the publisher, which for a wheel given by hand is not the candidate's own.
  Shared<WheelKnowledge> about(const WheelFields& fields, std::string_view source_id,
                               std::string_view release);

 private:
  using Rows = std::vector<std::uint64_t>;  // a bit for every row
  struct Hash : std::hash<std::string_view> {
    using is_transparent = void;
  };
  using Answers = std::unordered_map<std::string, Rows, Hash, std::equal_to<>>;

  template <typename Holds>
  const Rows& asked(Answers& answers, std::string_view key, Holds holds);
  WheelKnowledge combined(const Rows& rows) const;

  const std::vector<KnownRow>& known_;
  Answers by_version_, by_label_, by_source_, by_release_, by_python_, by_platform_;
  std::map<Rows, Shared<WheelKnowledge>> combined_;
};

}  // namespace wheelfit::catalog
