// SPDX-License-Identifier: Apache-2.0
// One object on trial: what the checks of judge() read and where they put what they find.
#pragma once

#include <functional>
#include <set>
#include <string>
#include <utility>

#include "proof/loadability.hpp"
#include "proof/scope.hpp"

namespace wheelfit::proof {

struct Case {
  const ImportScope& scope;
  const Process& process;    // after the object was loaded
  const LoadResult& loaded;  // loaded.object is set
  Loadability& result;
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
};

void check_kind(Case& subject);            // a program, an object that refuses dlopen, an executable stack
void check_libraries(Case& subject);       // every DT_NEEDED found
void check_versions(Case& subject);        // every version defined by the library it is wanted from
void check_symbols(Case& subject);         // every symbol bound
void check_thread_storage(Case& subject);  // room for static TLS

// One reason for each cause among result.missing.
void explain_missing_symbols(Case& subject);

}  // namespace wheelfit::proof
