// SPDX-License-Identifier: Apache-2.0
// One object on trial: what the checks of judge() read and where they put what they find.
#pragma once

#include <functional>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "proof/loadability.hpp"
#include "proof/scope.hpp"

namespace wheelfit::proof {

struct Case {
  const ImportScope& scope;
  const Process& process;    // after the object was loaded
  const LoadResult& loaded;  // of a prefix: without an object, its scope is all that is loaded
  Loadability& result;
  // Whether DT_NEEDED is known. Where it is not, a symbol of nobody's may still be a library's that comes
  // with the object.
  bool libraries_known = true;
  // "GLIBC_2.38": already said to be missing; symbols with these versions need no reason of their own.
  std::set<std::string, std::less<>> missing_versions = {};

  const LoadedObject& subject() const { return process.objects()[*loaded.object]; }

  void refuse(ReasonCode code, Text sentence) {
    result.reasons.push_back({code, std::move(sentence), {}});
    result.verdict = Verdict::refused;
  }
  void doubt(ReasonCode code, Text sentence) {
    result.reasons.push_back({code, std::move(sentence), {}});
    if (result.verdict == Verdict::fits) result.verdict = Verdict::unproven;
  }
  // Something is missing. Without the list of libraries it may lie beside the object, unless its cause is
  // known.
  void take(Reason reason) {
    const bool may_come_along =
        reason.code == ReasonCode::missing_symbol || reason.code == ReasonCode::missing_library;
    if (libraries_known || !may_come_along)
      refuse(reason.code, std::move(reason.text));
    else
      doubt(reason.code, std::move(reason.text));
  }
};

// A refusal of a file that cannot be tried at all.
Loadability no_object(const std::string& name, const std::string& problem);
void describe_versions(Needs& needs, const std::vector<binary::VersionNeed>& version_needs);
std::vector<Text> not_covered(const Needs& needs);

// The parts that need no more than an object's first bytes.
Reason reason_of_absence(const Case& subject, const std::string& wanted_by, const std::string& name);
void check_version_need(Case& subject, const std::string& wanted_by, const binary::VersionNeed& need);
std::vector<const binary::ElfImage*> look_up_scope(const Case& subject);
void note_missing(Case& subject, std::span<const binary::UndefinedSymbol> undefined,
                  std::span<const binary::ElfImage* const> scope, const std::string& wanted_by);

void check_kind(Case& subject);            // a program, an object that refuses dlopen, an executable stack
void check_libraries(Case& subject);       // every DT_NEEDED found
void check_versions(Case& subject);        // every version defined by the library it is wanted from
void check_symbols(Case& subject);         // every symbol bound
void check_thread_storage(Case& subject);  // room for static TLS

// One reason for each cause among result.missing.
void explain_missing_symbols(Case& subject);

}  // namespace wheelfit::proof
