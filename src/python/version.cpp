// SPDX-License-Identifier: Apache-2.0
#include "python/version.hpp"

#include <algorithm>
#include <array>
#include <iterator>

#include "python/ascii.hpp"

namespace wheelfit::python {
namespace {

// One alternative spelling of a release's suffix and the spelling it is normalised to.
struct Spelling {
  std::string_view written;
  std::string_view normal;
};

// Where one spelling is the beginning of another, the longer one stands first.
constexpr std::array<Spelling, 8> pre_spellings{{{"alpha", "a"},
                                                 {"a", "a"},
                                                 {"beta", "b"},
                                                 {"b", "b"},
                                                 {"preview", "rc"},
                                                 {"pre", "rc"},
                                                 {"c", "rc"},
                                                 {"rc", "rc"}}};
constexpr std::array<Spelling, 3> post_spellings{{{"post", "post"}, {"rev", "post"}, {"r", "post"}}};
constexpr std::array<Spelling, 1> dev_spellings{{{"dev", "dev"}}};

constexpr std::size_t usual_parts = 3;

constexpr bool is_separator(char c) noexcept { return c == '.' || c == '-' || c == '_'; }

struct Suffix {
  std::string_view kind;
  std::uint64_t number = 0;
};

// Reads the pieces of a version from the front. A number beyond 64 bits is remembered and ends in an error.
class VersionReader {
 public:
  explicit VersionReader(std::string_view text) : rest_(text) {}

  bool at_end() const noexcept { return rest_.empty(); }
  bool overflowed() const noexcept { return overflowed_; }

  bool skip(char c) noexcept {
    if (rest_.empty() || lowered(rest_.front()) != c) return false;
    rest_.remove_prefix(1);
    return true;
  }

  std::optional<std::uint64_t> number() {
    const std::size_t length = digits_at(0);
    if (length == 0) return std::nullopt;
    const auto value = parse_number(rest_.substr(0, length));
    rest_.remove_prefix(length);
    if (!value) overflowed_ = true;
    return value.value_or(0);
  }

  // "1!" -> 1; nothing is read where the number is not followed by '!'.
  std::optional<std::uint64_t> epoch() {
    const std::size_t length = digits_at(0);
    if (length == 0 || length == rest_.size() || rest_[length] != '!') return std::nullopt;
    const auto value = number();
    rest_.remove_prefix(1);
    return value;
  }

  std::vector<std::uint64_t> release() {
    std::vector<std::uint64_t> parts;
    parts.reserve(usual_parts);
    if (const auto first = number()) parts.push_back(*first);
    while (!parts.empty() && rest_.starts_with('.') && digits_at(1) > 0) {
      rest_.remove_prefix(1);
      parts.push_back(*number());
    }
    return parts;
  }

  // [sep] word [sep] [number]; nothing is read where no word of `spellings` follows.
  template <std::size_t Count>
  std::optional<Suffix> suffix(const std::array<Spelling, Count>& spellings) {
    const std::size_t start = !rest_.empty() && is_separator(rest_.front()) ? 1 : 0;
    if (rest_.size() <= start || !is_letter(rest_[start])) return std::nullopt;
    for (const Spelling& spelling : spellings) {
      if (!equal_ignoring_case(rest_.substr(start, spelling.written.size()), spelling.written)) continue;
      rest_.remove_prefix(start + spelling.written.size());
      if (!rest_.empty() && is_separator(rest_.front())) rest_.remove_prefix(1);
      return Suffix{spelling.normal, number().value_or(0)};
    }
    return std::nullopt;
  }

  // "-1", the implicit post-release, or any spelling of "post".
  std::optional<std::uint64_t> post() {
    if (rest_.starts_with('-') && digits_at(1) > 0) {
      rest_.remove_prefix(1);
      return number();
    }
    if (const auto found = suffix(post_spellings)) return found->number;
    return std::nullopt;
  }

  // What follows '+'; empty where it is malformed.
  std::vector<Version::LocalSegment> local() {
    std::vector<Version::LocalSegment> segments;
    do {
      const auto end = std::find_if_not(rest_.begin(), rest_.end(), is_alphanumeric);
      const auto length = static_cast<std::size_t>(end - rest_.begin());
      if (length == 0) return {};
      if (digits_at(0) == length) {
        segments.emplace_back(*number());
      } else {
        segments.emplace_back(lowered(rest_.substr(0, length)));
        rest_.remove_prefix(length);
      }
    } while (skip('.') || skip('-') || skip('_'));
    return segments;
  }

 private:
  std::size_t digits_at(std::size_t from) const noexcept {
    std::size_t end = from;
    while (end < rest_.size() && is_digit(rest_[end])) ++end;
    return end - from;
  }

