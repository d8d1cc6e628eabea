// SPDX-License-Identifier: Apache-2.0
#include "build/compiler_arguments.hpp"

#include <algorithm>

namespace wheelfit::build {
namespace {

constexpr std::string_view gencode = "-gencode";
constexpr std::string_view real_code = "code=sm_";

std::vector<std::string_view> words_of(std::string_view command) {
  std::vector<std::string_view> words;
  for (std::size_t at = 0; at < command.size();) {
    const std::size_t end = std::min(command.find(' ', at), command.size());
    if (end > at) words.push_back(command.substr(at, end - at));
    at = end + 1;
  }
  return words;
}

// "arch=compute_80,code=sm_80" -> "80"; "" for PTX.
std::string_view target_of(std::string_view specification) {
  const std::size_t at = specification.find(real_code);
  return at == std::string_view::npos ? std::string_view() : specification.substr(at + real_code.size());
}

// sm_90a and sm_100f are variants of what was asked for.
bool is_wanted(std::string_view target, const std::vector<python::Version>& capabilities) {
  const std::string_view number = target.substr(0, target.find_first_not_of("0123456789"));
  return std::ranges::any_of(
      capabilities, [&](const python::Version& wanted) { return architecture_number(wanted) == number; });
}

// The architecture that the words from `at` on name, and how many words that takes.
struct Gencode {
  std::string_view specification;
  std::size_t words = 0;
};
Gencode gencode_at(const std::vector<std::string_view>& words, std::size_t at) {
  if (words[at] == gencode && at + 1 < words.size()) return {words[at + 1], 2};
  if (words[at].starts_with("-gencode=")) return {words[at].substr(gencode.size() + 1), 1};
  return {};
}

}  // namespace

std::string architecture_number(const python::Version& capability) {
  return std::to_string(capability.major()) + std::to_string(capability.minor());
}

std::string limited_to(std::string_view command, const std::vector<python::Version>& capabilities,
                       unsigned threads) {
  std::string limited;
  const auto words = words_of(command);
  for (std::size_t at = 0; at < words.size(); ++at) {
    const Gencode found = gencode_at(words, at);
    if (found.words != 0 && !is_wanted(target_of(found.specification), capabilities)) {
      at += found.words - 1;
      continue;
    }
    if (!limited.empty()) limited += ' ';
    limited += words[at];
    if (words[at] == "--threads" && at + 1 < words.size()) {
      limited += ' ' + std::to_string(threads);
      ++at;
    }
  }
  return limited;
}

}  // namespace wheelfit::build
