// SPDX-License-Identifier: Apache-2.0
// The one error type. Two regimes, never mixed:
//   - an outcome that the caller branches on is a value (std::optional, std::variant, tl::expected for
//   parsers);
//   - a condition that ends the command is `throw Error{...}`, given context on its way up by with_context(),
//     and rendered once, in main.
#pragma once

#include <exception>
#include <string>
#include <utility>
#include <vector>

#include "base/exit_code.hpp"
#include "base/text.hpp"

namespace wheelfit {

enum class ErrorKind {
  usage,        // the command line or a setting is wrong                       -> exit 64
  refused,      // bad wheel, nothing fits, a policy forbids it, a proof failed -> exit 2
  unreachable,  // a source could not be reached, or answered wrongly           -> exit 3
  machine,      // disk full, permission denied, a file vanished                -> exit 4
  internal,     // a fault of ours                                              -> exit 4
  interrupted,  // Ctrl-C                                                       -> exit 130
};

ExitCode exit_code_for(ErrorKind kind) noexcept;

class Error : public std::exception {
 public:
  // `sentence`: one clear sentence in the user's terms, no trailing full stop.
  // `cures`: what the user can do, each a sentence or a command line; the best first.
  Error(ErrorKind kind, Text sentence, std::vector<Text> cures = {});

  ErrorKind kind() const noexcept { return kind_; }
  const Text& sentence() const noexcept { return sentence_; }
  const std::vector<Text>& cures() const noexcept { return cures_; }
  // Outermost first: "installing flash_attn-2.8.3-….whl", "reading RECORD".
  const std::vector<Text>& context() const noexcept { return context_; }
  // Machine-readable reason where there is one ("known-bad", "record-mismatch"); else empty.
  const std::string& code() const noexcept { return code_; }

  Error&& with_code(std::string code) &&;
  void add_cure(Text cure) { cures_.push_back(std::move(cure)); }
  void add_context(Text doing) { context_.insert(context_.begin(), std::move(doing)); }

  // "context: context: sentence".
  const char* what() const noexcept override;

 private:
  ErrorKind kind_;
  Text sentence_;
  std::vector<Text> cures_;
  std::vector<Text> context_;
  std::string code_;
  mutable std::string what_;
};

// Runs `function`; an Error that leaves it carries `doing` ("reading RECORD of x.whl") as its outer context.
template <typename Function>
decltype(auto) with_context(const Text& doing, Function&& function) {
  try {
    return std::forward<Function>(function)();
  } catch (Error& error) {
    error.add_context(doing);
    throw;
  }
}

// What a parser returns instead of a value. `message` says what is wrong with the input, not what we did.
struct ParseError {
  std::string message;
};

}  // namespace wheelfit
