// SPDX-License-Identifier: Apache-2.0
#include "diagnose/diagnosis.hpp"

#include <algorithm>
#include <array>

namespace wheelfit::diagnose {

std::string_view to_string(Section section) noexcept {
  constexpr std::array<std::string_view, 5> names{"environment", "room", "cache", "store", "network"};
  return names[static_cast<std::size_t>(section)];
}

std::string_view to_string(Severity severity) noexcept {
  constexpr std::array<std::string_view, 3> names{"note", "warning", "broken"};
  return names[static_cast<std::size_t>(severity)];
}

std::string_view to_string(Role role) noexcept {
  constexpr std::array<std::string_view, 8> names{"github-api",   "release",      "mirror",
                                                  "index",        "extra-index",  "find-links",
                                                  "hugging-face", "conda-channel"};
  return names[static_cast<std::size_t>(role)];
}

std::string_view to_string(Verdict verdict) noexcept {
  constexpr std::array<std::string_view, 3> names{"sound", "warnings", "broken"};
  return names[static_cast<std::size_t>(verdict)];
}

Verdict Diagnosis::verdict() const noexcept {
  const auto has = [&](Severity severity) {
    return std::any_of(findings.begin(), findings.end(),
                       [severity](const Finding& finding) { return finding.severity == severity; });
  };
  if (has(Severity::broken)) return Verdict::broken;
  return has(Severity::warning) ? Verdict::warnings : Verdict::sound;
}

}  // namespace wheelfit::diagnose
