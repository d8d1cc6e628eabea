// SPDX-License-Identifier: Apache-2.0
// A plain environment and wheel that fit each other; tests change the one thing they are about.
#pragma once

#include <algorithm>

#include "catalog/candidate.hpp"
#include "probe/environment.hpp"
#include "probe/target.hpp"
#include "resolve/decision.hpp"

namespace wheelfit::resolve::examples {

inline python::Version version(const char* text) { return *python::Version::parse(text); }
inline python::SpecifierSet specifiers(const char* text) { return *python::SpecifierSet::parse(text); }

inline probe::Environment environment(
    const char* spec = "python=3.11,torch=2.6.0+cu124,abi=false,glibc=2.35") {
  return probe::environment_from_spec(spec);
}

inline catalog::Candidate candidate(
    const char* name = "demo-1.2+cu12torch2.6cxx11abiFALSE-cp311-cp311-linux_x86_64.whl",
    catalog::Trust trust = catalog::Trust::official) {
  catalog::Candidate made;
  made.name = name;
  made.source_id = made.source = to_string(trust);
  made.trust = trust;
  made.url = std::string("https://releases.example/") + name;
  made.fields = *catalog::parse_wheel_fields(name);
  return made;
}

inline catalog::Recipe recipe() {
  catalog::Recipe made;
  made.name = "demo";
  made.gpu_floors.push_back({python::SpecifierSet{}, 8, 0, "demo's source"});
  return made;
}

inline catalog::Knowledge knowledge() {
  catalog::Knowledge made;
  made.drivers.push_back({12, version("525.60.13"), "driver table"});
  made.torch_abis.push_back({specifiers(">=2.7"), {}, "", true, "torch table"});
  made.torch_abis.push_back({specifiers("<2.7"), {}, "", false, "torch table"});
  return made;
}

inline Judgement judged(const probe::Environment& environment, const catalog::Candidate& candidate,
                        const Wishes& wishes = {}) {
  static const catalog::Recipe demo = recipe();
  static const catalog::Knowledge known = knowledge();
  return judge(environment, &demo, candidate, known, wishes);
}

inline std::vector<ReasonCode> codes(const Judgement& judgement) {
  std::vector<ReasonCode> found;
  for (const Reason& reason : judgement.reasons) found.push_back(reason.code);
  return found;
}

}  // namespace wheelfit::resolve::examples
