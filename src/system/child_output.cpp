// SPDX-License-Identifier: Apache-2.0
#include "system/child_output.hpp"

#include <utility>

namespace wheelfit::system {

void ChildOutput::add(std::string_view bytes) {
  kept_ += bytes;
  // Cut rarely, so that a chatty child costs no quadratic time.
  if (kept_.size() > 2 * limit_) kept_.erase(0, kept_.size() - limit_);
  if (on_line_) cut_lines(bytes);
}

void ChildOutput::cut_lines(std::string_view bytes) {
  for (std::size_t end = bytes.find('\n'); end != std::string_view::npos; end = bytes.find('\n')) {
    line_ += bytes.substr(0, end);
    on_line_(line_);
    line_.clear();
    bytes.remove_prefix(end + 1);
  }
  line_ += bytes;
  if (line_.size() > limit_) line_.clear();
}

std::string ChildOutput::finish() {
  if (on_line_ && !line_.empty()) on_line_(line_);
  line_.clear();
  if (kept_.size() > limit_) kept_.erase(0, kept_.size() - limit_);
  return std::exchange(kept_, {});
}

}  // namespace wheelfit::system
