// SPDX-License-Identifier: Apache-2.0
#include "commands/stand_in_content.hpp"

#include <algorithm>
#include <optional>

#include "python/metadata.hpp"
#include "python/package_name.hpp"

namespace wheelfit::commands {

namespace {

// A real package has no such name: the fallback says by it what it is.
constexpr std::string_view own_mark = "__wheelfit__";

bool is_dist_info(std::string_view name) {
  return name.substr(0, name.find('/')).ends_with(".dist-info") && name.find('/') != std::string_view::npos;
}

std::optional<std::string> text_of(const WheelContent& content, std::string_view wanted) {
  const auto found = std::ranges::find_if(content.names, [&](const std::string& name) {
    return name == wanted || (is_dist_info(name) && name.substr(name.find('/') + 1) == wanted);
  });
  if (found == content.names.end()) return std::nullopt;
  return content.read(static_cast<std::size_t>(found - content.names.begin()));
}

Text trouble_with_descriptions(const catalog::Recipe& recipe, const WheelContent& content) {
  const auto wheel = python::WheelMetadata::parse(text_of(content, "WHEEL").value_or(""));
  if (!wheel || !wheel->generator.starts_with("wheelfit ")) return text("wheelfit did not make it");
  const auto metadata = python::Metadata::parse(text_of(content, "METADATA").value_or(""));
  if (!metadata) return text("it has no metadata");
  if (python::normalized_name(metadata->name) != recipe.name || !recipe.is_fallback(metadata->version))
    return text("its metadata says {} {}", metadata->name, metadata->version);
  return {};
}

// The compiled modules that the package's real wheels hold.
std::vector<std::string> compiled_modules(const catalog::Recipe& recipe) {
  std::vector<std::string> modules = recipe.verification.imports;
  std::erase(modules, recipe.fallback->module);
  return modules;
}

Text trouble_with_python(const catalog::Recipe& recipe, const WheelContent& content) {
  const std::string folder = recipe.fallback->module + "/";
  const std::vector<std::string> compiled = compiled_modules(recipe);
  for (std::size_t i = 0; i < content.names.size(); ++i) {
    const std::string& name = content.names[i];
    if (name.ends_with('/') || is_dist_info(name)) continue;
    if (!name.starts_with(folder) || !name.ends_with(".py")) return text("{} does not belong to it", name);
    const std::string source = content.read(i);
    for (const std::string& module : compiled) {
      if (source.find(module) != std::string::npos)
        return text("{} wants {}, which it does not hold", name, module);
    }
  }
  const std::string first = folder + "__init__.py";
  if (text_of(content, first).value_or("").find(own_mark) == std::string::npos)
    return text("{} does not say so", first);
  return {};
}

}  // namespace

Text obstacle_to_stand_in(const catalog::Recipe& recipe, const WheelContent& content) {
  Text trouble = trouble_with_descriptions(recipe, content);
  return trouble.empty() ? trouble_with_python(recipe, content) : trouble;
}

}  // namespace wheelfit::commands
