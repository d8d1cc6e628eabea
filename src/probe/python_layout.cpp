// SPDX-License-Identifier: Apache-2.0
#include "probe/python_layout.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "probe/text_scan.hpp"

namespace wheelfit::probe {
namespace {

// "python3.11", "python3.13t", "pypy3.10": what the directory of the standard library may be called.
bool is_library_name(std::string_view name) {
  for (const std::string_view stem : {"python3.", "pypy3.", "python2."}) {
    if (!name.starts_with(stem)) continue;
    std::string_view minor = name.substr(stem.size());
    if (minor.ends_with('t')) minor.remove_suffix(1);
    return !minor.empty() && std::ranges::all_of(minor, is_digit);
  }
  return false;
}

bool is_standard_library(const std::filesystem::path& directory) {
  return file_exists(directory / "os.py") || file_exists(directory / "os.pyc");
}

std::vector<std::string> library_names_in(const std::filesystem::path& prefix) {
  std::vector<std::string> found;
  for (const char* folder : {"lib", "lib64"}) {
    for (std::string& name : names_in(prefix / folder)) {
      if (is_library_name(name) && std::ranges::find(found, name) == found.end())
        found.push_back(std::move(name));
    }
  }
  return found;
}

std::optional<PyvenvCfg> pyvenv_cfg_of(const std::filesystem::path& executable,
                                       std::filesystem::path& prefix) {
  const std::filesystem::path bin = executable.parent_path();
  for (const std::filesystem::path& directory : {bin, bin.parent_path()}) {
    if (const auto text = read_file(directory / "pyvenv.cfg")) {
      prefix = bin.parent_path();
      return parse_pyvenv_cfg(*text);
    }
  }
  return std::nullopt;
}

class LayoutFinder {
 public:
  LayoutFinder(const std::filesystem::path& executable, const RootedFiles& files) : files_(files) {
    layout_.executable = executable;
    layout_.real_executable = files.followed(executable);
    layout_.pyvenv_cfg = pyvenv_cfg_of(executable, layout_.prefix);
  }

  PythonLayout found() {
    layout_.library_name = library_name();
    find_base();
    if (!layout_.is_virtual()) {
      layout_.prefix = layout_.base_prefix.value_or(executable_directory().parent_path());
    }
    find_flavour();
    remark_on_what_is_gone();
    return std::move(layout_);
  }

 private:
  std::filesystem::path executable_directory() const {
    return layout_.real_executable.value_or(layout_.executable).parent_path();
  }

  // The directories that Python would start from when it looks for its standard library.
  std::vector<std::filesystem::path> starts() const {
    std::vector<std::filesystem::path> directories;
    if (const auto home = layout_.is_virtual() ? layout_.pyvenv_cfg->get("home") : std::nullopt) {
      const std::filesystem::path directory = files_.environment(absolute_path(*home, layout_.prefix));
      // /bin is a link to /usr/bin on most systems, and Python finds /usr from there.
      if (const auto followed = files_.followed(directory)) directories.push_back(*followed);
      directories.push_back(directory);
    }
    if (layout_.real_executable) directories.push_back(executable_directory());
    return directories;
  }

  std::string library_name() const {
    const auto named_like = [this](std::string_view wanted) {
      return is_library_name(wanted) ? std::string(wanted) : "";
    };
    std::vector<std::string> names;
    if (layout_.is_virtual()) {
      names = library_names_in(layout_.prefix);
      if (names.size() == 1) return names.front();
    }
    // bin/python3 is a link to bin/python3.11 nearly everywhere.
    const std::string file = layout_.real_executable.value_or(layout_.executable).filename().string();
    if (std::string name = named_like(file); !name.empty()) return name;
    if (layout_.is_virtual()) {
      for (const char* key : {"version_info", "version"}) {
        const auto said = layout_.pyvenv_cfg->get(key);
        const auto version = said ? leading_version(*said) : std::nullopt;
        if (version && version->release().size() > 1) return "python3." + std::to_string(version->minor());
      }
    }
    for (std::filesystem::path at : starts()) {
      names = library_names_in(at.parent_path());
      std::erase_if(names, [&at](const std::string& name) {
        return !is_standard_library(at.parent_path() / "lib" / name) &&
               !is_standard_library(at.parent_path() / "lib64" / name);
      });
      if (!names.empty()) return names.back();
    }
    return {};
  }

  void find_base() {
    if (layout_.library_name.empty()) return;
    for (const std::filesystem::path& start : starts()) {
      for (std::filesystem::path at = start; at.has_relative_path(); at = at.parent_path()) {
        const std::filesystem::path prefix = at.parent_path();
        for (const char* folder : {"lib", "lib64"}) {
          if (!is_standard_library(prefix / folder / layout_.library_name)) continue;
          layout_.base_prefix = prefix;
          layout_.library_folder = folder;
          layout_.standard_library = prefix / folder / layout_.library_name;
          return;
        }
      }
    }
  }

  void find_flavour() {
    if (!layout_.standard_library) return;
    const std::string site = read_file(*layout_.standard_library / "site.py").value_or("");
    if (site.find("dist-packages") != std::string::npos) layout_.flavour = PythonFlavour::debian;
    if (site.find("RPM_BUILD_ROOT") != std::string::npos) layout_.flavour = PythonFlavour::fedora;
  }

  void remark_on_what_is_gone() {
    if (!layout_.real_executable) {
      layout_.remarks.push_back(
          text("{} is a link to an interpreter that is gone", layout_.executable.string()).english());
    }
    const auto home = layout_.is_virtual() ? layout_.pyvenv_cfg->get("home") : std::nullopt;
    if (home && !directory_exists(files_.environment(absolute_path(*home, layout_.prefix)))) {
      layout_.remarks.push_back(
          text("{}, from which this virtual environment was made, is gone", *home).english());
    }
  }

  const RootedFiles& files_;
  PythonLayout layout_;
};

}  // namespace

std::string PythonLayout::short_version() const {
  const std::size_t digit = library_name.find_first_of("0123456789");
  if (digit == std::string::npos) return {};
  const std::string version = library_name.substr(digit);
  return version.substr(0, version.find('t'));
}

std::string PythonLayout::name_with_flags() const {
  const auto version = leading_version(short_version());
  const bool with_flag = !is_pypy() && version && version->major() == 3 && version->minor() < 8;
  return library_name + (with_flag ? "m" : "");
}

PythonLayout find_python_layout(const std::filesystem::path& executable, const RootedFiles& files) {
  return LayoutFinder(executable, files).found();
}

}  // namespace wheelfit::probe
