// SPDX-License-Identifier: Apache-2.0
#include "resolve/hints.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>

#include "resolve/checks.hpp"
#include "resolve/rank.hpp"

namespace wheelfit::resolve {

namespace {

constexpr std::size_t most = 3;
constexpr std::size_t most_beside_a_choice = 2;

// The grounds a user can do something about, and how far away the change is (smaller is nearer).
long distance(const Judgement& judgement, ReasonCode code, const probe::Environment& environment) {
  const catalog::WheelFields& fields = judgement.candidate->fields;
  if (code == ReasonCode::torch_minor && fields.torch && environment.torch.version) {
    const auto& here = *environment.torch.version;
    return 100 * std::labs(static_cast<long>(fields.torch->major()) - static_cast<long>(here.major())) +
           std::labs(static_cast<long>(fields.torch->minor()) - static_cast<long>(here.minor()));
  }
  if (code == ReasonCode::python_tag && environment.interpreter.version && !fields.file.python_tags.empty()) {
    const std::string& tag = fields.file.python_tags.front();
    const long minor = tag.size() > 3 ? std::strtol(tag.c_str() + 3, nullptr, 10) : 0;
    return std::labs(minor - static_cast<long>(environment.interpreter.version->minor()));
  }
  return 0;
}

// "Python 3.13" of the tag "cp313".
std::string python_of(const catalog::WheelFields& fields) {
  const std::string tag = fields.file.python_tags.empty() ? "" : fields.file.python_tags.front();
  if (tag.size() < 4 || !tag.starts_with("cp")) return tag.empty() ? "another Python" : tag;
  return "Python " + tag.substr(2, 1) + "." + tag.substr(3);
}

// Empty where the ground is nothing to act upon.
Text change_for(const Judgement& judgement, ReasonCode code) {
  const catalog::Candidate& candidate = *judgement.candidate;
  const catalog::WheelFields& fields = candidate.fields;
  switch (code) {
    case ReasonCode::trust:
      return text("--trust {} admits {} from {}", to_string(candidate.trust), candidate.name,
                  candidate.source_id);
    case ReasonCode::python_tag:
      return text("an environment with {} could take {}", python_of(fields), candidate.name);
    case ReasonCode::torch_minor:
      if (!fields.torch) return {};
      return text("torch {} instead would admit {}", fields.torch->to_string(), candidate.name);
    case ReasonCode::cuda_major:
      return text("torch built for CUDA {} would admit {}", effective_cuda(candidate)->major, candidate.name);
    case ReasonCode::cxx11_abi:
      return text("a torch with C++11 ABI {} would admit {}", *effective_abi(candidate) ? "TRUE" : "FALSE",
                  candidate.name);
    case ReasonCode::glibc:
      return text("a system with a newer glibc (a newer container image) would admit {}", candidate.name);
    case ReasonCode::driver:
      return text("a newer driver would admit {}", candidate.name);
    default:
      return {};
  }
}

// How much the change asks of the user: a flag, an environment, a machine.
std::size_t effort(ReasonCode code) {
  static constexpr std::array order{ReasonCode::trust,      ReasonCode::python_tag, ReasonCode::torch_minor,
                                    ReasonCode::cuda_major, ReasonCode::driver,     ReasonCode::glibc,
                                    ReasonCode::cxx11_abi};
  return static_cast<std::size_t>(std::find(order.begin(), order.end(), code) - order.begin());
}

struct Near {
  const Judgement* judgement = nullptr;
  ReasonCode code = ReasonCode::trust;
  long distance = 0;
};

// The nearest wheel per single ground, in the order of the grounds.
std::vector<Near> nearest_by_ground(const probe::Environment& environment,
                                    const std::vector<Judgement>& ranked) {
  std::vector<Near> nearest;
  for (const Judgement& judgement : ranked) {
    if (judgement.verdict != Verdict::refused || judgement.reasons.size() != 1) continue;
    const ReasonCode code = judgement.reasons.front().code;
    const long far = distance(judgement, code, environment);
    const auto same =
        std::find_if(nearest.begin(), nearest.end(), [code](const Near& n) { return n.code == code; });
    if (same == nearest.end())
      nearest.push_back({&judgement, code, far});
    else if (far < same->distance)
      *same = {&judgement, code, far};
  }
  std::stable_sort(nearest.begin(), nearest.end(), [](const Near& left, const Near& right) {
    return effort(left.code) < effort(right.code);
  });
  return nearest;
}

bool asks_for_another_environment(ReasonCode code) {
  return code == ReasonCode::python_tag || code == ReasonCode::torch_minor ||
         code == ReasonCode::cuda_major || code == ReasonCode::cxx11_abi;
}

// Once something is chosen, only what would be newer is worth a hint; once it fits, no other Python or torch.
bool worth_a_hint(const Near& near, const std::optional<Chosen>& chosen) {
  if (!chosen) return true;
  if (chosen->judgement.verdict == Verdict::fits && asks_for_another_environment(near.code)) return false;
  return near.judgement->candidate->fields.version > chosen->judgement.candidate->fields.version;
}

Text cure_for(const Reason& reason) {
  switch (reason.code) {
    case ReasonCode::torch_missing:
      return text("install torch first, then run this again");
    case ReasonCode::torch_build:
      return text("install a CUDA build of torch, then run this again");
    default:
      return {};
  }
}

}  // namespace

std::vector<Text> hints(const probe::Environment& environment, const std::vector<Judgement>& ranked,
                        const std::optional<Chosen>& chosen, const std::vector<Reason>& environment_reasons) {
  std::vector<Text> found;
  for (const Reason& reason : environment_reasons) {
    Text cure = cure_for(reason);
    if (!cure.empty()) found.push_back(std::move(cure));
  }
  for (const Near& near : nearest_by_ground(environment, ranked)) {
    if (found.size() >= (chosen ? most_beside_a_choice : most)) break;
    if (!worth_a_hint(near, chosen)) continue;
    Text change = change_for(*near.judgement, near.code);
    if (!change.empty()) found.push_back(std::move(change));
  }
  return found;
}

void add_permissions(std::vector<Text>& hints, std::vector<Text> permissions) {
  hints.resize(std::min(hints.size(), most - std::min(most, permissions.size())));
  for (Text& permission : permissions) hints.push_back(std::move(permission));
}

}  // namespace wheelfit::resolve
