// SPDX-License-Identifier: Apache-2.0
#include "fetch/source_choice.hpp"

#include <algorithm>

namespace wheelfit::fetch {
namespace {

using Standing = SourceState::Standing;

constexpr double patience_for_answer = 0.3;
constexpr double patience_for_bytes = 1.5;
constexpr double long_enough_to_judge = 0.5;
constexpr double trickle = 2'000'000;  // bytes a second: beside it, another source is worth a request
constexpr double too_long = 30;        // seconds until the end
constexpr double much_faster = 8;

bool flows(const SourceState& source) {
  return source.standing == Standing::answering && source.quiet < patience_for_bytes;
}

double on_each(const SourceState& source) {
  return source.bytes_per_second / std::max(source.connections, 1);
}

bool can_be_judged(const SourceState& source) {
  return source.standing == Standing::answering && source.connections > 0 &&
         source.flowing >= long_enough_to_judge;
}

// Nothing flows, or it will take long.
bool wants_another(const std::vector<SourceState>& sources, double since_join, std::uint64_t missing) {
  double rate = 0;
  double longest_flow = 0;
  bool somebody_is_awaited = false;
  for (const SourceState& source : sources) {
    if (source.standing == Standing::asked && source.quiet < patience_for_answer) somebody_is_awaited = true;
    if (!flows(source)) continue;
    rate += source.bytes_per_second;
    longest_flow = std::max(longest_flow, source.flowing);
  }
  if (longest_flow == 0) return !somebody_is_awaited;
  if (longest_flow < long_enough_to_judge || since_join < long_enough_to_judge) return false;
  const bool slow = rate<trickle&& static_cast<double>(missing)> rate;
  return slow || (since_join >= 3 && static_cast<double>(missing) > rate * too_long);
}

}  // namespace

Advice advise(const std::vector<SourceState>& sources, double since_join, std::uint64_t bytes_missing) {
  Advice advice;
  double fastest = 0;
  bool any_flows = false;
  for (const SourceState& source : sources) {
    any_flows = any_flows || flows(source);
    if (can_be_judged(source) && flows(source)) fastest = std::max(fastest, on_each(source));
  }
  for (std::size_t i = 0; i < sources.size(); ++i) {
    if (can_be_judged(sources[i]) && on_each(sources[i]) * much_faster < fastest) advice.leave.push_back(i);
  }
  if (!wants_another(sources, since_join, bytes_missing)) return advice;
  const auto first_of = [&sources](Standing standing) -> std::optional<std::size_t> {
    const auto found = std::find_if(sources.begin(), sources.end(), [standing](const SourceState& source) {
      return source.standing == standing;
    });
    if (found == sources.end()) return std::nullopt;
    return static_cast<std::size_t>(found - sources.begin());
  };
  advice.join = first_of(Standing::untried);
  if (!advice.join && !any_flows) advice.join = first_of(Standing::left);
  return advice;
}

std::optional<std::size_t> source_for_more(const std::vector<SourceState>& sources) {
  std::optional<std::size_t> best;
  for (std::size_t i = 0; i < sources.size(); ++i) {
    const SourceState& source = sources[i];
    if (source.standing != Standing::answering || source.connections >= source.most) continue;
    if (source.connections > 0 && source.quiet >= patience_for_bytes) continue;
    if (source.connections == 0 && source.flowing == 0) return i;  // it came late: how fast is it?
    if (!best || on_each(source) > on_each(sources[*best])) best = i;
  }
  return best;
}

bool is_stalled(double quiet, bool answered) noexcept {
  return quiet >= (answered ? patience_for_bytes : 2 * patience_for_bytes);
}

}  // namespace wheelfit::fetch
