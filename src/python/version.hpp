// SPDX-License-Identifier: Apache-2.0
// Versions as the version-specifiers specification (PEP 440) defines them.
#pragma once

#include <compare>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <tl/expected.hpp>

#include "base/error.hpp"

namespace wheelfit::python {

// An immutable value whose copies share their parts: thousands of wheels are of few versions. Comparison is PEP 440's total order, the local label included
// (2.5.3 < 2.5.3+cu122torch2.2); equal versions may be spelled differently (1.0 == 1.0.0).
class Version {
 public:
  using LocalSegment = std::variant<std::uint64_t, std::string>;  // numeric segments sort above text

  // 0, spelled with no digit at all.
  Version();
  // Moving would leave it without parts: it is copied, which is as cheap.
  Version(const Version&) noexcept = default;
  Version& operator=(const Version&) noexcept = default;
  ~Version() = default;

  // Accepts every spelling PEP 440 accepts (surrounding blanks, "v" prefix, any case, alternative separators).
  static tl::expected<Version, ParseError> parse(std::string_view text);

  // Normalised spelling: "2.8.3.post1+cu12torch2.8".
  std::string to_string() const { return parts_->text; }
  // Without the local label.
  Version public_version() const;
  // "2.8.3": epoch and release only.
  std::string base_version() const { return parts_->base_version(); }

  std::uint64_t epoch() const noexcept { return parts_->epoch; }
  const std::vector<std::uint64_t>& release() const noexcept { return parts_->release; }
  std::uint64_t major() const noexcept { return part(0); }
  std::uint64_t minor() const noexcept { return part(1); }
  std::uint64_t micro() const noexcept { return part(2); }
  // Component `index` of the release; 0 where the release is shorter.
  std::uint64_t part(std::size_t index) const noexcept {
    return index < release().size() ? release()[index] : 0;
  }
  // {"a"|"b"|"rc", number}
  const std::optional<std::pair<std::string, std::uint64_t>>& pre() const noexcept { return parts_->pre; }
  const std::optional<std::uint64_t>& post() const noexcept { return parts_->post; }
  const std::optional<std::uint64_t>& dev() const noexcept { return parts_->dev; }
  // "cu122torch2.2", normalised; empty where there is none.
  std::string local() const { return parts_->local_label(); }
  const std::vector<LocalSegment>& local_segments() const noexcept { return parts_->local; }

  bool is_prerelease() const noexcept { return pre().has_value() || dev().has_value(); }
  bool is_postrelease() const noexcept { return post().has_value(); }

  friend std::strong_ordering operator<=>(const Version& left, const Version& right);
  friend bool operator==(const Version& left, const Version& right) { return (left <=> right) == 0; }

 private:
  struct Parts {
    std::uint64_t epoch = 0;
    std::vector<std::uint64_t> release;
    std::optional<std::pair<std::string, std::uint64_t>> pre;
    std::optional<std::uint64_t> post;
    std::optional<std::uint64_t> dev;
    std::vector<LocalSegment> local;
    std::string text;  // the normalised spelling

    std::string base_version() const;
    std::string local_label() const;
  };
  explicit Version(Parts parts);

  std::shared_ptr<const Parts> parts_;
};

// True when both have the same release as far as the shorter one is written: 2.6 ~ 2.6.1, 2.6.0 !~ 2.6.1.
// Wheel names use it: "torch2.6" was built for any 2.6.x, "torch2.5.1" for 2.5.1.
bool same_release_prefix(const Version& left, const Version& right) noexcept;

}  // namespace wheelfit::python
