// SPDX-License-Identifier: Apache-2.0
#include "conda/wheel_parts.hpp"

#include <algorithm>
#include <array>
#include <set>

#include "base/error.hpp"
#include "conda/layout.hpp"
#include "python/entry_points.hpp"
#include "python/metadata.hpp"
#include "python/package_name.hpp"
#include "python/version.hpp"
#include "system/files.hpp"

namespace wheelfit::conda {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void refuse(const UnpackedPackage& package, Text sentence, const char* code) {
  throw Error(ErrorKind::refused, std::move(sentence),
              {text("install it with conda, mamba, micromamba or pixi into an environment of theirs: {}",
                    package.file_name)})
      .with_code(code);
}

bool is_compiled(std::string_view name) {
  return name.ends_with(".so") || name.find(".so.") != std::string_view::npos;
}

// What an installer writes for itself.
bool is_of_an_installer(std::string_view file) {
  constexpr std::array<std::string_view, 6> names{"RECORD",          "INSTALLER", "REQUESTED",
                                                  "direct_url.json", "WHEEL",     "RECORD.jws"};
  return std::ranges::find(names, file) != names.end();
}

std::string top_of(const std::string& name) { return name.substr(0, name.find('/')); }

// The folders (and files) at the top that describe a distribution.
std::vector<std::string> described_in(const WheelParts& parts, std::string_view ending) {
  std::set<std::string> tops;
  for (const WheelParts::Member& member : parts.site)
    if (std::string top = top_of(member.name); top.ends_with(ending)) tops.insert(std::move(top));
  return {tops.begin(), tops.end()};
}

std::string metadata_in(const UnpackedPackage& package, const WheelParts& parts, const std::string& top) {
  for (const WheelParts::Member& member : parts.site) {
    const bool is_it =
        member.name == top || member.name == top + "/METADATA" || member.name == top + "/PKG-INFO";
    if (is_it) return system::read_file(member.file, 16U << 20U);
  }
  refuse(package, text("{} is no conda package: {}", package.file_name, top + " has no METADATA"),
         "conda-package");
}

std::string made_metadata(const UnpackedPackage& package, const std::vector<std::string>& requirements) {
  const PackageIndex& index = package.index;
  if (!python::Version::parse(index.version) || !python::is_valid_name(index.name)) {
    refuse(package,
           text("{} brings no METADATA, and its name or version is none that Python packages have",
                package.file_name),
           "conda-package");
  }
  std::string content = "Metadata-Version: 2.1\nName: " + index.name + "\nVersion: " + index.version + "\n";
  for (const std::string& requirement : requirements) content += "Requires-Dist: " + requirement + "\n";
  return content;
}

// The installer makes the scripts of entry points by itself.
void drop_made_scripts(const std::string& entry_points, WheelParts& parts) {
  const auto parsed = python::parse_entry_points(entry_points);
  if (!parsed) return;
  std::erase_if(parts.scripts, [&parsed](const WheelParts::Member& script) {
    return std::ranges::any_of(*parsed, [&script](const python::EntryPoint& each) {
      return (each.group == "console_scripts" || each.group == "gui_scripts") && each.name == script.name;
    });
  });
}

std::string linked_entry_points(const UnpackedPackage& package) {
  if (package.entry_points.empty()) return {};
  std::string content = "[console_scripts]\n";
  for (const std::string& row : package.entry_points) content += row + "\n";
  return content;
}

// Moves the files of `top` out of the site part, as far as a wheel has them.
void take_folder(const std::string& top, const std::string& metadata_name, Description& description,
                 WheelParts& parts) {
  for (const WheelParts::Member& member : parts.site) {
    if (top_of(member.name) != top || member.name == top) continue;
    const std::string file = member.name.substr(top.size() + 1);
    if (file == metadata_name || is_of_an_installer(file)) continue;
    description.files.push_back({description.folder + "/" + file, {}, member.file});
  }
  std::erase_if(parts.site, [&top](const WheelParts::Member& member) { return top_of(member.name) == top; });
}

std::string entry_points_of(const Description& description) {
  for (const system::StoredMember& file : description.files)
    if (file.name == description.folder + "/entry_points.txt") return system::read_file(file.file, 1U << 20U);
  return {};
}

void name_it(const UnpackedPackage& package, const std::string& metadata, const std::string& folder,
             Description& description) {
  const auto parsed = python::Metadata::parse(metadata);
  if (!parsed || !python::Version::parse(parsed->version)) {
    refuse(package,
           text("{} is no conda package: {}", package.file_name, "its METADATA names no distribution"),
           "conda-package");
  }
  description.name = parsed->name;
  description.version = parsed->version;
  description.folder = folder.ends_with(".dist-info")
                           ? folder
                           : python::file_name_form(parsed->name) + "-" + parsed->version + ".dist-info";
}

}  // namespace

