// SPDX-License-Identifier: Apache-2.0
// The two streams of the process. Results go to one, everything that is said on the way to the other; nothing
// else writes to them. Thread-safe.
#pragma once

#include <mutex>
#include <ostream>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

namespace wheelfit::render {

class Output {
 public:
  // Standard output and standard error.
  Output();
  // A test's own; both must outlive this.
  Output(std::ostream& results, std::ostream& messages) noexcept;

  // Written and flushed. Throws Error{machine} when it cannot be: a result that nobody got is no success.
  void result(std::string_view text);
  // One document, indented, with a final newline. Bytes that are no UTF-8 are replaced.
  void document(const nlohmann::ordered_json& document);
  // Never throws: a message that cannot be written is lost.
  void message(std::string_view text) noexcept;

 private:
  std::ostream& results_;
  std::ostream& messages_;
  std::mutex mutex_;
};

}  // namespace wheelfit::render
