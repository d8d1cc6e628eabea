// SPDX-License-Identifier: Apache-2.0
#include "proof/judge.hpp"

#include <algorithm>
#include <utility>

#include "proof/case.hpp"
#include "proof/version_names.hpp"

namespace wheelfit::proof {
namespace {

std::vector<Text> not_covered(const Needs& needs) {
  std::vector<Text> notes{text(
      "what its constructors do when it is loaded, and whether the processor has every instruction it uses")};
  const bool uses_cuda = std::ranges::any_of(needs.libraries, [](const NeededLibrary& library) {
    return library.name.starts_with("libcudart.") || library.name.starts_with("libcuda.");
  });
  if (uses_cuda) notes.push_back(text("whether CUDA starts: the driver, the GPU and its memory"));
  return notes;
}

void describe_needs(Case& subject) {
  Needs& needs = subject.result.needs;
  for (const Need& need : subject.loaded.needs)
    needs.libraries.push_back({need.name, subject.process.objects()[need.wanted_by].file_name(),
                               need.result.found_by, need.result.path});
  needs.objects = subject.loaded.added.size();
  std::map<std::string, std::vector<unsigned>> newest;
  for (const binary::VersionNeed& need : subject.subject().library->image.version_needs()) {
    for (const binary::RequiredVersion& required : need.versions) {
      const auto version = numbered_version(required.name);
      if (!version) continue;
      auto& parts = newest[std::string(version->family)];
      if (version->parts <= parts) continue;
      parts = version->parts;
      needs.newest_versions[std::string(version->family)] = version->number;
    }
  }
}

Loadability refused(Text sentence) {
  Loadability result;
  result.verdict = Verdict::refused;
  result.reasons.push_back({ReasonCode::platform, std::move(sentence), {}});
  return result;
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
  result.reasons = scope.doubts;
  if (scope.process.objects().empty()) return result;  // without the program nothing can be said
  Process process = scope.process;
  const LoadResult loaded = process.load(object, Visibility::local);
  if (!loaded.object)
    return refused(text("{} is no object that this interpreter can load: {}", object.filename().string(),
                        loaded.problem.empty() ? "it is not there" : loaded.problem));
  result.verdict = scope.doubts.empty() ? Verdict::fits : Verdict::unproven;
  Case subject{scope, process, loaded, result};
  describe_needs(subject);
  check_kind(subject);
  check_libraries(subject);
  check_versions(subject);
  check_symbols(subject);
  check_thread_storage(subject);
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
