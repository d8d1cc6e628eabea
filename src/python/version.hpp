// SPDX-License-Identifier: Apache-2.0
// Versions as the version-specifiers specification (PEP 440) defines them.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <tl/expected.hpp>

#include "base/error.hpp"

namespace wheelfit::python {

// An immutable value. Comparison is PEP 440's total order, the local label included
// (2.5.3 < 2.5.3+cu122torch2.2); equal versions may be spelled differently (1.0 == 1.0.0).
class Version {
 public:
  using LocalSegment = std::variant<std::uint64_t, std::string>;  // numeric segments sort above text

  // Accepts every spelling PEP 440 accepts (surrounding blanks, "v" prefix, any case, alternative separators).
  static tl::expected<Version, ParseError> parse(std::string_view text);

  // Normalised spelling: "2.8.3.post1+cu12torch2.8".
  std::string to_string() const;
  // Without the local label.
  Version public_version() const;
  // "2.8.3": epoch and release only.
  std::string base_version() const;

  std::uint64_t epoch() const noexcept { return epoch_; }
  const std::vector<std::uint64_t>& release() const noexcept { return release_; }
  std::uint64_t major() const noexcept { return part(0); }
  std::uint64_t minor() const noexcept { return part(1); }
  std::uint64_t micro() const noexcept { return part(2); }
  // Component `index` of the release; 0 where the release is shorter.
  std::uint64_t part(std::size_t index) const noexcept {
    return index < release_.size() ? release_[index] : 0;
  }
  // {"a"|"b"|"rc", number}
  const std::optional<std::pair<std::string, std::uint64_t>>& pre() const noexcept { return pre_; }
  const std::optional<std::uint64_t>& post() const noexcept { return post_; }
  const std::optional<std::uint64_t>& dev() const noexcept { return dev_; }
  // "cu122torch2.2", normalised; empty where there is none.
  std::string local() const;
  const std::vector<LocalSegment>& local_segments() const noexcept { return local_; }

  bool is_prerelease() const noexcept { return pre_.has_value() || dev_.has_value(); }
  bool is_postrelease() const noexcept { return post_.has_value(); }

  friend std::strong_ordering operator<=>(const Version& left, const Version& right);
  friend bool operator==(const Version& left, const Version& right) { return (left <=> right) == 0; }

 private:
  std::uint64_t epoch_ = 0;
  std::vector<std::uint64_t> release_;
  std::optional<std::pair<std::string, std::uint64_t>> pre_;
  std::optional<std::uint64_t> post_;
  std::optional<std::uint64_t> dev_;
  std::vector<LocalSegment> local_;
};

// True when both have the same release as far as the shorter one is written: 2.6 ~ 2.6.1, 2.6.0 !~ 2.6.1.
// Wheel names use it: "torch2.6" was built for any 2.6.x, "torch2.5.1" for 2.5.1.
bool same_release_prefix(const Version& left, const Version& right) noexcept;

}  // namespace wheelfit::python
