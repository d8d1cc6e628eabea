// SPDX-License-Identifier: Apache-2.0
#include "install/layout.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <set>

#include "base/error.hpp"

namespace wheelfit::install {
namespace fs = std::filesystem;
namespace {

[[noreturn]] void refuse(Text sentence, const char* code) {
  throw Error(ErrorKind::refused, std::move(sentence)).with_code(code);
}

// Files in the dist-info that an installer writes: what a wheel brings under these names is not used.
bool is_written_by_installer(std::string_view name, std::string_view dist_info) {
  static constexpr std::array<std::string_view, 5> files = {"/RECORD", "/INSTALLER", "/REQUESTED",
                                                            "/direct_url.json", "/WHEELFIT.json"};
  if (!name.starts_with(dist_info)) return false;
  name.remove_prefix(dist_info.size());
  return std::find(files.begin(), files.end(), name) != files.end();
}

fs::path scheme_root(std::string_view key, const WheelContents& contents, const Destination& destination) {
  if (key == "purelib") return destination.purelib;
  if (key == "platlib") return destination.platlib;
  if (key == "scripts") return destination.scripts;
  if (key == "headers") return destination.headers / contents.metadata.name;
  return destination.data;  // read_contents() has refused every other key
}

bool is_interpreter_name(std::string_view name) {
  if (!name.starts_with("python")) return false;
  name.remove_prefix(6);
  return std::all_of(name.begin(), name.end(), [](char c) {
    return c == '.' || c == 't' || std::isdigit(static_cast<unsigned char>(c)) != 0;
  });
}

void check_target(const fs::path& target, const Layout& layout, const Destination& destination) {
  if (target == destination.data / "pyvenv.cfg")
    refuse("the wheel would replace the environment's pyvenv.cfg", "data-key");
  check_script_target(target, destination);
  for (const fs::path& site : {destination.purelib, destination.platlib}) {
    const std::string top = target.lexically_relative(site).begin()->string();
    if ((top.ends_with(".dist-info") || top.ends_with(".egg-info")) && site / top != layout.dist_info) {
      refuse(text("the wheel would write into {}, which describes another distribution", top), "data-key");
    }
  }
}

PlacedFile place(const std::string& name, const WheelContents& contents, const Destination& destination,
                 const Layout& layout) {
  PlacedFile placed;
  if (!name.starts_with(contents.data_directory + "/")) {
    placed.target = layout.site / name;
    return placed;
  }
  const std::string rest = name.substr(contents.data_directory.size() + 1);
  const std::string key = rest.substr(0, rest.find('/'));
  placed.target = scheme_root(key, contents, destination) / rest.substr(key.size() + 1);
  placed.script = key == "scripts";
  return placed;
}

}  // namespace

void check_script_target(const fs::path& target, const Destination& destination) {
  const std::string name = target.filename().string();
  if (target == destination.interpreter ||
      (target.parent_path() == destination.scripts && is_interpreter_name(name))) {
    refuse(text("the wheel would replace the interpreter {}", target.string()), "data-key");
  }
}

Layout lay_out(const std::vector<system::ZipEntry>& entries, const WheelContents& contents,
               const Destination& destination) {
  Layout layout;
  layout.site = contents.wheel.root_is_purelib ? destination.purelib : destination.platlib;
  layout.dist_info = layout.site / contents.dist_info;
  std::set<fs::path> taken;
  for (std::size_t index = 0; index < entries.size(); ++index) {
    const system::ZipEntry& entry = entries[index];
    if (entry.is_directory() || is_written_by_installer(entry.name, contents.dist_info)) continue;
    PlacedFile placed = place(entry.name, contents, destination, layout);
    check_target(placed.target, layout, destination);
    if (!taken.insert(placed.target).second) {
      refuse(text("two files of the wheel go to {}", placed.target.string()), "duplicate-name");
    }
    placed.entry = index;
    placed.executable = placed.script || entry.is_executable();
    layout.files.push_back(std::move(placed));
  }
  return layout;
}

}  // namespace wheelfit::install
