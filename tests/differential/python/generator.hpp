// SPDX-License-Identifier: Apache-2.0
// Random inputs that the grammars nearly describe: most are well formed, some are spoilt by a character.
// WHEELFIT_SEED chooses the sequence; the default is fixed, so that a failure can be repeated.
#pragma once

#include <initializer_list>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace wheelfit::test {

class Generator {
 public:
  Generator();

  std::size_t below(std::size_t bound);
  bool chance(unsigned percent) { return below(100) < percent; }
  template <typename Choices>
  auto one_of(const Choices& choices) {
    return *std::next(std::begin(choices), static_cast<std::ptrdiff_t>(below(std::size(choices))));
  }
  std::string pick(std::initializer_list<std::string_view> choices) { return std::string(one_of(choices)); }

  std::string version();         // any spelling, small numbers so that comparisons are close
  std::string public_version();  // the same without a local label
  std::string specifier();       // one clause
  std::string specifiers();      // several, joined by commas
  std::string marker(int depth = 2);
  std::string name();
  std::string requirement();
  std::string wheel_file_name();
  // `text` with a character inserted, removed or replaced.
  std::string spoilt(std::string text);

 private:
  std::string comparison();
  std::string tag_set(std::initializer_list<std::string_view> choices);
  std::string blanks() { return pick({"", "", "", " ", "  ", "\t"}); }

  std::mt19937_64 random_;
};

}  // namespace wheelfit::test
