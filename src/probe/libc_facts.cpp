// SPDX-License-Identifier: Apache-2.0
#include "probe/libc_facts.hpp"

#include <algorithm>
#include <array>

#include "binary/elf.hpp"
#include "probe/text_scan.hpp"
#include "probe/variable_list.hpp"
#include "probe/witnesses.hpp"

namespace wheelfit::probe {
namespace {

std::string_view text_of(const system::MappedFile& file) { return binary::Bytes(file.bytes()).text(); }

std::string loader_of(const PythonLayout& layout) {
  if (!layout.real_executable) return {};
  const auto file = map_file(*layout.real_executable);
  const auto image = file ? binary::ElfImage::parse(file->bytes())
                          : tl::expected<binary::ElfImage, ParseError>(tl::unexpect, ParseError{});
  return image ? std::string(image->interpreter()) : std::string();
}

// Where the loader looks for libraries of the machine, the multiarch directories of Debian included.
std::vector<std::filesystem::path> machine_library_directories(std::string_view loader,
                                                               const RootedFiles& files) {
  std::vector<std::filesystem::path> directories;
  const auto add = [&](const std::filesystem::path& path) { directories.push_back(files.environment(path)); };
  // ld-linux-x86-64.so.2 -> x86_64-linux-gnu
  for (const auto& [mark, triplet] : std::array<std::pair<std::string_view, std::string_view>, 2>{
           {{"x86-64", "x86_64-linux-gnu"}, {"aarch64", "aarch64-linux-gnu"}}}) {
    if (loader.find(mark) == std::string_view::npos) continue;
    add(std::filesystem::path("/lib") / triplet);
    add(std::filesystem::path("/usr/lib") / triplet);
  }
  for (const char* path : {"/lib64", "/usr/lib64", "/lib", "/usr/lib"}) add(path);
  // A loader from somewhere else (Nix, a relocated tree) has its library beside itself.
  if (const auto real = files.followed(files.environment(std::filesystem::path(loader)))) {
    directories.insert(directories.begin(), real->parent_path());
  }
  return directories;
}

std::optional<std::filesystem::path> first_with(const std::vector<std::filesystem::path>& directories,
                                                const char* library) {
  for (const std::filesystem::path& directory : directories) {
    if (file_exists(directory / library)) return directory / library;
  }
  return std::nullopt;
}

Fact<python::Version> glibc_version(const std::filesystem::path& library) {
  Fact<python::Version> version;
  const auto file = map_file(library);
  if (!file) return version;
  if (const auto newest = newest_version_definition(file->bytes(), "GLIBC_")) {
    version = {*newest, library.string()};
  }
  // A release that adds no function to its newest version set still says its number here.
  const auto banner = glibc_banner_version(text_of(*file));
  if (banner && (!version.known() || *version < *banner)) version = {*banner, library.string()};
  return version;
}

Fact<python::Version> glibcxx_version(std::vector<std::filesystem::path> directories) {
  const auto library = first_with(directories, "libstdc++.so.6");
  const auto file = library ? map_file(*library) : std::nullopt;
  const auto newest = file ? newest_version_definition(file->bytes(), "GLIBCXX_") : std::nullopt;
  return newest ? Fact<python::Version>(*newest, library->string()) : Fact<python::Version>();
}

}  // namespace

std::optional<python::Version> newest_version_definition(std::span<const std::byte> library,
                                                         std::string_view prefix) {
  const auto image = binary::ElfImage::parse(library);
  if (!image) return std::nullopt;
  std::optional<python::Version> newest;
  for (const binary::VersionDefinition& definition : image->version_definitions()) {
    const std::string_view name = definition.name;
    if (!name.starts_with(prefix) || name.size() == prefix.size() || !is_digit(name[prefix.size()])) continue;
    const auto version = leading_version(name.substr(prefix.size()));
    if (version && (!newest || *newest < *version)) newest = version;
  }
  return newest;
}

std::optional<python::Version> glibc_banner_version(std::string_view libc) {
  constexpr std::string_view words = " release version ";
  const std::size_t product = libc.find("GNU C Library");
  if (product == std::string_view::npos) return std::nullopt;
  const std::string_view banner = libc.substr(product, 200);
  const std::size_t at = banner.find(words);
  return at == std::string_view::npos ? std::nullopt : leading_version(banner.substr(at + words.size()));
}

std::optional<python::Version> musl_version(std::string_view loader) {
  const std::string wanted = std::string(1, '\0') + "1.";
  for (std::size_t at = loader.find(wanted); at != std::string_view::npos; at = loader.find(wanted, at + 1)) {
    const std::string_view text = loader.substr(at + 1, loader.find('\0', at + 1) - at - 1);
    const auto version = text.size() <= 24 ? leading_version(text) : std::nullopt;
    // Development snapshots say "1.2.4-git-12-gabcdef".
    const std::size_t end = text.find_first_not_of("0123456789.");
    if (version && version->release().size() == 3 && (end == std::string_view::npos || text[end] == '-'))
      return version;
  }
  return std::nullopt;
}

LibC find_libc(const PythonLayout& layout, const system::EnvironmentVariables& variables,
               const RootedFiles& files) {
  LibC libc;
  const std::string loader = loader_of(layout);
  if (loader.empty()) return libc;
  const std::filesystem::path loader_path = files.environment(loader);
  std::vector<std::filesystem::path> directories = machine_library_directories(loader, files);
  if (loader_path.filename().string().starts_with("ld-musl-")) {
    const auto file = map_file(loader_path);
    if (const auto version = file ? musl_version(text_of(*file)) : std::nullopt) {
      libc.musl = {*version, loader_path.string()};
    }
  } else if (const auto library = first_with(directories, "libc.so.6")) {
    libc.glibc = glibc_version(*library);
  }
  // A conda environment brings its own libstdc++, which its interpreter's RPATH finds first.
  if (layout.base_prefix) directories.insert(directories.begin(), *layout.base_prefix / "lib");
  std::vector<std::filesystem::path> by_variable;
  for (const std::string& path : variable_list(variables, "LD_LIBRARY_PATH")) {
    by_variable.push_back(files.environment(std::filesystem::path(path)));
  }
  directories.insert(directories.begin(), by_variable.begin(), by_variable.end());
  libc.glibcxx = glibcxx_version(std::move(directories));
  return libc;
}

}  // namespace wheelfit::probe
