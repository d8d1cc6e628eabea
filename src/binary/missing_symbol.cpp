// SPDX-License-Identifier: Apache-2.0
#include "binary/missing_symbol.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>

#include <fmt/core.h>

#include "binary/demangle.hpp"

namespace wheelfit::binary {
namespace {

constexpr std::size_t most_offered = 4;

bool identifier_character(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

// "c10::Error::~Error" -> "5Error", "c10::Scalar::operator()" -> "6Scalar": how a mangled name spells the
// last plain identifier. Template arguments are skipped. Empty where there is none.
std::string mangled_fragment(std::string_view name) {
  if (const auto found = name.find("operator"); found != std::string_view::npos && found > 2)
    name = name.substr(0, found - 2);
  std::size_t end = name.size();
  int depth = 0;
  while (end > 0 && (depth > 0 || !identifier_character(name[end - 1]))) {
    if (name[end - 1] == '>') ++depth;
    if (name[end - 1] == '<') --depth;
    --end;
  }
  std::size_t start = end;
  while (start > 0 && identifier_character(name[start - 1])) --start;
  return start == end ? std::string{} : fmt::format("{}{}", end - start, name.substr(start, end - start));
}

std::string fragment_of(std::string_view wanted) {
  return mangled_fragment(qualified_name(without_cxx11_abi(demangled(wanted))));
}

// "_ZNK3c106Scalar4typeEv" -> "3c106Scalar4type": the identifiers that a mangled name begins with, as they
// stand. Whatever has the same qualified name begins with the same ones.
std::string_view leading_identifiers(std::string_view symbol) {
  if (!symbol.starts_with("_Z")) return {};
  std::size_t at = 2;
  if (at < symbol.size() && symbol[at] == 'N')
    at = std::min(symbol.find_first_not_of("KVrRO", at + 1), symbol.size());
  const std::size_t start = at;
  while (at < symbol.size()) {
    std::size_t length = 0;
    const auto [end, error] = std::from_chars(symbol.data() + at, symbol.data() + symbol.size(), length);
    const auto digits = static_cast<std::size_t>(end - (symbol.data() + at));
    if (error != std::errc{} || length > symbol.size() - at - digits) break;
    at += digits + length;
  }
  return symbol.substr(start, at - start);
}

// What may bear the same name: demangling tells, but costs a microsecond for each of 100,000 names.
class Namesakes {
 public:
  explicit Namesakes(std::string_view wanted)
      : leading_(leading_identifiers(wanted)), fragment_(fragment_of(wanted)) {}

  bool none() const { return fragment_.empty(); }
  bool may_include(std::string_view symbol) const {
    return leading_.empty() ? symbol.find(fragment_) != std::string_view::npos
                            : leading_identifiers(symbol) == leading_;
  }

 private:
  std::string_view leading_;
  std::string fragment_;
};

}  // namespace

MissingSymbol explain_missing(std::string_view wanted, std::span<const std::string_view> exported) {
  MissingSymbol result{MissingCause::absent, demangled(wanted), {}};
  const Namesakes namesakes(wanted);
  if (!wanted.starts_with("_Z") || namesakes.none()) return result;
  const std::string wanted_any_abi = without_cxx11_abi(result.wanted);
  const std::string wanted_name(qualified_name(wanted_any_abi));
  for (const std::string_view symbol : exported) {
    if (!namesakes.may_include(symbol)) continue;
    const std::string candidate = demangled(symbol);
    const std::string any_abi = without_cxx11_abi(candidate);
    if (any_abi == wanted_any_abi && candidate != result.wanted)
      return {MissingCause::other_cxx_abi, result.wanted, {candidate}};
    if (candidate == result.wanted || qualified_name(any_abi) != wanted_name) continue;
    result.cause = MissingCause::signature_changed;
    if (result.offered.size() < most_offered &&
        std::ranges::find(result.offered, candidate) == result.offered.end())
      result.offered.push_back(candidate);
  }
  return result;
}

MissingSymbol explain_missing(const UndefinedSymbol& wanted, std::span<const ElfImage* const> exporters) {
  const Namesakes namesakes(wanted.name);
  std::vector<std::string_view> names;
  std::vector<std::string> versions;
  for (const ElfImage* exporter : exporters) {
    exporter->for_each_export([&](const ExportedSymbol& symbol) {
      if (symbol.name == wanted.name && versions.size() < most_offered)
        versions.emplace_back(symbol.version);
      else if (!namesakes.none() && namesakes.may_include(symbol.name))
        names.push_back(symbol.name);
    });
  }
  if (!versions.empty()) return {MissingCause::other_version, demangled(wanted.name), std::move(versions)};
  return explain_missing(wanted.name, names);
}

}  // namespace wheelfit::binary
