// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <functional>
#include <iterator>
#include <set>
#include <string>
#include <vector>

#include "proof/case.hpp"
#include "proof/judge.hpp"

namespace wheelfit::proof {
namespace {

// A version that is wanted from a library names that library: the one part of DT_NEEDED that lies in front.
std::vector<NeededLibrary> load_versioned(Process& process, const binary::ElfPrefix& prefix,
                                          const std::string& wanted_by) {
  std::vector<NeededLibrary> libraries;
  for (const binary::VersionNeed& need : prefix.version_needs) {
    const SearchResult found = process.load_by_name(need.library);
    libraries.push_back({std::string(need.library), wanted_by,
                         found.library != nullptr ? found.found_by : FoundBy::nothing, found.path});
  }
  return libraries;
}

// The other names of libraries: of those that it needs, and maybe its own.
std::vector<NeededLibrary> load_named(Process& process, const binary::ElfPrefix& prefix,
                                      const std::string& wanted_by) {
  std::vector<NeededLibrary> libraries;
  for (const std::string_view name : prefix.library_names) {
    const auto by_version = [name](const binary::VersionNeed& need) { return need.library == name; };
    if (name == wanted_by || std::ranges::any_of(prefix.version_needs, by_version)) continue;
    const SearchResult found = process.load_by_name(name);
    libraries.push_back({std::string(name), wanted_by,
                         found.library != nullptr ? found.found_by : FoundBy::nothing, found.path});
  }
  return libraries;
}

void doubt_absent(Case& subject, const std::vector<NeededLibrary>& named, const std::string& name) {
  for (const NeededLibrary& library : named) {
    if (library.found_by == FoundBy::nothing)
      subject.doubt(ReasonCode::missing_library,
                    text("{} names the library {}, which is not found here: whether it needs it, only the "
                         "whole file tells",
                         name, library.name));
  }
}

void check(Case& subject, const binary::ElfPrefix& prefix, const std::string& name) {
  std::set<std::string, std::less<>> absent;
  for (const NeededLibrary& library : subject.result.needs.libraries) {
    if (library.found_by != FoundBy::nothing) continue;
    absent.insert(library.name);
    subject.take(reason_of_absence(subject, name, library.name));
  }
  for (const binary::VersionNeed& need : prefix.version_needs) check_version_need(subject, name, need);
  std::vector<binary::UndefinedSymbol> wanted;
  std::ranges::copy_if(prefix.undefined, std::back_inserter(wanted),
                       [&](const auto& symbol) { return !absent.contains(symbol.library); });
  note_missing(subject, wanted, look_up_scope(subject), name);
  if (!subject.result.missing.empty()) explain_missing_symbols(subject);
}

}  // namespace

Loadability judge_prefix(const ImportScope& scope, const binary::ElfPrefix& prefix,
                         std::string_view file_name) {
  Loadability result;
  const bool readable = prefix.state == binary::PrefixState::complete && !scope.process.objects().empty();
  const std::string name(file_name);
  if (readable && prefix.identity.machine != scope.process.machine())
    return no_object(name, "built for " + binary::machine_name(prefix.identity.machine));
  if (readable) {
    Process process = scope.process;
    result.needs.libraries = load_versioned(process, prefix, name);
    const std::vector<NeededLibrary> named = load_named(process, prefix, name);
    result.needs.symbols = prefix.undefined.size();
    describe_versions(result.needs, prefix.version_needs);
    LoadResult all;
    for (std::size_t object = 0; object < process.objects().size(); ++object) all.scope.push_back(object);
    result.verdict = scope.doubts.empty() ? Verdict::fits : Verdict::unproven;
    Case subject{scope, process, all, result, false};
    check(subject, prefix, name);
    doubt_absent(subject, named, name);
    result.needs.libraries.insert(result.needs.libraries.end(), named.begin(), named.end());
  }
  result.reasons.insert(result.reasons.end(), scope.doubts.begin(), scope.doubts.end());
  result.not_covered = not_covered(result.needs);
  result.not_covered.push_back(
      text("where it looks for its libraries: that lies behind the bytes that were read"));
  return result;
}

}  // namespace wheelfit::proof
