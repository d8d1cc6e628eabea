// SPDX-License-Identifier: Apache-2.0
// The lexical level of dependency specifiers: blanks, words and punctuation, read from the front.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <tl/expected.hpp>

#include "base/error.hpp"
#include "python/ascii.hpp"

namespace wheelfit::python {

class TokenReader {
 public:
  explicit TokenReader(std::string_view text) : text_(text) {}

  // Line ends count as blanks: folded header fields contain them.
  void skip_blanks() noexcept {
    while (position_ < text_.size() && is_blank(text_[position_])) ++position_;
  }
  bool at_end() const noexcept { return position_ == text_.size(); }
  std::string_view rest() const noexcept { return text_.substr(position_); }
  void advance(std::size_t count) noexcept { position_ += count; }

  bool accept(std::string_view token) noexcept {
    if (!rest().starts_with(token)) return false;
    position_ += token.size();
    return true;
  }

  // `word` where neither a letter, a digit nor '_' follows or precedes it.
  bool accept_word(std::string_view word) noexcept {
    if (!rest().starts_with(word)) return false;
    const std::size_t end = position_ + word.size();
    if ((position_ > 0 && is_word(text_[position_ - 1])) || (end < text_.size() && is_word(text_[end])))
      return false;
    position_ = end;
    return true;
  }

  // The longest run of characters that `belongs` accepts; may be empty.
  template <typename Predicate>
  std::string_view take_while(Predicate belongs) {
    const std::size_t start = position_;
    while (position_ < text_.size() && belongs(text_[position_])) ++position_;
    return text_.substr(start, position_ - start);
  }

  // "expected X at column 12 of \"...\"".
  tl::unexpected<ParseError> expected(std::string_view what) const {
    return tl::unexpected(ParseError{"expected " + std::string(what) + " at column " +
                                     std::to_string(position_ + 1) + " of \"" + std::string(text_) + "\""});
  }

 private:
  // Bytes beyond ASCII are parts of letters.
  static bool is_word(char c) noexcept {
    return is_alphanumeric(c) || c == '_' || static_cast<unsigned char>(c) >= 0x80;
  }

  std::string_view text_;
  std::size_t position_ = 0;
};

}  // namespace wheelfit::python