  std::string_view rest_;
  bool overflowed_ = false;
};

std::strong_ordering compare_release(const std::vector<std::uint64_t>& left,
                                     const std::vector<std::uint64_t>& right) noexcept {
  const std::size_t length = std::max(left.size(), right.size());
  for (std::size_t i = 0; i < length; ++i) {
    const std::uint64_t l = i < left.size() ? left[i] : 0;
    const std::uint64_t r = i < right.size() ? right[i] : 0;
    if (l != r) return l <=> r;
  }
  return std::strong_ordering::equal;
}

// 1.0.dev1 < 1.0a1 < 1.0rc1 < 1.0 <= 1.0.post1: where a version without pre-release stands among those with
// one.
int pre_phase(const Version& version) noexcept {
  if (version.pre()) return version.pre()->first == "a" ? 1 : version.pre()->first == "b" ? 2 : 3;
  return version.dev() && !version.post() ? 0 : 4;
}

std::strong_ordering compare_segment(const Version::LocalSegment& left, const Version::LocalSegment& right) {
  const auto* left_number = std::get_if<std::uint64_t>(&left);
  const auto* right_number = std::get_if<std::uint64_t>(&right);
  if (left_number != nullptr && right_number != nullptr) return *left_number <=> *right_number;
  if (left_number != nullptr) return std::strong_ordering::greater;
  if (right_number != nullptr) return std::strong_ordering::less;
  return std::get<std::string>(left).compare(std::get<std::string>(right)) <=> 0;
}

std::strong_ordering compare_local(const std::vector<Version::LocalSegment>& left,
                                   const std::vector<Version::LocalSegment>& right) {
  for (std::size_t i = 0; i < std::min(left.size(), right.size()); ++i) {
    if (const auto order = compare_segment(left[i], right[i]); order != 0) return order;
  }
  return left.size() <=> right.size();
}

}  // namespace

Version::Version() {
  static const auto nothing = std::make_shared<const Parts>();
  parts_ = nothing;
}

Version::Version(Parts parts) {
  std::string& text = parts.text = parts.base_version();
  if (parts.pre) text += parts.pre->first + std::to_string(parts.pre->second);
  if (parts.post) text += ".post" + std::to_string(*parts.post);
  if (parts.dev) text += ".dev" + std::to_string(*parts.dev);
  if (!parts.local.empty()) text += "+" + parts.local_label();
  parts_ = std::make_shared<const Parts>(std::move(parts));
}

std::string Version::Parts::base_version() const {
  std::string result = epoch != 0 ? std::to_string(epoch) + "!" : "";
  for (std::size_t i = 0; i < release.size(); ++i) {
    if (i > 0) result += '.';
    result += std::to_string(release[i]);
  }
  return result;
}

std::string Version::Parts::local_label() const {
  std::vector<std::string> pieces;
  for (const LocalSegment& segment : local) {
    const auto* number = std::get_if<std::uint64_t>(&segment);
    pieces.push_back(number != nullptr ? std::to_string(*number) : std::get<std::string>(segment));
  }
  return joined(pieces, ".");
}

tl::expected<Version, ParseError> Version::parse(std::string_view text) {
  const auto wrong = [&] {
    return tl::unexpected(ParseError{"not a version: \"" + std::string(text) + "\""});
  };
  VersionReader reader(stripped(text));
  Parts parts;
  reader.skip('v');
  parts.epoch = reader.epoch().value_or(0);
  parts.release = reader.release();
  if (parts.release.empty()) return wrong();
  if (const auto pre = reader.suffix(pre_spellings)) parts.pre.emplace(pre->kind, pre->number);
  parts.post = reader.post();
  if (const auto dev = reader.suffix(dev_spellings)) parts.dev = dev->number;
  if (reader.skip('+')) {
    parts.local = reader.local();
    if (parts.local.empty()) return wrong();
  }
  if (!reader.at_end() || reader.overflowed()) return wrong();
  return Version(std::move(parts));
}

Version Version::public_version() const {
  if (local_segments().empty()) return *this;
  Parts parts = *parts_;
  parts.local.clear();
  return Version(std::move(parts));
}

std::strong_ordering operator<=>(const Version& left, const Version& right) {
  if (left.parts_ == right.parts_) return std::strong_ordering::equal;
  if (left.epoch() != right.epoch()) return left.epoch() <=> right.epoch();
  if (const auto order = compare_release(left.release(), right.release()); order != 0) return order;
  if (const auto order = pre_phase(left) <=> pre_phase(right); order != 0) return order;
  if (left.pre() && left.pre()->second != right.pre()->second) return left.pre()->second <=> right.pre()->second;
  // No post-release sorts before post0, no dev-release after every dev-release.
  if (left.post() != right.post()) return left.post() <=> right.post();
  if (left.dev() != right.dev()) {
    return left.dev() && right.dev() ? *left.dev() <=> *right.dev()
                                     : right.dev().has_value() <=> left.dev().has_value();
  }
  return compare_local(left.local_segments(), right.local_segments());
}

bool same_release_prefix(const Version& left, const Version& right) noexcept {
  const std::size_t length = std::min(left.release().size(), right.release().size());
  return std::equal(left.release().begin(),
                    std::next(left.release().begin(), static_cast<std::ptrdiff_t>(length)),
                    right.release().begin());
}

}  // namespace wheelfit::python
