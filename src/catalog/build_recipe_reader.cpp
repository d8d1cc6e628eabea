// SPDX-License-Identifier: Apache-2.0
#include "catalog/build_recipe_reader.hpp"

#include <algorithm>

namespace wheelfit::catalog {
namespace {

constexpr std::uint64_t mebibyte = 1U << 20U;

BuildVariable read_variable(DataTable& table) {
  BuildVariable row{table.specifiers("version"), table.required_text("name"), table.required_text("value"),
                    table.required_text("source")};
  table.expect_no_more();
  return row;
}

OfferedArchitectures read_architectures(DataTable& table) {
  OfferedArchitectures row{table.specifiers("version"), table.versions("capabilities"),
                           table.boolean("by_variable").value_or(false), table.required_text("source")};
  if (row.capabilities.empty()) table.fail("capabilities", "is missing");
  table.expect_no_more();
  return row;
}

NvccFloor read_nvcc_floor(DataTable& table) {
  NvccFloor row{table.specifiers("version"), table.required_version("at_least"),
                table.required_text("source")};
  table.expect_no_more();
  return row;
}

NeededFile read_file_row(DataTable& table) {
  NeededFile row{table.specifiers("version"), table.required_text("path"), table.required_text("without"),
                 table.required_text("source")};
  table.expect_no_more();
  return row;
}

UnitCost read_unit(DataTable& table) {
  UnitCost row;
  row.version = table.specifiers("version");
  row.files = table.required_text("files");
  row.seconds_once = table.required_integer("seconds_once");
  row.seconds_each = table.required_integer("seconds_each");
  row.peak_bytes = static_cast<std::uint64_t>(std::max(table.required_integer("mebibytes"), 0)) * mebibyte;
  row.object_bytes =
      static_cast<std::uint64_t>(std::max(table.required_integer("object_kibibytes"), 0)) * 1024;
  row.count = static_cast<std::size_t>(std::max(table.integer("count").value_or(0), 0));
  row.source = table.required_text("source");
  table.expect_no_more();
  return row;
}

BuildPart read_part(DataTable& table) {
  BuildPart row{table.specifiers("version"), table.required_text("name"), table.texts("units"),
                table.required_text("summary"), table.required_text("source")};
  // It becomes part of a version's local label.
  const bool plain = std::ranges::all_of(
      row.name, [](char each) { return (each >= 'a' && each <= 'z') || (each >= '0' && each <= '9'); });
  if (!plain) table.fail("name", "must be lower-case letters and digits");
  if (row.units.empty()) table.fail("units", "is missing");
  table.expect_no_more();
  return row;
}

StandIn read_stand_in(DataTable& table) {
  StandIn stand_in{table.texts("includes"), table.required_text("header")};
  table.expect_no_more();
  return stand_in;
}

template <typename Row>
const Row* first_for(const std::vector<Row>& rows, const python::Version& version) noexcept {
  const auto found = std::ranges::find_if(rows, [&](const Row& row) { return row.version.admits(version); });
  return found == rows.end() ? nullptr : &*found;
}

}  // namespace

const OfferedArchitectures* BuildRecipe::offered(const python::Version& of) const noexcept {
  return first_for(architectures, of);
}

const NvccFloor* BuildRecipe::nvcc_floor(const python::Version& of) const noexcept {
  return first_for(nvcc_floors, of);
}

BuildRecipe read_build_recipe(DataTable& table) {
  BuildRecipe build;
  build.version = table.specifiers("version");
  build.needs = table.texts("needs");
  build.modules = table.texts("modules");
  for (DataTable& row : table.tables("variable")) build.variables.push_back(read_variable(row));
  for (DataTable& row : table.tables("architectures")) build.architectures.push_back(read_architectures(row));
  for (DataTable& row : table.tables("nvcc")) build.nvcc_floors.push_back(read_nvcc_floor(row));
  for (DataTable& row : table.tables("file")) build.files.push_back(read_file_row(row));
  for (DataTable& row : table.tables("unit")) build.units.push_back(read_unit(row));
  for (DataTable& row : table.tables("part")) build.parts.push_back(read_part(row));
  if (auto stand_in = table.table("stand_in")) build.stand_in = read_stand_in(*stand_in);
  if (build.architectures.empty()) table.fail("architectures", "is missing");
  if (!build.parts.empty() && !build.stand_in) table.fail("stand_in", "is missing");
  table.expect_no_more();
  return build;
}

}  // namespace wheelfit::catalog
