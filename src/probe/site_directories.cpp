// SPDX-License-Identifier: Apache-2.0
#include "probe/site_directories.hpp"

#include <set>

#include "probe/pth.hpp"
#include "probe/text_scan.hpp"

namespace wheelfit::probe {
namespace {

// site.py's known_paths and addsitedir().
class SearchPath {
 public:
  explicit SearchPath(const RootedFiles& files) : files_(files) {}

  void add_plain(const std::filesystem::path& path) {
    const std::filesystem::path real = files_.environment(path);
    if (known_.insert(real).second && path_exists(real)) found_.directories.push_back(real);
  }

  void add_site_directory(const std::filesystem::path& path) {
    const std::filesystem::path directory = files_.environment(path);
    if (!directory_exists(directory)) return;
    if (known_.insert(directory).second) found_.directories.push_back(directory);
    if (!read_.insert(directory).second) return;
    for (const std::string& name : names_in(directory)) {  // sorted, as site.py sorts them
      if (name.ends_with(".pth") && !name.starts_with('.')) add_pth(directory, name);
    }
  }

  SiteDirectories take() { return std::move(found_); }

 private:
  void add_pth(const std::filesystem::path& directory, const std::string& name) {
    const PthFile pth = parse_pth(read_file(directory / name).value_or(""));
    if (pth.has_code) found_.pth_files_with_code.push_back(directory / name);
    for (const std::string& line : pth.paths) {
      const std::filesystem::path path = files_.environment(absolute_path(line, directory));
      if (path_exists(path) && known_.insert(path).second) found_.directories.push_back(path);
    }
  }

  const RootedFiles& files_;
  std::set<std::filesystem::path> known_;
  std::set<std::filesystem::path> read_;
  SiteDirectories found_;
};

// getsitepackages() for one prefix.
std::vector<std::filesystem::path> site_packages_of(const PythonLayout& layout,
                                                    const std::filesystem::path& prefix) {
  const std::string& name = layout.library_name;
  const std::filesystem::path plain = prefix / "lib" / name / "site-packages";
  if (layout.flavour == PythonFlavour::debian) {
    std::vector<std::filesystem::path> directories;
    if (layout.is_virtual()) directories.push_back(plain);
    directories.push_back(prefix / "local/lib" / name / "dist-packages");
    directories.push_back(prefix / "lib/python3/dist-packages");
    directories.push_back(prefix / "lib" / name / "dist-packages");
    return directories;
  }
  if (layout.library_folder == "lib") return {plain};
  return {prefix / layout.library_folder / name / "site-packages", plain};
}

}  // namespace

std::filesystem::path with_home(const std::string& path, const system::EnvironmentVariables& variables) {
  if (path != "~" && !path.starts_with("~/")) return path;
  const auto home = variables.get_nonempty("HOME");
  return home ? std::filesystem::path(*home + path.substr(1)) : std::filesystem::path(path);
}

std::optional<std::filesystem::path> user_base(const system::EnvironmentVariables& variables,
                                               const RootedFiles& files) {
  if (const auto set = variables.get_nonempty("PYTHONUSERBASE"))
    return files.environment(with_home(*set, variables));
  const auto home = variables.get_nonempty("HOME");
  return home ? std::optional(files.environment(std::filesystem::path(*home) / ".local")) : std::nullopt;
}

bool user_site_enabled(const PythonLayout& layout, const system::EnvironmentVariables& variables) {
  if (variables.get_nonempty("PYTHONNOUSERSITE")) return false;
  return !layout.is_virtual() || layout.pyvenv_cfg->includes_system_site_packages();
}

SiteDirectories find_site_directories(const PythonLayout& layout,
                                      const system::EnvironmentVariables& variables,
                                      const std::filesystem::path& current_directory,
                                      const RootedFiles& files) {
  SearchPath path(files);
  if (const auto set = variables.get_nonempty("PYTHONPATH")) {
    std::string_view rest = *set;
    for (std::size_t colon = 0; colon != std::string_view::npos; rest = rest.substr(colon + 1)) {
      colon = rest.find(':');  // an empty entry is the current directory
      path.add_plain(absolute_path(rest.substr(0, colon), current_directory));
      if (colon == std::string_view::npos) break;
    }
  }
  if (layout.library_name.empty()) return path.take();
  const auto add_all = [&](const std::filesystem::path& prefix) {
    for (const std::filesystem::path& directory : site_packages_of(layout, prefix))
      path.add_site_directory(directory);
  };
  if (layout.is_virtual()) add_all(layout.prefix);
  const bool user = user_site_enabled(layout, variables);
  if (const auto base = user ? user_base(variables, files) : std::nullopt) {
    path.add_site_directory(*base / "lib" / layout.library_name / "site-packages");
  }
  if (layout.is_virtual() && !layout.pyvenv_cfg->includes_system_site_packages()) return path.take();
  if (layout.flavour == PythonFlavour::fedora && user) add_all(files.machine("/usr/local"));
  if (layout.base_prefix) add_all(*layout.base_prefix);
  return path.take();
}

}  // namespace wheelfit::probe
