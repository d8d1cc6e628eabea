// SPDX-License-Identifier: Apache-2.0
#include "build/units.hpp"

#include <algorithm>
#include <functional>
#include <sstream>

#include <fnmatch.h>

#include "base/error.hpp"
#include "build/compiler_arguments.hpp"
#include "build/forecast.hpp"

namespace wheelfit::build {
namespace {

namespace fs = std::filesystem;

// Rules of torch's builder.
constexpr std::string_view cuda_rule = "cuda_compile";
constexpr std::string_view host_rule = "compile";

const catalog::BuildPart* part_named(const UnitsAsk& ask, const std::string& name) {
  for (const catalog::BuildPart& part : ask.recipe.parts)
    if (part.name == name && part.version.admits(ask.version)) return &part;
  return nullptr;
}

bool is_left_out(const UnitsAsk& ask, const std::string& name) {
  return std::ranges::any_of(ask.without, [&](const std::string& wanted) {
    const catalog::BuildPart* part = part_named(ask, wanted);
    return part != nullptr && std::ranges::any_of(part->units, [&](const std::string& pattern) {
             return fnmatch(pattern.c_str(), name.c_str(), 0) == 0;
           });
  });
}

// The file's own text without the includes that the stand-in replaces.
std::string body_of(const std::string& source, const catalog::StandIn& stand_in) {
  std::istringstream lines(source);
  std::string body;
  for (std::string line; std::getline(lines, line);) {
    const bool replaced = std::ranges::any_of(stand_in.includes, [&](const std::string& include) {
      return line.starts_with("#include") && line.find(include) != std::string::npos;
    });
    if (!replaced) body += line + "\n";
  }
  return body;
}

Unit unit_of(const BuildStatement& statement, const fs::path& source, std::string_view rule,
             const NinjaFile& file) {
  Unit unit;
  unit.source = source;
  unit.name = source.filename().string();
  unit.object = statement.outputs.front();
  unit.command = file.command(rule, source.string(), unit.new_object().string());
  return unit;
}

// One file that holds all that was left out, compiled for the first of them; the others' objects are empty.
void add_stand_ins(Units& units, const std::vector<BuildStatement>& left_out, const NinjaFile& file,
                   const UnitsAsk& ask, const std::string& stand_in,
                   const std::function<std::string(const fs::path&)>& source_text) {
  if (left_out.empty()) return;
  const fs::path all = ask.made / "left_out.cpp";
  const fs::path empty = ask.made / "empty.cpp";
  const fs::path tree = fs::path(left_out.front().inputs.front()).parent_path();
  std::string text = stand_in;
  for (const BuildStatement& statement : left_out)
    text += body_of(source_text(statement.inputs.front()), *ask.recipe.stand_in);
  units.generated = {{all, std::move(text)}, {empty, "// nothing\n"}};
  for (const BuildStatement& statement : left_out) {
    Unit unit = unit_of(statement, &statement == &left_out.front() ? all : empty, host_rule, file);
    unit.command += " -I" + tree.string();
    unit.load = &statement == &left_out.front() ? load_of(ask.recipe, ask.version, unit.name, 0)
                                                : Load{0.1, std::uint64_t{64} << 20U, 4096, true};
    unit.load.first = true;
    units.units.push_back(std::move(unit));
  }
}

}  // namespace

std::optional<std::string> unknown_part(const catalog::BuildRecipe& recipe, const python::Version& version,
                                        const std::vector<std::string>& without) {
  const UnitsAsk ask{recipe, version, {}, without, {}, 1};
  const auto unknown = std::ranges::find_if(
      without, [&](const std::string& name) { return part_named(ask, name) == nullptr; });
  return unknown == without.end() ? std::nullopt : std::optional(*unknown);
}

std::vector<Load> loads_known(const catalog::BuildRecipe& recipe, const python::Version& version,
                              const std::vector<std::string>& without, std::size_t architectures) {
  const UnitsAsk ask{recipe, version, {}, without, {}, 1};
  std::vector<Load> loads;
  for (const catalog::UnitCost& row : recipe.units) {
    if (!row.version.admits(version) || is_left_out(ask, row.files)) continue;
    loads.insert(loads.end(), row.count, load_of(recipe, version, row.files, architectures));
  }
  return loads;
}

Units units_of(const NinjaFile& file, const UnitsAsk& ask, const std::string& stand_in,
               const std::function<std::string(const fs::path&)>& source_text) {
  Units units;
  std::vector<BuildStatement> left_out;
  const std::size_t count = file.statements().size();
  units.threads = threads_for(count, ask.capabilities.size(), ask.cores);
  for (const BuildStatement& statement : file.statements()) {
    if (statement.inputs.size() != 1 || (statement.rule != cuda_rule && statement.rule != host_rule)) {
      throw Error(ErrorKind::machine,
                  text("torch's builder wants the step {}, which wheelfit does not know", statement.rule));
    }
    Unit unit = unit_of(statement, statement.inputs.front(), statement.rule, file);
    if (is_left_out(ask, unit.name)) {
      units.left_out.push_back(unit.name);
      left_out.push_back(statement);
      continue;
    }
    const bool cuda = statement.rule == cuda_rule;
    if (cuda) unit.command = limited_to(unit.command, ask.capabilities, units.threads);
    unit.load = load_of(ask.recipe, ask.version, unit.name, cuda ? ask.capabilities.size() : 0);
    if (cuda) unit.load.peak_bytes *= units.threads;
    unit.load.first = !cuda;  // torch's headers are in the C++ files
    units.units.push_back(std::move(unit));
  }
  add_stand_ins(units, left_out, file, ask, stand_in, source_text);
  return units;
}

}  // namespace wheelfit::build
