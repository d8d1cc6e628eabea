// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <span>
#include <string>
#include <vector>

#include "binary/demangle.hpp"
#include "proof/case.hpp"

namespace wheelfit::proof {
namespace {

bool is_bound(const binary::UndefinedSymbol& symbol, std::span<const binary::ElfImage* const> scope) {
  const binary::SymbolKey key(symbol.name);
  return std::ranges::any_of(
      scope, [&](const binary::ElfImage* image) { return image->exports(key, symbol.version); });
}

}  // namespace

// Global scope first, then the object's own: the loader's order. Which one binds does not matter here, only
// whether one does.
std::vector<const binary::ElfImage*> look_up_scope(const Case& subject) {
  std::vector<std::size_t> objects = subject.process.global_scope();
  for (const std::size_t object : subject.loaded.scope)
    if (std::ranges::find(objects, object) == objects.end()) objects.push_back(object);
  std::vector<const binary::ElfImage*> images;
  for (const std::size_t object : objects) images.push_back(&subject.process.image(object));
  return images;
}

void note_missing(Case& subject, std::span<const binary::UndefinedSymbol> undefined,
                  std::span<const binary::ElfImage* const> scope, const std::string& wanted_by) {
  for (const binary::UndefinedSymbol& symbol : undefined) {
    if (symbol.weak || is_bound(symbol, scope)) continue;
    subject.result.missing.push_back(
        {std::string(symbol.name), binary::demangled(symbol.name), std::string(symbol.version), wanted_by});
  }
}

void check_symbols(Case& subject) {
  const auto scope = look_up_scope(subject);
  for (const std::size_t object : subject.loaded.added) {
    const auto undefined = subject.process.image(object).undefined_symbols();
    if (object == *subject.loaded.object) subject.result.needs.symbols = undefined.size();
    // Where a library is missing, so is what it would have offered: that says nothing about the others.
    if (subject.loaded.complete())
      note_missing(subject, undefined, scope, subject.process.objects()[object].file_name());
  }
  if (!subject.result.missing.empty()) explain_missing_symbols(subject);
}

}  // namespace wheelfit::proof
