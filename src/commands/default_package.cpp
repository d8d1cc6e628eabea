// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "base/error.hpp"
#include "catalog/knowledge.hpp"
#include "commands/verbs.hpp"

namespace wheelfit::commands {

std::string default_package(const Settings& settings) {
  const catalog::Knowledge knowledge = catalog::load_knowledge(settings.sources.data_directory);
  const auto found = std::find_if(knowledge.recipes.begin(), knowledge.recipes.end(),
                                  [](const catalog::Recipe& recipe) { return recipe.is_default; });
  if (found != knowledge.recipes.end()) return found->name;
  throw Error(ErrorKind::usage, text("no package is named, and none of the known ones is the default"));
}

}  // namespace wheelfit::commands
