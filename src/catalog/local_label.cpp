// SPDX-License-Identifier: Apache-2.0
#include "catalog/local_label.hpp"

#include <algorithm>
#include <array>

namespace wheelfit::catalog {
namespace {

constexpr bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }
constexpr char lowered(char c) noexcept {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}
constexpr bool is_letter(char c) noexcept { return lowered(c) >= 'a' && lowered(c) <= 'z'; }
constexpr bool is_hex(char c) noexcept { return is_digit(c) || (lowered(c) >= 'a' && lowered(c) <= 'f'); }

// No part of any version here has more digits; what has more is a date or a hash.
constexpr std::size_t most_digits_of_a_part = 2;
constexpr std::size_t most_parts = 3;

int number(std::string_view digits) noexcept {
  int value = 0;
  for (const char c : digits) value = value * 10 + (c - '0');
  return value;
}

std::optional<python::Version> version(std::string_view major, std::string_view rest_digits,
                                       std::string_view last = {}) {
  std::string text(major);
  text.append(".").append(rest_digits);
  if (!last.empty()) text.append(".").append(last);
  const auto parsed = python::Version::parse(text);
  return parsed ? std::optional(*parsed) : std::nullopt;
}

class LabelReader {
 public:
  explicit LabelReader(std::string_view text) : rest_(text) {}

  LocalLabel read() {
    while (!rest_.empty()) {
      if (!is_digit(rest_.front()) && !is_letter(rest_.front())) {
        rest_.remove_prefix(1);
      } else if (!read_word()) {
        pass_over_word();
      }
    }
    return std::move(label_);
  }

 private:
  bool read_word() { return cuda() || rocm() || torch() || cxx11_abi() || git_commit() || architecture(); }

  bool starts_with(std::string_view word) const noexcept {
    return rest_.size() >= word.size() && std::equal(word.begin(), word.end(), rest_.begin(),
                                                     [](char w, char c) { return w == lowered(c); });
  }

  static std::size_t digits_at(std::string_view text, std::size_t from) noexcept {
    std::size_t end = from;
    while (end < text.size() && is_digit(text[end])) ++end;
    return end - from;
  }

  // The parts of the number after `word`: "12.8", ".2.11" -> {"2", "11"}, "280" -> {"280"}. Empty: no number
  // there.
  std::vector<std::string_view> number_after(std::string_view word) {
    if (!starts_with(word)) return {};
    std::size_t at = word.size();
    if (at < rest_.size() && (rest_[at] == '.' || rest_[at] == '_')) ++at;
    std::size_t digits = digits_at(rest_, at);
    if (digits == 0) return {};
    std::vector<std::string_view> parts{rest_.substr(at, digits)};
    at += digits;
    while (parts.front().size() <= most_digits_of_a_part && parts.size() < most_parts && at < rest_.size() &&
           rest_[at] == '.') {
      digits = digits_at(rest_, at + 1);
      if (digits == 0 || digits > most_digits_of_a_part) break;
      parts.push_back(rest_.substr(at + 1, digits));
      at += 1 + digits;
    }
    rest_.remove_prefix(at);
    return parts;
  }

  bool cuda() {
    const auto parts = number_after("cu");
    if (parts.empty()) return false;
    const std::string_view first = parts.front();
    std::optional<CudaTag> tag;
    if (parts.size() > 1) {
      tag = CudaTag{number(first), number(parts[1])};
    } else if (first.size() == 2 && first.front() >= '7') {  // cu92 is from before CUDA 10
      tag = CudaTag{number(first.substr(0, 1)), number(first.substr(1))};
    } else if (first.size() <= 2) {
      tag = CudaTag{number(first), std::nullopt};
    } else if (first.size() <= 4) {
      tag = CudaTag{number(first.substr(0, 2)), number(first.substr(2))};
    }
    if (!label_.cuda) label_.cuda = tag;
    return true;
  }

  bool rocm() {
    const auto parts = number_after("rocm");
    if (parts.empty()) return false;
    std::optional<python::Version> read;
    const std::string_view first = parts.front();
    if (parts.size() > 1) {
      read = version(first, parts[1], parts.size() > 2 ? parts[2] : std::string_view());
    } else if (first.size() > 1 && first.size() <= most_parts) {
      read = version(first.substr(0, 1), first.substr(1, 1), first.substr(2));
    }
    if (!label_.rocm) label_.rocm = read;
    return true;
  }

