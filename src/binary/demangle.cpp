// SPDX-License-Identifier: Apache-2.0
#include "binary/demangle.hpp"

#include <cxxabi.h>

#include <cstdlib>
#include <memory>

namespace wheelfit::binary {
namespace {

constexpr std::size_t longest_name = 16384;  // the demangler recurses

void replace_all(std::string& text, std::string_view from, std::string_view to) {
  for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
    text.replace(at, from.size(), to);
}

}  // namespace

std::string demangled(std::string_view symbol) {
  std::string name(symbol);
  // A plain "f" would be taken for the type float.
  if (!symbol.starts_with("_Z") || symbol.size() > longest_name) return name;
  int status = 0;
  const std::unique_ptr<char, decltype(&std::free)> text(
      abi::__cxa_demangle(name.c_str(), nullptr, nullptr, &status), &std::free);
  return status == 0 && text ? std::string(text.get()) : name;
}

std::string_view qualified_name(std::string_view symbol) noexcept {
  int depth = 0;  // inside template arguments, where parentheses may stand: f<void (*)(int)>(int)
  for (std::size_t i = 0; i < symbol.size(); ++i) {
    const std::string_view rest = symbol.substr(i);
    if (rest.starts_with("(anonymous namespace)")) {
      i += std::string_view("(anonymous namespace)").size() - 1;
    } else if (rest.starts_with("operator")) {
      // "operator()", "operator<", "operator->": their signs are no brackets.
      i += std::string_view("operator").size();
      while (i + 1 < symbol.size() && symbol[i + 1] != '(') ++i;
      if (symbol.substr(i).starts_with("()")) ++i;
    } else if (symbol[i] == '<') {
      ++depth;
    } else if (symbol[i] == '>') {
      --depth;
    } else if (symbol[i] == '(' && depth == 0) {
      return symbol.substr(0, i);
    }
  }
  return symbol;
}

std::string without_cxx11_abi(std::string symbol) {
  replace_all(symbol, "__cxx11::", "");
  replace_all(symbol, "[abi:cxx11]", "");
  replace_all(symbol, "std::basic_string<char, std::char_traits<char>, std::allocator<char> >",
              "std::string");
  return symbol;
}

}  // namespace wheelfit::binary
