// SPDX-License-Identifier: Apache-2.0
#include "conda/unpacked_package.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "system/archive.hpp"
#include "system/files.hpp"
#include "system/sha256.hpp"
#include "system/zip.hpp"

namespace wheelfit::conda {
namespace {

namespace fs = std::filesystem;

// No package of Python modules is near these.
constexpr system::ArchiveLimits limits{16ULL << 30U, 200'000};
constexpr int known_format = 2;

[[noreturn]] void refuse(const std::string& file_name, std::string_view why) {
  throw Error(ErrorKind::refused, text("{} is no conda package: {}", file_name, why))
      .with_code("conda-package");
}

template <typename T>
T parsed_or_refused(tl::expected<T, ParseError> parsed, const std::string& file_name) {
  if (!parsed) refuse(file_name, parsed.error().message);
  return std::move(*parsed);
}

void check_format(system::ZipReader& zip, const std::string& file_name) {
  const auto at = zip.find("metadata.json");
  if (!at) return;
  const auto document = nlohmann::json::parse(zip.read(*at, 1U << 16U), nullptr, false);
  const auto format = document.is_object() ? document.find("conda_pkg_format_version") : document.end();
  if (document.is_object() && format != document.end() && *format != known_format)
    refuse(file_name, "it is of a format that is not known here");
}

// A member of the outer archive, as a file beside the folder.
void unpack_member(system::ZipReader& zip, std::size_t index, const fs::path& folder) {
  const fs::path inner = folder.parent_path() / fs::path(zip.entries()[index].name).filename();
  system::OutputFile out(inner, system::OutputFile::Mode::create_new);
  zip.extract(index, [&out](std::span<const std::byte> bytes) { out.write(bytes); });
  out.close();
  system::unpack_archive(inner, folder, limits);
  system::remove_quietly(inner);
}

void unpack_conda(const fs::path& file, const std::string& file_name, const fs::path& folder) {
  system::ZipReader zip(file);
  check_format(zip, file_name);
  int parts = 0;
  for (std::size_t index = 0; index < zip.entries().size(); ++index) {
    const std::string& name = zip.entries()[index].name;
    const bool is_part = name.ends_with(".tar.zst") && name.find('/') == std::string::npos &&
                         (name.starts_with("info-") || name.starts_with("pkg-"));
    if (is_part && ++parts <= 2) unpack_member(zip, index, folder);
  }
  if (parts != 2) refuse(file_name, "it does not hold one info-*.tar.zst and one pkg-*.tar.zst");
}

std::string read_info(const UnpackedPackage& package, const char* name) {
  const fs::path file = package.folder / "info" / name;
  // A link could lead to any file in the package, and so to none that is about the package.
  if (!fs::is_regular_file(fs::symlink_status(file))) return {};
  return system::read_file_if_any(file, 64U << 20U).value_or("");
}

void read_paths(UnpackedPackage& package) {
  const std::string paths = read_info(package, "paths.json");
  package.paths =
      paths.empty()
          ? parsed_or_refused(parse_old_paths(read_info(package, "files"), read_info(package, "has_prefix")),
                              package.file_name)
          : parsed_or_refused(parse_paths(paths), package.file_name);
}

void check_path(const UnpackedPackage& package, const PackagePath& path) {
  const fs::path file = package.folder / path.path;
  const fs::path given(path.path);
  const bool climbs = std::ranges::find(given, fs::path("..")) != given.end();
  const bool inside = !climbs && !given.is_absolute();
  if (!inside || !fs::exists(file) || fs::is_directory(file))
    refuse(package.file_name, "it lacks " + path.path + ", which it lists");
  if (path.symlink || !path.sha256) return;
  if (system::to_hex(system::sha256_of_file(file)) != *path.sha256) {
    throw Error(ErrorKind::refused,
                text("{} in {} has another sha256 than the package states", path.path, package.file_name))
        .with_code("record-mismatch");
  }
}

std::string stem_of(const std::string& file_name) {
  for (const std::string_view ending : {".conda", ".tar.bz2"})
    if (file_name.ends_with(ending)) return file_name.substr(0, file_name.size() - ending.size());
  return file_name;
}

}  // namespace

std::optional<PackageName> parse_package_name(std::string_view file_name) {
  const std::string stem = stem_of(std::string(file_name));
  const std::size_t build = stem.rfind('-');
  if (build == std::string::npos || build == 0 || stem.size() == file_name.size()) return std::nullopt;
  const std::size_t version = stem.rfind('-', build - 1);
  if (version == std::string::npos || version == 0) return std::nullopt;
  return PackageName{stem.substr(0, version), stem.substr(version + 1, build - version - 1),
                     stem.substr(build + 1)};
}

bool is_package_name(std::string_view file_name) noexcept {
  return file_name.ends_with(".conda") || file_name.ends_with(".tar.bz2");
}

UnpackedPackage unpack_package(const fs::path& file, const std::string& file_name, const fs::path& folder) {
  UnpackedPackage package;
  package.file_name = file_name;
  package.folder = folder;
  if (file_name.ends_with(".conda"))
    unpack_conda(file, file_name, folder);
  else
    system::unpack_archive(file, folder, limits);
  const std::string index = read_info(package, "index.json");
  if (index.empty()) refuse(file_name, "it holds no info/index.json");
  package.index = parsed_or_refused(parse_package_index(index), file_name);
  if (stem_of(file_name) != package.index.full_name()) {
    throw Error(ErrorKind::refused, text("{} is called {} inside", file_name, package.index.full_name()))
        .with_code("name-mismatch");
  }
  read_paths(package);
  for (const PackagePath& path : package.paths) check_path(package, path);
  package.entry_points = parse_link_entry_points(read_info(package, "link.json"));
  return package;
}

}  // namespace wheelfit::conda
