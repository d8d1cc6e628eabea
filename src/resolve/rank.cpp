// SPDX-License-Identifier: Apache-2.0
#include "resolve/rank.hpp"

#include <algorithm>
#include <compare>
#include <cstdlib>
#include <functional>
#include <map>
#include <numeric>
#include <string_view>

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

// Few versions, many wheels: the place of each wheel's version, newest first, so that a number is compared.
std::vector<int> places_of_versions(const std::vector<Judgement>& judgements) {
  std::map<python::Version, std::vector<std::size_t>, std::greater<>> wheels_of;
  for (std::size_t i = 0; i < judgements.size(); ++i) {
    wheels_of[judgements[i].candidate->fields.version].push_back(i);
  }
  std::vector<int> places(judgements.size());
  int place = 0;
  for (const auto& [version, wheels] : wheels_of) {
    for (const std::size_t i : wheels) places[i] = place;
    ++place;
  }
  return places;
}

// What is compared, in the order of its weight; the lesser is the better. Computed once per wheel.
struct Key {
  Standing standing;
  std::size_t grounds;
  ReasonCode worst;
  catalog::Trust trust;
  int version;
  bool bound_to_abi;  // not the stable ABI
  bool misleading;
  int cuda_distance;
  bool plain_linux;
  int age;
  std::string_view name;

  auto operator<=>(const Key&) const = default;
};

Key key_of(const Judgement& judgement, int version, const probe::Environment& environment) {
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
          version,
          !judgement.stable_abi,
          misleading_label(candidate),
          cuda_distance(candidate, environment),
          !is_manylinux(candidate),
          -candidate.release_order,
          candidate.name};
}

}  // namespace

bool misleading_label(const catalog::Candidate& candidate) noexcept {
  const auto& label = candidate.fields.cxx11_abi;
  const auto& known = candidate.knowledge->cxx11_abi;
  return label && known && *label != known->value;
}

void rank(std::vector<Judgement>& judgements, const probe::Environment& environment) {
  const std::vector<int> versions = places_of_versions(judgements);
  std::vector<Key> keys;
  keys.reserve(judgements.size());
  for (std::size_t i = 0; i < judgements.size(); ++i) {
    keys.push_back(key_of(judgements[i], versions[i], environment));
  }
  std::vector<std::size_t> order(judgements.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(),
            [&keys](std::size_t left, std::size_t right) { return keys[left] < keys[right]; });
  std::vector<Judgement> sorted;
  sorted.reserve(judgements.size());
  for (const std::size_t index : order) sorted.push_back(std::move(judgements[index]));
  judgements = std::move(sorted);
}

}  // namespace wheelfit::resolve
