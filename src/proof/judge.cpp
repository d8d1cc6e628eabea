// SPDX-License-Identifier: Apache-2.0
#include "proof/judge.hpp"

#include "proof/case.hpp"

namespace wheelfit::proof {
namespace {

void describe_needs(Case& subject) {
  Needs& needs = subject.result.needs;
  for (const Need& need : subject.loaded.needs)
    needs.libraries.push_back({need.name, subject.process.objects()[need.wanted_by].file_name(),
                               need.result.found_by, need.result.path});
  needs.objects = subject.loaded.added.size();
  describe_versions(needs, subject.subject().library->image.version_needs());
}

}  // namespace

std::string_view to_string(Verdict verdict) noexcept {
  switch (verdict) {
    case Verdict::fits:
      return "fits";
    case Verdict::unproven:
      return "unproven";
    case Verdict::refused:
      return "refused";
  }
  return "unproven";
}

Loadability judge(const ImportScope& scope, const std::filesystem::path& object) {
  Loadability result;
  if (scope.process.objects().empty()) {  // without the program nothing can be said
    result.reasons = scope.doubts;
    return result;
  }
  Process process = scope.process;
  const LoadResult loaded = process.load(object, Visibility::local);
  if (!loaded.object) return no_object(object.filename().string(), loaded.problem);
  result.verdict = scope.doubts.empty() ? Verdict::fits : Verdict::unproven;
  Case subject{scope, process, loaded, result};
  describe_needs(subject);
  check_kind(subject);
  check_libraries(subject);
  check_versions(subject);
  check_symbols(subject);
  check_thread_storage(subject);
  result.reasons.insert(result.reasons.end(), scope.doubts.begin(), scope.doubts.end());
  result.not_covered = not_covered(result.needs);
  return result;
}

Loadability judge_without_files() {
  Loadability result;
  result.reasons.push_back(
      {ReasonCode::missing_library,
       text("the environment is only described: there are no libraries to compare the symbols with"),
       {}});
  return result;
}

}  // namespace wheelfit::proof
