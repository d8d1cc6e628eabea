// SPDX-License-Identifier: Apache-2.0
#include "proof/case.hpp"

#include <algorithm>
#include <map>

#include "proof/version_names.hpp"

namespace wheelfit::proof {

std::vector<Text> not_covered(const Needs& needs) {
  std::vector<Text> notes{text(
      "what its constructors do when it is loaded, and whether the processor has every instruction it uses")};
  const bool uses_cuda = std::ranges::any_of(needs.libraries, [](const NeededLibrary& library) {
    return library.name.starts_with("libcudart.") || library.name.starts_with("libcuda.");
  });
  if (uses_cuda) notes.push_back(text("whether CUDA starts: the driver, the GPU and its memory"));
  return notes;
}

void describe_versions(Needs& needs, const std::vector<binary::VersionNeed>& version_needs) {
  std::map<std::string, std::vector<unsigned>> newest;
  for (const binary::VersionNeed& need : version_needs) {
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

Loadability no_object(const std::string& name, const std::string& problem) {
  Loadability result;
  result.verdict = Verdict::refused;
  result.reasons.push_back({ReasonCode::platform,
                            text("{} is no object that this interpreter can load: {}", name,
                                 problem.empty() ? "it is not there" : problem),
                            {}});
  return result;
}

}  // namespace wheelfit::proof
