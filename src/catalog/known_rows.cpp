// SPDX-License-Identifier: Apache-2.0
#include "catalog/known_rows.hpp"

#include <algorithm>

#include <fnmatch.h>

namespace wheelfit::catalog {
namespace {

constexpr std::size_t bits = 64;

bool admits(const python::SpecifierSet& set, const std::optional<python::Version>& version) {
  return set.empty() || (version && set.admits(*version));
}

std::optional<python::Version> as_version(const std::optional<CudaTag>& cuda) {
  if (!cuda) return std::nullopt;
  const auto parsed = python::Version::parse(cuda->to_string());
  return parsed ? std::optional(*parsed) : std::nullopt;
}

bool label_holds(const KnownRow::When& when, const WheelFields& fields) {
  return admits(when.torch, fields.torch) && (when.cuda.empty() || admits(when.cuda, as_version(fields.cuda))) &&
         (!when.cxx11_abi_label || when.cxx11_abi_label == fields.cxx11_abi);
}

std::string key_of(const python::TagSet& tags) {
  std::string key;
  for (const std::string& tag : tags) key.append(tag).append(".");
  return key;
}

bool python_holds(const KnownRow::When& when, const python::TagSet& tags) {
  return when.python_tags.empty() || std::find_first_of(tags.begin(), tags.end(), when.python_tags.begin(),
                                                        when.python_tags.end()) != tags.end();
}

bool platform_holds(const KnownRow::When& when, const python::TagSet& tags) {
  return when.platform.empty() || std::any_of(tags.begin(), tags.end(), [&when](const std::string& tag) {
           return ::fnmatch(when.platform.c_str(), tag.c_str(), 0) == 0;
         });
}

template <typename T>
void override_with(std::optional<T>& value, const std::optional<T>& later) {
  if (later) value = later;
}

}  // namespace

KnownRows::KnownRows(const Recipe& recipe) : known_(recipe.known) {}

template <typename Holds>
const KnownRows::Rows& KnownRows::asked(Answers& answers, std::string_view key, Holds holds) {
  if (const auto found = answers.find(key); found != answers.end()) return found->second;
  Rows rows((known_.size() + bits - 1) / bits);
  for (std::size_t i = 0; i < known_.size(); ++i) {
    if (holds(known_[i].when)) rows[i / bits] |= std::uint64_t{1} << (i % bits);
  }
  return answers.emplace(key, std::move(rows)).first->second;
}

Shared<WheelKnowledge> KnownRows::about(const WheelFields& fields, std::string_view source_id,
                                        std::string_view release) {
  using When = KnownRow::When;
  const std::string_view text = fields.file.version_text;
  const std::size_t plus = std::min(text.find('+'), text.size());
  Rows rows = asked(by_version_, text.substr(0, plus),
                    [&](const When& when) { return admits(when.version, fields.version); });
  const auto keep = [&rows](const Rows& others) {
    for (std::size_t i = 0; i < rows.size(); ++i) rows[i] &= others[i];
  };
  keep(asked(by_label_, text.substr(plus), [&](const When& when) { return label_holds(when, fields); }));
  keep(asked(by_source_, source_id,
             [&](const When& when) { return when.source_id.empty() || when.source_id == source_id; }));
  keep(asked(by_release_, release,
             [&](const When& when) { return when.release.empty() || when.release == release; }));
  const python::WheelFilename& file = fields.file;
  keep(asked(by_python_, key_of(file.python_tags),
             [&](const When& when) { return python_holds(when, file.python_tags); }));
  keep(asked(by_platform_, key_of(file.platform_tags),
             [&](const When& when) { return platform_holds(when, file.platform_tags); }));
  if (const auto found = combined_.find(rows); found != combined_.end()) return found->second;
  return combined_.emplace(rows, combined(rows)).first->second;
}

WheelKnowledge KnownRows::combined(const Rows& rows) const {
  WheelKnowledge all;
  for (std::size_t i = 0; i < known_.size(); ++i) {
    if ((rows[i / bits] >> (i % bits) & 1U) == 0) continue;
    const WheelKnowledge& says = known_[i].says;
    if (says.glibc) all.glibc_certain = says.glibc_certain;
    override_with(all.glibc, says.glibc);
    override_with(all.cxx11_abi, says.cxx11_abi);
    override_with(all.cuda, says.cuda);
    if (says.sass) all.ptx.clear();  // the two describe one compilation
    override_with(all.sass, says.sass);
    if (!says.ptx.empty()) all.ptx = says.ptx;
    override_with(all.torch_pin, says.torch_pin);
    override_with(all.nightly, says.nightly);
    override_with(all.bad, says.bad);
    all.remarks.insert(all.remarks.end(), says.remarks.begin(), says.remarks.end());
  }
  return all;
}

}  // namespace wheelfit::catalog