WheelParts sort_parts(const UnpackedPackage& package) {
  WheelParts parts;
  for (const PackagePath& path : package.paths) {
    Placement placed = place(path.path, package.index);
    WheelParts::Member member{placed.name, package.folder / path.path};
    switch (placed.part) {
      case Part::site:
        if (parts.python.empty()) parts.python = placed.python;
        parts.compiled = parts.compiled || is_compiled(placed.name);
        parts.site.push_back(std::move(member));
        break;
      case Part::script:
        parts.scripts.push_back(std::move(member));
        break;
      case Part::data:
        parts.compiled = parts.compiled || is_compiled(placed.name);
        parts.data.push_back(std::move(member));
        break;
      case Part::dropped:
        break;
      case Part::refused:
        refuse(package,
               text("{} holds {}, {}: only conda itself can install it", package.file_name, path.path,
                    placed.obstacle),
               "conda-layout");
    }
  }
  return parts;
}

Description describe(const UnpackedPackage& package, WheelParts& parts,
                     const std::vector<std::string>& requirements) {
  const std::vector<std::string> infos = described_in(parts, ".dist-info");
  const std::vector<std::string> eggs = described_in(parts, ".egg-info");
  if (infos.size() + eggs.size() > 1) {
    refuse(package, text("{} holds more than one distribution, and a wheel holds one", package.file_name),
           "conda-layout");
  }
  const std::string top = !infos.empty() ? infos.front() : !eggs.empty() ? eggs.front() : "";
  const std::string metadata =
      top.empty() ? made_metadata(package, requirements) : metadata_in(package, parts, top);
  Description description;
  name_it(package, metadata, top, description);
  description.files.push_back({description.folder + "/METADATA", metadata, {}});
  if (!top.empty()) take_folder(top, infos.empty() ? "PKG-INFO" : "METADATA", description, parts);
  std::string entry_points = entry_points_of(description);
  if (entry_points.empty()) {
    entry_points = linked_entry_points(package);
    if (!entry_points.empty())
      description.files.push_back({description.folder + "/entry_points.txt", entry_points, {}});
  }
  drop_made_scripts(entry_points, parts);
  return description;
}

std::string tag_of(const PackageIndex& index, const WheelParts& parts) {
  if (!parts.compiled) return "py3-none-any";
  std::string platform;
  if (index.subdir == "linux-64") platform = "linux_x86_64";
  if (index.subdir == "linux-aarch64") platform = "linux_aarch64";
  if (platform.empty()) {
    throw Error(ErrorKind::refused, text("{} is built for {}, which is not known here", index.full_name(),
                                         index.subdir.empty() ? "an unnamed machine" : index.subdir))
        .with_code("conda-package");
  }
  if (parts.python.empty()) return "py3-none-" + platform;
  std::string digits = parts.python;
  std::erase(digits, '.');
  const std::string interpreter = "cp" + digits.substr(0, digits.find_last_of("0123456789") + 1);
  return interpreter + "-cp" + digits + "-" + platform;
}

}  // namespace wheelfit::conda
