// SPDX-License-Identifier: Apache-2.0
#include "resolve/checks.hpp"

namespace wheelfit::resolve {

namespace {

// "==2.8.1" wishes for the upstream version; "==2.8.1+cu12torch2.8" for one file's full version.
bool wished(const python::SpecifierSet& wish, const catalog::WheelFields& fields) {
  return wish.admits_by_default(fields.version) || wish.admits_by_default(fields.file.version);
}

bool pinned(const python::SpecifierSet& wish) {
  for (const python::Specifier& specifier : wish.specifiers()) {
    const bool exact = specifier.comparison == python::Comparison::equal && !specifier.wildcard;
    if (exact || specifier.comparison == python::Comparison::arbitrary) return true;
  }
  return false;
}

}  // namespace

void check_wishes(const Question& question, Findings& findings) {
  const catalog::Candidate& candidate = question.candidate;
  const python::SpecifierSet& wish = question.wishes.version;
  if (!wished(wish, candidate.fields)) {
    findings.refuse(ReasonCode::version,
                    text("is {}, {} was asked for", candidate.fields.version.to_string(), wish.to_string()));
  }
  if (candidate.trust > question.wishes.trust) {
    findings.refuse(ReasonCode::trust,
                    text("is published by the {} ({}); --trust {} admits it", to_string(candidate.trust),
                         candidate.source_id, to_string(candidate.trust)));
  }
  if (candidate.yanked && !pinned(wish)) {
    findings.refuse(ReasonCode::yanked, candidate.yanked->empty()
                                            ? text("was withdrawn by its publisher")
                                            : text("was withdrawn by its publisher: {}", *candidate.yanked));
  }
}

}  // namespace wheelfit::resolve