  bool torch() {
    if (starts_with("torch")) {
      const auto parts = number_after("torch");
      if (parts.empty()) return false;
      keep_torch(parts.size() > 1
                     ? version(parts[0], parts[1], parts.size() > 2 ? parts[2] : std::string_view())
                     : compact_torch(parts.front()));
      return true;
    }
    const auto parts = number_after("pt");
    if (parts.empty()) return false;
    if (parts.size() > 1) {
      keep_torch(version(parts[0], parts[1]));
    } else if (parts.front().size() > 1 && parts.front().size() <= 3) {
      keep_torch(version(parts.front().substr(0, 1), parts.front().substr(1)));
    }
    return true;
  }

  // "28" -> 2.8; from three digits on the last one is the patch: "280" -> 2.8.0, "2110" -> 2.11.0.
  static std::optional<python::Version> compact_torch(std::string_view digits) {
    if (digits.size() == 2) return version(digits.substr(0, 1), digits.substr(1));
    if (digits.size() < 3 || digits.size() > 4) return std::nullopt;
    return version(digits.substr(0, 1), digits.substr(1, digits.size() - 2),
                   digits.substr(digits.size() - 1));
  }

  void keep_torch(std::optional<python::Version> read) {
    if (!label_.torch) label_.torch = std::move(read);
  }

  bool cxx11_abi() {
    if (!starts_with("cxx11abi")) return false;
    rest_.remove_prefix(8);
    constexpr std::array<std::pair<std::string_view, bool>, 4> words{
        {{"true", true}, {"false", false}, {"1", true}, {"0", false}}};
    for (const auto& [word, value] : words) {
      if (!starts_with(word)) continue;
      if (!label_.cxx11_abi) label_.cxx11_abi = value;
      rest_.remove_prefix(word.size());
      break;
    }
    return true;
  }

  bool git_commit() {
    if (!starts_with("git")) return false;
    std::size_t end = 3;
    while (end < rest_.size() && is_hex(rest_[end])) ++end;
    if (end < 3 + 6) return false;
    if (label_.git_commit.empty()) {
      for (const char c : rest_.substr(3, end - 3)) label_.git_commit += lowered(c);
    }
    rest_.remove_prefix(end);
    return true;
  }

  bool architecture() {
    if (!starts_with("sm")) return false;
    std::size_t at = rest_.size() > 2 && rest_[2] == '_' ? 3 : 2;
    const std::size_t digits = digits_at(rest_, at);
    if (digits < 2 || digits > 3) return false;
    std::string name = "sm_" + std::string(rest_.substr(at, digits));
    at += digits;
    // "sm90a": the letter belongs to the number unless a word begins with it.
    if (at < rest_.size() && (lowered(rest_[at]) == 'a' || lowered(rest_[at]) == 'f') &&
        (at + 1 == rest_.size() || !is_letter(rest_[at + 1]) || lowered(rest_[at + 1]) == 's')) {
      name += lowered(rest_[at++]);
    }
    label_.architectures.push_back(std::move(name));
    rest_.remove_prefix(at);
    return true;
  }

  // Letters and the digits that follow them, so that "post1cu12" still gives cu12.
  void pass_over_word() {
    std::size_t end = 0;
    while (end < rest_.size() && is_letter(rest_[end])) ++end;
    end += digits_at(rest_, end);
    rest_.remove_prefix(end);
  }

  std::string_view rest_;
  LocalLabel label_;
};

}  // namespace

LocalLabel parse_local_label(std::string_view label) { return LabelReader(label).read(); }

void take_label(LocalLabel label, WheelFields& fields) {
  fields.cuda = label.cuda;
  fields.rocm = std::move(label.rocm);
  fields.torch = std::move(label.torch);
  fields.cxx11_abi = label.cxx11_abi;
  fields.architectures = std::move(label.architectures);
  fields.git_commit = std::move(label.git_commit);
}

}  // namespace wheelfit::catalog
