// SPDX-License-Identifier: Apache-2.0
#include "catalog/knowledge.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <set>

#include "base/embedded_data.hpp"
#include "base/error.hpp"
#include "catalog/data_table.hpp"
#include "catalog/recipe_reader.hpp"
#include "python/package_name.hpp"

namespace wheelfit::catalog {
namespace {

namespace fs = std::filesystem;

std::optional<std::string_view> embedded_text(std::string_view path) noexcept {
  for (const EmbeddedFile& file : embedded_files()) {
    if (file.path == path) return file.text;
  }
  return std::nullopt;
}

std::string read_file(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::string content{std::istreambuf_iterator<char>(file), {}};
  if (!file) throw Error(ErrorKind::usage, text("{} cannot be read", path.string()));
  return content;
}

bool is_recipe(std::string_view path) noexcept {
  return path.starts_with("packages/") && path.ends_with(".toml");
}

// The paths of all recipes, those of the override folder among them.
std::set<std::string> recipe_paths(const std::optional<fs::path>& folder) {
  std::set<std::string> paths;
  for (const EmbeddedFile& file : embedded_files()) {
    if (is_recipe(file.path)) paths.emplace(file.path);
  }
  if (!folder) return paths;
  std::error_code none;
  for (const fs::directory_entry& entry : fs::directory_iterator(*folder / "packages", none)) {
    const std::string path = "packages/" + entry.path().filename().string();
    if (is_recipe(path)) paths.insert(path);
  }
  return paths;
}

DriverRow read_driver(DataTable& table) {
  DriverRow row{table.required_integer("cuda_major"), table.required_version("driver"),
                table.required_text("source")};
  table.expect_no_more();
  return row;
}

TorchAbiRow read_torch_abi(DataTable& table) {
  TorchAbiRow row;
  row.torch = table.specifiers("torch");
  row.cuda = table.texts("cuda");
  row.machine = table.text("machine").value_or("");
  const auto abi = table.boolean("cxx11_abi");
  if (!abi) table.fail("cxx11_abi", "is missing");
  row.cxx11_abi = *abi;
  row.source = table.required_text("source");
  table.expect_no_more();
  return row;
}

TorchBuildRow read_torch_build(DataTable& table) {
  TorchBuildRow row{table.required_version("torch"), table.texts("cuda"), table.texts("python"),
                    table.required_text("source")};
  table.expect_no_more();
  return row;
}

}  // namespace

const Recipe* Knowledge::find(std::string_view package) const noexcept {
  const auto found = std::find_if(recipes.begin(), recipes.end(),
                                  [package](const Recipe& recipe) { return recipe.name == package; });
  return found == recipes.end() ? nullptr : &*found;
}

std::string Knowledge::file(std::string_view path) const {
  if (folder && fs::is_regular_file(*folder / path)) return read_file(*folder / path);
  if (const auto embedded = embedded_text(path)) return std::string(*embedded);
  throw Error(ErrorKind::internal, text("there is no data file {}", path));
}

std::vector<std::string> Knowledge::files_below(std::string_view place) const {
  const std::string prefix = std::string(place) + "/";
  std::set<std::string> paths;
  for (const EmbeddedFile& file : embedded_files()) {
    if (file.path.starts_with(prefix)) paths.emplace(file.path);
  }
  std::error_code none;
  if (folder && fs::is_directory(*folder / place, none)) {
    for (const fs::directory_entry& entry : fs::recursive_directory_iterator(*folder / place)) {
      if (entry.is_regular_file() && entry.path().extension() == ".py")
        paths.insert(entry.path().lexically_relative(*folder).generic_string());
    }
  }
  return {paths.begin(), paths.end()};
}

Knowledge load_knowledge(const std::optional<fs::path>& folder) {
  if (folder && !fs::is_directory(*folder)) {
    throw Error(ErrorKind::usage, text("{} is not a folder of data files", folder->string()));
  }
  Knowledge knowledge;
  knowledge.folder = folder;
  for (const std::string& path : recipe_paths(folder)) {
    std::string toml = knowledge.file(path);
    Recipe recipe = read_recipe(toml, path);
    recipe.toml = std::move(toml);
    for (SourceDescription& source : recipe.sources) {
      if (!source.rows.empty()) source.rows_text = knowledge.file(source.rows);
    }
    knowledge.recipes.push_back(std::move(recipe));
  }
  DataTable cuda = DataTable::parse(knowledge.file("cuda.toml"), "cuda.toml");
  for (DataTable& row : cuda.tables("driver")) knowledge.drivers.push_back(read_driver(row));
  cuda.expect_no_more();
  DataTable torch = DataTable::parse(knowledge.file("torch.toml"), "torch.toml");
  for (DataTable& row : torch.tables("abi")) knowledge.torch_abis.push_back(read_torch_abi(row));
  for (DataTable& row : torch.tables("build")) knowledge.torch_builds.push_back(read_torch_build(row));
  torch.expect_no_more();
  return knowledge;
}

}  // namespace wheelfit::catalog
