// SPDX-License-Identifier: Apache-2.0
#include "python/specifier.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "python/ascii.hpp"

namespace wheelfit::python {
namespace {

struct Operator {
  std::string_view written;
  Comparison comparison;
};

// Where one operator is the beginning of another, the longer one stands first.
constexpr std::array<Operator, 8> operators{{{"===", Comparison::arbitrary},
                                             {"~=", Comparison::compatible},
                                             {"==", Comparison::equal},
                                             {"!=", Comparison::not_equal},
                                             {"<=", Comparison::less_equal},
                                             {">=", Comparison::greater_equal},
                                             {"<", Comparison::less},
                                             {">", Comparison::greater}}};

std::string_view written(Comparison comparison) {
  return std::find_if(operators.begin(), operators.end(),
                      [&](const Operator& candidate) { return candidate.comparison == comparison; })
      ->written;
}

bool is_equality(Comparison comparison) noexcept {
  return comparison == Comparison::equal || comparison == Comparison::not_equal;
}

// Whether `version` belongs to the series that the first `length` components of `prefix`'s release name.
bool is_in_series(const Version& version, const Version& prefix, std::size_t length) {
  if (version.epoch() != prefix.epoch()) return false;
  for (std::size_t i = 0; i < length; ++i) {
    if (version.part(i) != prefix.part(i)) return false;
  }
  return true;
}

bool same_release(const Version& left, const Version& right) {
  return is_in_series(left, right, std::max(left.release().size(), right.release().size()));
}

bool is_equal(const Version& version, const Version& wanted, bool wildcard) {
  if (wildcard) return is_in_series(version, wanted, wanted.release().size());
  return (wanted.local_segments().empty() ? version.public_version() : version) == wanted;
}

// "<3.1" leaves out the pre-releases of 3.1 itself, unless it names one.
bool is_less(const Version& version, const Version& bound) {
  if (version >= bound) return false;
  if (bound.is_prerelease() || !same_release(version, bound)) return true;
  return bound.is_postrelease() && (version.pre() || version.post() != bound.post());
}

// ">3.1" leaves out the post-releases of 3.1, unless it names one, and its local versions.
bool is_greater(const Version& version, const Version& bound) {
  if (version.public_version() <= bound) return false;
  const bool post_of_bound =
      version.is_postrelease() && version.pre() == bound.pre() && same_release(version, bound);
  return bound.dev() || bound.is_postrelease() || !post_of_bound;
}

// Whether packaging counts both as one: "==1.0" and "==1.0.0", but "~=1.0" and "~=1.0.0" differ.
bool is_same(const Specifier& left, const Specifier& right) {
  if (left.comparison != right.comparison || left.wildcard != right.wildcard) return false;
  if (left.wildcard || left.comparison == Comparison::arbitrary) return left.version == right.version;
  const auto left_version = Version::parse(left.version);
  const auto right_version = Version::parse(right.version);
  if (!left_version || !right_version || *left_version != *right_version) return false;
  return left.comparison != Comparison::compatible ||
         left_version->release().size() == right_version->release().size();
}

bool is_suitable(const Specifier& specifier, const Version& version) {
  if (specifier.wildcard) {
    return is_equality(specifier.comparison) && !version.is_prerelease() && !version.is_postrelease() &&
           version.local_segments().empty();
  }
  if (specifier.comparison == Comparison::compatible && version.release().size() < 2) return false;
  return version.local_segments().empty() || is_equality(specifier.comparison);
}

}  // namespace

tl::expected<Specifier, ParseError> Specifier::parse(std::string_view text) {
  const auto wrong = [&] {
    return tl::unexpected(ParseError{"not a version specifier: \"" + std::string(text) + "\""});
  };
  std::string_view rest = stripped(text);
  const auto* found = std::find_if(operators.begin(), operators.end(), [&](const Operator& candidate) {
    return rest.starts_with(candidate.written);
  });
  if (found == operators.end()) return wrong();
  Specifier specifier;
  specifier.comparison = found->comparison;
  rest = stripped(rest.substr(found->written.size()));
  if (specifier.comparison == Comparison::arbitrary) {
    const bool regular =
        std::none_of(rest.begin(), rest.end(), [](char c) { return is_blank(c) || c == ';' || c == ')'; });
    if (!regular) return wrong();
    specifier.version = rest;
    return specifier;
  }
  specifier.wildcard = rest.ends_with(".*");
  if (specifier.wildcard) rest.remove_suffix(2);
  const auto version = Version::parse(rest);
  const bool blank_inside = !rest.empty() && is_blank(rest.back());
  if (!version || blank_inside || !is_suitable(specifier, *version)) return wrong();
  specifier.version = rest;
  return specifier;
}

bool Specifier::admits(const Version& candidate) const {
  if (comparison == Comparison::arbitrary) return equal_ignoring_case(candidate.to_string(), version);
  const auto wanted = Version::parse(version);
  if (!wanted) return false;
  switch (comparison) {
    case Comparison::compatible:
      return candidate.public_version() >= *wanted &&
             is_in_series(candidate, *wanted, wanted->release().size() - 1);
    case Comparison::equal:
      return is_equal(candidate, *wanted, wildcard);
    case Comparison::not_equal:
      return !is_equal(candidate, *wanted, wildcard);
    case Comparison::less_equal:
      return candidate.public_version() <= *wanted;
    case Comparison::greater_equal:
      return candidate.public_version() >= *wanted;
    case Comparison::less:
      return is_less(candidate, *wanted);
    case Comparison::greater:
      return is_greater(candidate, *wanted);
    case Comparison::arbitrary:
      break;
  }
  return false;
}

std::string Specifier::to_string() const {
  return std::string(written(comparison)) + version + (wildcard ? ".*" : "");
}

tl::expected<SpecifierSet, ParseError> SpecifierSet::parse(std::string_view text) {
  SpecifierSet set;
  for (const std::string_view piece : split(text, ',')) {
    if (stripped(piece).empty()) continue;
    auto specifier = Specifier::parse(piece);
    if (!specifier) return tl::unexpected(std::move(specifier.error()));
    set.specifiers_.push_back(std::move(*specifier));
  }
  return set;
}

bool SpecifierSet::admits(const Version& version) const {
  return std::all_of(specifiers_.begin(), specifiers_.end(),
                     [&](const Specifier& specifier) { return specifier.admits(version); });
}

bool SpecifierSet::admits_by_default(const Version& version) const {
  return (!version.is_prerelease() || mentions_prerelease()) && admits(version);
}

bool SpecifierSet::mentions_prerelease() const {
  return std::any_of(specifiers_.begin(), specifiers_.end(), [](const Specifier& specifier) {
    const auto version = Version::parse(specifier.version);
    return specifier.comparison != Comparison::not_equal && version && version->is_prerelease();
  });
}

std::string SpecifierSet::to_string() const {
  std::vector<Specifier> sorted = specifiers_;
  std::stable_sort(sorted.begin(), sorted.end(), [](const Specifier& left, const Specifier& right) {
    return left.to_string() < right.to_string();
  });
  std::vector<std::string> pieces;
  for (auto specifier = sorted.begin(); specifier != sorted.end(); ++specifier) {
    const bool repeated = std::any_of(sorted.begin(), specifier,
                                      [&](const Specifier& earlier) { return is_same(earlier, *specifier); });
    if (!repeated) pieces.push_back(specifier->to_string());
  }
  return joined(pieces, ",");
}

}  // namespace wheelfit::python
