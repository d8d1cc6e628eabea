// SPDX-License-Identifier: Apache-2.0
#include "resolve/rank.hpp"

#include <algorithm>
#include <cstdlib>
#include <numeric>
#include <tuple>

#include "resolve/checks.hpp"

namespace wheelfit::resolve {

namespace {

// In hundredths of a CUDA major. A tag of a major only ("cu12") is as near as can be.
int cuda_distance(const catalog::Candidate& candidate, const probe::Environment& environment) {
  const auto cuda = effective_cuda(candidate);
  const auto& here = environment.torch.cuda;
  if (!cuda || !here) return 0;
  const int major = std::abs(cuda->major - static_cast<int>(here->major()));
  const int minor = cuda->minor ? std::abs(*cuda->minor - static_cast<int>(here->minor())) : 0;
  return 100 * major + minor;
}

bool is_manylinux(const catalog::Candidate& candidate) {
  const auto& platforms = candidate.fields.file.platform_tags;
  return std::any_of(platforms.begin(), platforms.end(),
                     [](const std::string& tag) { return tag.starts_with("manylinux"); });
}

// A wheel for another torch comes after every one for this, however well it is proven.
enum class Standing { fits, doubtful, other_torch, refused };

Standing standing_of(const Judgement& judgement) {
  if (judgement.verdict == Verdict::refused) return Standing::refused;
  if (judgement.other_torch) return Standing::other_torch;
  return judgement.verdict == Verdict::fits ? Standing::fits : Standing::doubtful;
}

// What is compared, computed once per wheel.
struct Key {
  Standing standing;
  std::size_t grounds;
  ReasonCode worst;
  catalog::Trust trust;
  const python::Version* version;
  bool bound_to_abi;  // not the stable ABI
  bool misleading;
  int cuda_distance;
  bool plain_linux;
  int release_order;
  const std::string* name;

  bool before(const Key& other) const {
    const auto first = std::tie(standing, grounds, worst, trust);
    const auto second = std::tie(other.standing, other.grounds, other.worst, other.trust);
    if (first != second) return first < second;
    if (*version != *other.version) return *version > *other.version;
    const auto third = std::tie(bound_to_abi, misleading, cuda_distance, plain_linux);
    const auto fourth =
        std::tie(other.bound_to_abi, other.misleading, other.cuda_distance, other.plain_linux);
    if (third != fourth) return third < fourth;
    if (release_order != other.release_order) return release_order > other.release_order;
    return *name < *other.name;
  }
};

Key key_of(const Judgement& judgement, const probe::Environment& environment) {
  const bool refused = judgement.verdict == Verdict::refused;
  ReasonCode worst = ReasonCode::trust;
  if (refused) {
    for (const Reason& reason : judgement.reasons) worst = std::max(worst, reason.code);
  }
  const catalog::Candidate& candidate = *judgement.candidate;
  return {standing_of(judgement),
          refused ? judgement.reasons.size() : 0,
          worst,
          candidate.trust,
          &candidate.fields.version,
          !judgement.stable_abi,
          misleading_label(candidate),
          cuda_distance(candidate, environment),
          !is_manylinux(candidate),
          candidate.release_order,
          &candidate.name};
}

}  // namespace

bool misleading_label(const catalog::Candidate& candidate) noexcept {
  const auto& label = candidate.fields.cxx11_abi;
  const auto& known = candidate.knowledge->cxx11_abi;
  return label && known && *label != known->value;
}

void rank(std::vector<Judgement>& judgements, const probe::Environment& environment) {
  std::vector<Key> keys;
  keys.reserve(judgements.size());
  for (const Judgement& judgement : judgements) keys.push_back(key_of(judgement, environment));
  std::vector<std::size_t> order(judgements.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(),
            [&keys](std::size_t left, std::size_t right) { return keys[left].before(keys[right]); });
  std::vector<Judgement> sorted;
  sorted.reserve(judgements.size());
  for (const std::size_t index : order) sorted.push_back(std::move(judgements[index]));
  judgements = std::move(sorted);
}

}  // namespace wheelfit::resolve
