// SPDX-License-Identifier: Apache-2.0
// Laws that hold for every version, specifier, tag, record and name, whatever the tables of the unit tests
// forgot.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <ostream>

#include "python/metadata.hpp"
#include "python/package_name.hpp"
#include "python/record.hpp"
#include "python/requirement.hpp"
#include "python/tags.hpp"
#include "python/wheel_filename.hpp"

namespace wheelfit::python {

// What rapidcheck prints of a counterexample.
void showValue(const Version& version, std::ostream& out) { out << version.to_string(); }
void showValue(const Tag& tag, std::ostream& out) { out << tag.to_string(); }

namespace {

rc::Gen<std::string> number() {
  return rc::gen::map(rc::gen::inRange(0, 4), [](int value) { return std::to_string(value); });
}

rc::Gen<std::string> optional_part(rc::Gen<std::string> part) {
  return rc::gen::oneOf(rc::gen::just(std::string()), std::move(part));
}

rc::Gen<std::string> after(std::string_view prefix, rc::Gen<std::string> part) {
  return rc::gen::map(std::move(part),
                      [prefix](const std::string& text) { return std::string(prefix) + text; });
}

// Few different numbers, so that versions come close to one another.
rc::Gen<Version> version() {
  return rc::gen::map(
      rc::gen::tuple(
          optional_part(rc::gen::map(number(), [](const std::string& n) { return n + "!"; })),
          rc::gen::nonEmpty(rc::gen::container<std::vector<std::string>>(number())),
          optional_part(rc::gen::oneOf(after("a", number()), after("b", number()), after("rc", number()))),
          optional_part(after(".post", number())), optional_part(after(".dev", number())),
          optional_part(rc::gen::oneOf(after("+", number()), after("+x.", number()), after("+y", number())))),
      [](const auto& parts) {
        const auto& [epoch, release, pre, post, dev, local] = parts;
        std::string text = epoch + release.front();
        for (std::size_t i = 1; i < release.size(); ++i) text += "." + release[i];
        return Version::parse(text + pre + post + dev + local).value();
      });
}

bool admits(const std::string& specifier, const Version& version) {
  return SpecifierSet::parse(specifier).value().admits(version);
}

RC_GTEST_PROP(VersionLaws, ParseUndoesToString, ()) {
  const Version one = *version();
  RC_ASSERT(Version::parse(one.to_string()).value() == one);
  RC_ASSERT(Version::parse(one.to_string()).value().to_string() == one.to_string());
}

RC_GTEST_PROP(VersionLaws, OrderIsTotal, ()) {
  const Version a = *version();
  const Version b = *version();
  const Version c = *version();
  RC_ASSERT((a < b) + (a == b) + (a > b) == 1);
  RC_ASSERT((a <=> b) == (0 <=> (b <=> a)));
  if (a <= b && b <= c) RC_ASSERT(a <= c);
  if (a == b) RC_ASSERT((a <=> c) == (b <=> c));
}

RC_GTEST_PROP(VersionLaws, TrailingZerosAndLocalLabels, ()) {
  const Version one = *version();
  RC_ASSERT(one.public_version() <= one);
  RC_ASSERT(Version::parse(one.base_version() + ".0").value() == Version::parse(one.base_version()).value());
  RC_ASSERT(same_release_prefix(one, Version::parse(one.base_version() + ".1").value()));
}

RC_GTEST_PROP(SpecifierLaws, OperatorsAgreeWithTheOrder, ()) {
  const Version bound = (*version()).public_version();
  const Version one = *version();
  const std::string text = bound.to_string();
  RC_ASSERT(admits("==" + text, one) != admits("!=" + text, one));
  RC_ASSERT(admits("==" + text, one) == (one.public_version() == bound));
  RC_ASSERT(admits("<=" + text, one) == (one.public_version() <= bound));
  RC_ASSERT(admits(">=" + text, one) == (one.public_version() >= bound));
  if (admits("<" + text, one)) RC_ASSERT(one < bound);
  if (admits(">" + text, one)) RC_ASSERT(one > bound);
  RC_ASSERT(admits("===" + one.to_string(), one));
  RC_ASSERT(admits("==" + one.to_string(), one));
}

RC_GTEST_PROP(SpecifierLaws, ASetIsTheConjunctionOfItsParts, ()) {
  const std::vector<std::string> operators{"==", "!=", "<=", ">=", "<", ">"};
  const std::string left = *rc::gen::elementOf(operators) + (*version()).public_version().to_string();
  const std::string right = *rc::gen::elementOf(operators) + (*version()).public_version().to_string();
  const Version one = *version();
  RC_ASSERT(admits(left + "," + right, one) == (admits(left, one) && admits(right, one)));
  RC_ASSERT(admits(right + "," + left, one) == admits(left + "," + right, one));
  const auto set = SpecifierSet::parse(left + "," + right).value();
  RC_ASSERT(SpecifierSet::parse(set.to_string()).value().to_string() == set.to_string());
}

RC_GTEST_PROP(SpecifierLaws, CompatibleMeansAtLeastAndSameSeries, ()) {
  const Version bound = (*version()).public_version();
  RC_PRE(bound.release().size() >= 2);
  const Version one = *version();
  std::string series = std::to_string(bound.epoch()) + "!" + std::to_string(bound.part(0));
  for (std::size_t i = 1; i + 1 < bound.release().size(); ++i) series += "." + std::to_string(bound.part(i));
  RC_ASSERT(admits("~=" + bound.to_string(), one) ==
            admits(">=" + bound.to_string() + ",==" + series + ".*", one));
}

// Anything at all: no parser may do more than refuse.
RC_GTEST_PROP(ParserLaws, NoTextIsTooOdd, (const std::string& text)) {
  if (const auto parsed = Version::parse(text))
    RC_ASSERT(Version::parse(parsed->to_string()).value() == *parsed);
  if (const auto parsed = Requirement::parse(text)) {
    RC_ASSERT(Requirement::parse(parsed->to_string()).value().to_string() == parsed->to_string());
  }
  if (const auto parsed = WheelFilename::parse(text + ".whl")) RC_ASSERT(!parsed->tags().empty());
  if (const auto parsed = parse_record(text)) RC_ASSERT(parse_record(write_record(*parsed)).has_value());
  HeaderFields::parse(text);
}

RC_GTEST_PROP(NameLaws, NormalisingIsIdempotent, (const std::string& name)) {
  RC_ASSERT(normalized_name(normalized_name(name)) == normalized_name(name));
  RC_ASSERT(normalized_name(file_name_form(name)) == normalized_name(name));
}

RC_GTEST_PROP(RecordLaws, ReadingUndoesWriting, ()) {
  const auto text =
      rc::gen::nonEmpty(rc::gen::container<std::string>(rc::gen::elementOf(std::string("a,\"\r\n=/é ."))));
  const auto paths = *rc::gen::container<std::vector<std::string>>(text);
  Record record;
  for (const std::string& path : paths)
    record.push_back({path, "sha256", "x", *rc::gen::arbitrary<std::uint64_t>()});
  const Record read = parse_record(write_record(record)).value();
  RC_ASSERT(std::is_permutation(read.begin(), read.end(), record.begin(), record.end()));
}

TagTarget any_target() {
  TagTarget target;
  target.python = std::pair{3, *rc::gen::inRange(7, 16)};
  const bool can_be_free_threaded = target.python->second >= 13;
  target.free_threaded = can_be_free_threaded && *rc::gen::arbitrary<bool>();
  target.platform =
      *rc::gen::element<std::string>("linux_x86_64", "linux_aarch64", "win_amd64", "macosx_14_0_arm64");
  if (*rc::gen::arbitrary<bool>()) {
    target.glibc = std::pair{2, *rc::gen::inRange(5, 40)};
  } else {
    target.musl = std::pair{1, *rc::gen::inRange(1, 4)};
  }
  return target;
}

Tag any_tag() {
  return {
      *rc::gen::element<std::string>("cp39", "cp311", "cp313", "cp314", "py3", "py2", "py311", "pp310"),
      *rc::gen::element<std::string>("cp39", "cp311", "cp313", "cp313t", "cp314t", "abi3", "abi3t", "none"),
      *rc::gen::element<std::string>("any", "linux_x86_64", "linux_aarch64", "manylinux_2_28_x86_64",
                                     "manylinux2014_aarch64", "manylinux1_x86_64", "manylinux1_aarch64",
                                     "musllinux_1_2_x86_64", "win_amd64", "win32", "macosx_11_0_arm64",
                                     "macosx_10_9_universal2", "macosx_10_9_x86_64")};
}

// The judgement by rules and the list of all tags are two accounts of one thing.
RC_GTEST_PROP(TagLaws, CompatibleMeansSupported, ()) {
  const TagTarget target = any_target();
  const Tag tag = any_tag();
  const auto supported = supported_tags(target);
  const auto found = std::find(supported.begin(), supported.end(), tag);
  const TagVerdict verdict = judge_tags({tag}, target);
  RC_ASSERT(verdict.compatible == (found != supported.end()));
  RC_ASSERT(verdict.compatible == !verdict.mismatch.has_value());
  if (verdict.compatible) RC_ASSERT(verdict.priority == static_cast<std::size_t>(found - supported.begin()));
}

RC_GTEST_PROP(TagLaws, KnowingLessRefusesLess, ()) {
  const TagTarget target = any_target();
  const Tag tag = any_tag();
  if (!judge_tags({tag}, target).compatible) return;
  TagTarget vague = target;
  if (*rc::gen::arbitrary<bool>()) vague.python.reset();
  if (*rc::gen::arbitrary<bool>()) vague.free_threaded.reset();
  if (*rc::gen::arbitrary<bool>()) vague.platform.reset();
  vague.glibc.reset();
  vague.musl.reset();
  RC_ASSERT(judge_tags({tag}, vague).compatible);
}

RC_GTEST_PROP(TagLaws, MoreTagsFitMore, ()) {
  const TagTarget target = any_target();
  const Tag one = any_tag();
  const Tag other = any_tag();
  RC_ASSERT(judge_tags({one, other}, target).compatible ==
            (judge_tags({one}, target).compatible || judge_tags({other}, target).compatible));
}

}  // namespace
}  // namespace wheelfit::python
