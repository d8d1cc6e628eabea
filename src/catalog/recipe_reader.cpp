// SPDX-License-Identifier: Apache-2.0
#include "catalog/recipe_reader.hpp"

#include <array>

#include <algorithm>
#include "catalog/build_recipe_reader.hpp"
#include "catalog/data_table.hpp"

#include "python/package_name.hpp"
#include "python/requirement.hpp"

namespace wheelfit::catalog {
namespace {

SourceDescription read_source(DataTable& table) {
  constexpr std::array<std::pair<std::string_view, SourceKind>, 5> kinds{
      {{"github-releases", SourceKind::github_releases},
       {"simple-index", SourceKind::simple_index},
       {"find-links", SourceKind::find_links},
       {"directory", SourceKind::directory},
       {"conda-channel", SourceKind::conda_channel}}};
  SourceDescription source;
  source.id = table.required_text("id");
  const std::string kind = table.required_text("kind");
  bool known = false;
  for (const auto& [word, value] : kinds) {
    if (word == kind) source.kind = value, known = true;
  }
  if (!known)
    table.fail("kind", "must be github-releases, simple-index, find-links, directory or conda-channel");
  source.repository = table.text("repository").value_or("");
  source.package = table.text("package").value_or("");
  source.address = table.text("address").value_or("");
  const auto trust = parse_trust(table.required_text("trust"));
  if (!trust) table.fail("trust", "must be official, index or community");
  source.trust = *trust;
  source.rows = table.text("rows").value_or("");
  source.rows_as_of = table.text("rows_as_of").value_or("");
  if (source.kind == SourceKind::github_releases && source.repository.empty())
    table.fail("repository", "is missing");
  if (source.kind == SourceKind::conda_channel && (source.package.empty() || source.address.empty()))
    table.fail(source.package.empty() ? "package" : "address", "is missing");
  if (!source.rows.empty() && source.rows_as_of.empty()) table.fail("rows_as_of", "is missing");
  table.expect_no_more();
  return source;
}

KnownRow::When read_when(DataTable& table) {
  KnownRow::When when;
  when.source_id = table.text("source").value_or("");
  when.release = table.text("release").value_or("");
  when.version = table.specifiers("version");
  when.torch = table.specifiers("torch");
  when.cuda = table.specifiers("cuda");
  when.cxx11_abi_label = table.boolean("cxx11_abi_label");
  when.python_tags = table.texts("python");
  when.platform = table.text("platform").value_or("");
  table.expect_no_more();
  return when;
}

template <typename T>
std::optional<Sourced<T>> sourced(std::optional<T> value, const std::string& source) {
  if (!value) return std::nullopt;
  return Sourced<T>{std::move(*value), source};
}

std::optional<CudaTag> read_cuda(DataTable& table) {
  const auto version = table.version("cuda");
  if (!version) return std::nullopt;
  CudaTag tag{static_cast<int>(version->major()), std::nullopt};
  if (version->release().size() > 1) tag.minor = static_cast<int>(version->minor());
  return tag;
}

KnownRow read_known(DataTable& table) {
  KnownRow row;
  auto when = table.table("when");
  if (!when) table.fail("when", "is missing");
  row.when = read_when(*when);
  const std::string source = table.required_text("source");
  WheelKnowledge& says = row.says;
  says.glibc = sourced(table.version("glibc"), source);
  says.glibc_certain = table.boolean("glibc_certain").value_or(false);
  says.cxx11_abi = sourced(table.boolean("cxx11_abi"), source);
  says.cuda = sourced(read_cuda(table), source);
  if (table.has("sass")) says.sass = Sourced<std::vector<std::string>>{table.texts("sass"), source};
  says.ptx = table.texts("ptx");
  if (table.has("torch_pin"))
    says.torch_pin = Sourced<python::SpecifierSet>{table.specifiers("torch_pin"), source};
  says.nightly = sourced(table.text("nightly"), source);
  says.bad = sourced(table.text("bad"), source);
  if (auto remark = table.text("remark")) says.remarks.push_back({std::move(*remark), source});
  table.expect_no_more();
  return row;
}

GuessRow read_guess(DataTable& table) {
  GuessRow row;
  row.version = table.specifiers("version");
  row.torch = table.specifiers("torch");
  row.cuda_major = table.integer("cuda_major");
  row.cuda_tag = table.required_text("cuda_tag");
  row.platform = table.text("platform").value_or("");
  row.source = table.required_text("source");
  table.expect_no_more();
  return row;
}

GpuFloorRow read_gpu_floor(DataTable& table) {
  GpuFloorRow row;
  row.version = table.specifiers("version");
  const python::Version capability = table.required_version("capability");
  row.major = static_cast<int>(capability.major());
  row.minor = static_cast<int>(capability.minor());
  row.source = table.required_text("source");
  table.expect_no_more();
  return row;
}

RequiresRow read_requires(DataTable& table) {
  RequiresRow row{table.specifiers("version"), table.texts("requires"), table.required_text("source")};
  for (const std::string& requirement : row.requirements)
    if (!python::Requirement::parse(requirement)) table.fail("requires", "holds what is no requirement");
  table.expect_no_more();
  return row;
}

Fallback read_fallback(DataTable& table) {
  Fallback fallback;
  fallback.kind = table.required_text("kind");
  fallback.folder = table.required_text("folder");
  fallback.version_file = table.required_text("version_file");
  fallback.module = table.required_text("module");
  fallback.torch = table.specifiers("torch");
  fallback.python = table.specifiers("python");
  fallback.summary = table.required_text("summary");
  for (DataTable& row : table.tables("release")) {
    row.required_text("source");
    for (python::Version& release : row.versions("versions")) fallback.releases.push_back(std::move(release));
    row.expect_no_more();
  }
  if (fallback.releases.empty()) table.fail("release", "is missing");
  std::ranges::sort(fallback.releases);
  table.expect_no_more();
  return fallback;
}

Verification read_verification(DataTable& table) {
  Verification verification;
  verification.imports = table.texts("imports");
  verification.distribution_module = table.text("module").value_or("");
  verification.kind = table.text("kind").value_or("");
  verification.forward_only = table.boolean("forward_only").value_or(false);
  table.expect_no_more();
  return verification;
}

}  // namespace

const RequiresRow* Recipe::requires_of(const python::Version& upstream_version) const noexcept {
  const auto found = std::find_if(requires_rows.begin(), requires_rows.end(), [&](const RequiresRow& row) {
    return row.version.admits(upstream_version);
  });
  return found == requires_rows.end() ? nullptr : &*found;
}

const python::Version* Fallback::release_for(const python::SpecifierSet& wish) const {
  const auto wished = [&](const python::Version& release) {
    if (wish.admits_by_default(release)) return true;
    const auto labelled = python::Version::parse(version_text(release));
    return labelled && wish.admits_by_default(*labelled);
  };
  const auto found = std::find_if(releases.rbegin(), releases.rend(), wished);
  return found == releases.rend() ? nullptr : &*found;
}

bool Recipe::is_fallback(std::string_view installed_version) const {
  if (!fallback) return false;
  const auto version = python::Version::parse(installed_version);
  return version && version->local() == fallback->kind;
}

Recipe read_recipe(std::string_view text, const std::string& file) {
  DataTable table = DataTable::parse(text, file);
  Recipe recipe;
  recipe.name = table.required_text("name");
  if (python::normalized_name(recipe.name) != recipe.name) table.fail("name", "must be normalized");
  recipe.summary = table.text("summary").value_or("");
  recipe.relative_of = table.text("relative_of").value_or("");
  recipe.is_default = table.boolean("default").value_or(false);
  recipe.needs_torch = table.boolean("needs_torch").value_or(true);
  recipe.guess_url = table.text("guess_url").value_or("");
  recipe.sdists = table.versions("sdists");
  for (DataTable& row : table.tables("source")) recipe.sources.push_back(read_source(row));
  for (DataTable& row : table.tables("known")) recipe.known.push_back(read_known(row));
  for (DataTable& row : table.tables("upstream_guess")) recipe.guesses.push_back(read_guess(row));
  for (DataTable& row : table.tables("gpu_floor")) recipe.gpu_floors.push_back(read_gpu_floor(row));
  for (DataTable& row : table.tables("requires")) recipe.requires_rows.push_back(read_requires(row));
  if (auto verification = table.table("verify")) recipe.verification = read_verification(*verification);
  if (auto fallback = table.table("fallback")) recipe.fallback = read_fallback(*fallback);
  if (auto build = table.table("build")) recipe.build = read_build_recipe(*build);
  table.expect_no_more();
  return recipe;
}

}  // namespace wheelfit::catalog
