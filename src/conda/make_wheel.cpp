// SPDX-License-Identifier: Apache-2.0
#include "conda/make_wheel.hpp"

#include "base/error.hpp"
#include "base/version.hpp"
#include "conda/relocate.hpp"
#include "conda/unpacked_package.hpp"
#include "conda/wheel_parts.hpp"
#include "python/package_name.hpp"
#include "python/record.hpp"
#include "system/files.hpp"
#include "system/sha256.hpp"
#include "system/temp_directory.hpp"
#include "system/zip_writer.hpp"

namespace wheelfit::conda {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t largest_relocated = 4ULL << 30U;

// In place: the unpacked files are ours.
void relocate_all(const UnpackedPackage& package, const fs::path& prefix) {
  for (const PackagePath& path : package.paths) {
    if (path.placeholder.empty() || path.symlink) continue;
    const fs::path file = package.folder / path.path;
    auto moved =
        relocate(system::read_file(file, largest_relocated), path.placeholder, prefix.string(), path.mode);
    if (!moved) {
      throw Error(ErrorKind::refused,
                  text("{} in {} has room for a path of {} bytes, and {} is longer", path.path,
                       package.file_name, path.placeholder.size(), prefix.string()),
                  {text("use an environment with a shorter path")})
          .with_code("conda-prefix");
    }
    // By a rename: a hard link that shares the bytes is moved by itself.
    system::write_file_atomically(file, *moved, system::Durability::ordinary);
  }
}

void add(const std::vector<WheelParts::Member>& from, const std::string& folder,
         std::vector<system::StoredMember>& members) {
  for (const WheelParts::Member& member : from) members.push_back({folder + member.name, {}, member.file});
}

std::string wheel_file(const std::string& tag, const PackageIndex& index) {
  return std::string("Wheel-Version: 1.0\nGenerator: wheelfit ") + program_version + " (from conda's " +
         index.full_name() + ")\nRoot-Is-Purelib: " + (tag.ends_with("-any") ? "true" : "false") +
         "\nTag: " + tag + "\n";
}

void add_record(const std::string& dist_info, std::vector<system::StoredMember>& members) {
  python::Record record;
  for (const system::StoredMember& member : members) {
    const bool held = member.file.empty();
    const auto hash = held ? system::sha256_of(member.content) : system::sha256_of_file(member.file);
    const std::uint64_t size = held ? member.content.size() : fs::file_size(member.file);
    record.push_back({member.name, "sha256", system::to_urlsafe_base64(hash), size});
  }
  const std::string name = dist_info + "/RECORD";
  record.push_back({name, "", "", std::nullopt});
  members.push_back({name, python::write_record(std::move(record)), {}});
}

}  // namespace

std::filesystem::path make_wheel(const WheelRequest& request) {
  return with_context(text("making a wheel of {}", request.file_name), [&] {
    const system::TempDirectory work(request.folder, ".conda-");
    const UnpackedPackage package = unpack_package(request.package, request.file_name, work.path() / "files");
    WheelParts parts = sort_parts(package);
    relocate_all(package, request.prefix);
    std::vector<std::string> requirements;
    if (request.requirements) requirements = request.requirements(package.index.name, package.index.version);
    Description description = describe(package, parts, requirements);
    const std::string tag = tag_of(package.index, parts);
    const std::string data =
        description.folder.substr(0, description.folder.size() - std::string(".dist-info").size()) + ".data/";
    std::vector<system::StoredMember> members;
    add(parts.site, "", members);
    add(parts.scripts, data + "scripts/", members);
    add(parts.data, data + "data/", members);
    for (system::StoredMember& file : description.files) members.push_back(std::move(file));
    members.push_back({description.folder + "/WHEEL", wheel_file(tag, package.index), {}});
    add_record(description.folder, members);
    const fs::path wheel = request.folder / (python::file_name_form(description.name) + "-" +
                                             description.version + "-" + tag + ".whl");
    system::write_zip(wheel, members);
    return wheel;
  });
}

}  // namespace wheelfit::conda
