// SPDX-License-Identifier: Apache-2.0
#include "render/output.hpp"

#include <iostream>

#include <nlohmann/json.hpp>

#include "base/error.hpp"

namespace wheelfit::render {

Output::Output() : Output(std::cout, std::cerr) {}

Output::Output(std::ostream& results, std::ostream& messages) noexcept
    : results_(results), messages_(messages) {}

void Output::result(std::string_view text) {
  const std::lock_guard lock(mutex_);
  results_ << text << std::flush;
  if (!results_) {
    throw Error(ErrorKind::machine, wheelfit::text("the result could not be written to standard output"),
                {wheelfit::text("check that the disk is not full and that the reader is still there")});
  }
}

void Output::document(const nlohmann::ordered_json& document) {
  constexpr int indent = 2;
  result(document.dump(indent, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n");
}

void Output::message(std::string_view text) noexcept {
  try {
    const std::lock_guard lock(mutex_);
    messages_ << text << std::flush;
    messages_.clear();
  } catch (...) {  // nobody is left to tell
  }
}

}  // namespace wheelfit::render
