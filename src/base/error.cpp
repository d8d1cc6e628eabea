// SPDX-License-Identifier: Apache-2.0
#include "base/error.hpp"

namespace wheelfit {

ExitCode exit_code_for(ErrorKind kind) noexcept {
  switch (kind) {
    case ErrorKind::usage:
      return ExitCode::usage;
    case ErrorKind::refused:
      return ExitCode::refused;
    case ErrorKind::unreachable:
      return ExitCode::unreachable;
    case ErrorKind::machine:
      return ExitCode::internal;
    case ErrorKind::internal:
      return ExitCode::internal;
    case ErrorKind::interrupted:
      return ExitCode::interrupted;
  }
  return ExitCode::internal;
}

Error::Error(ErrorKind kind, Text sentence, std::vector<Text> cures)
    : kind_(kind), sentence_(std::move(sentence)), cures_(std::move(cures)) {}

Error&& Error::with_code(std::string code) && {
  code_ = std::move(code);
  return std::move(*this);
}

const char* Error::what() const noexcept {
  try {
    what_.clear();
    for (const Text& doing : context_) what_ += doing.english() + ": ";
    what_ += sentence_.english();
    return what_.c_str();
  } catch (...) {
    return "error";
  }
}

}  // namespace wheelfit
