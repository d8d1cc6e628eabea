// SPDX-License-Identifier: Apache-2.0
#include "base/text.hpp"

namespace wheelfit {

std::string Text::filled(std::string_view pattern) const {
  // No pattern of ours: what takes its place is a translation of the whole.
  if (is_verbatim()) return pattern.empty() ? arguments_.front() : std::string(pattern);
  std::string out;
  std::size_t next = 0;
  for (std::size_t at = 0; at < pattern.size(); ++at) {
    const bool doubled = at + 1 < pattern.size() && pattern[at + 1] == pattern[at];
    if ((pattern[at] == '{' || pattern[at] == '}') && doubled) {
      out += pattern[at++];
      continue;
    }
    if (pattern[at] != '{') {
      out += pattern[at];
      continue;
    }
    const std::size_t close = pattern.find('}', at);
    if (close == std::string::npos) return out.append(pattern.substr(at));
    const std::string index(pattern.substr(at + 1, close - at - 1));
    const std::size_t which = index.empty() ? next++ : static_cast<std::size_t>(std::stoul(index));
    if (which < arguments_.size()) out += arguments_[which];
    at = close;
  }
  return out;
}

}  // namespace wheelfit
