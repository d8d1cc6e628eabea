// SPDX-License-Identifier: Apache-2.0
#include "probe/install_scheme.hpp"

#include "base/text.hpp"
#include "probe/site_directories.hpp"
#include "probe/text_scan.hpp"

namespace wheelfit::probe {
namespace {

InstallScheme below(const std::filesystem::path& base, const PythonLayout& layout,
                    std::string_view platform_folder) {
  InstallScheme scheme;
  scheme.purelib = base / "lib" / layout.library_name / "site-packages";
  scheme.platlib = base / platform_folder / layout.library_name / "site-packages";
  scheme.scripts = base / "bin";
  scheme.headers = base / "include" / layout.name_with_flags();
  scheme.data = base;
  return scheme;
}

InstallScheme debian_local(const PythonLayout& layout) {
  const std::filesystem::path base = layout.prefix / "local";
  InstallScheme scheme = below(base, layout, "lib");
  scheme.purelib = scheme.platlib = base / "lib" / layout.library_name / "dist-packages";
  // Up to 3.9 pip asks distutils, whose unix_local keeps headers in local/ as well.
  const auto version = leading_version(layout.short_version());
  if (version && version->minor() >= 10)
    scheme.headers = layout.prefix / "include" / layout.name_with_flags();
  return scheme;
}

Fact<InstallScheme> prefix_scheme(const PythonLayout& layout, const RootedFiles& files) {
  if (layout.is_virtual()) {
    // Fedora's and Debian's pythons make plain virtual environments; lib64 is there a link to lib.
    InstallScheme scheme = below(layout.prefix, layout, layout.library_folder);
    // pip keeps headers of virtual environments in a place of its own (pip, locations/_sysconfig.py).
    scheme.headers = layout.prefix / "include/site" / ("python" + layout.short_version());
    return {scheme, "venv"};
  }
  const bool of_the_system = layout.prefix == files.machine("/usr");
  if (layout.flavour == PythonFlavour::debian && of_the_system) return {debian_local(layout), "posix_local"};
  if (layout.flavour == PythonFlavour::fedora && of_the_system) {
    InstallScheme scheme = below(files.machine("/usr/local"), layout, layout.library_folder);
    scheme.headers = layout.prefix / "include" / layout.name_with_flags();
    return {scheme, "posix_prefix in /usr/local"};
  }
  return {below(layout.prefix, layout, layout.library_folder), "posix_prefix"};
}

}  // namespace

Fact<InstallScheme> install_scheme(const PythonLayout& layout, const system::EnvironmentVariables& variables,
                                   const RootedFiles& files, SchemeChoice choice) {
  if (layout.library_name.empty()) return {};
  const Fact<InstallScheme> prefix = prefix_scheme(layout, files);
  const auto base = user_base(variables, files);
  if (!base) return prefix;
  Fact<InstallScheme> user(below(*base, layout, "lib"), "posix_user");
  if (choice == SchemeChoice::user) return user;
  if (!user_site_enabled(layout, variables)) return prefix;
  for (const std::filesystem::path& directory : {prefix->purelib, prefix->platlib}) {
    if (is_writable_directory(directory)) continue;
    user.source = text("posix_user: {} is not writable", directory.string()).english();
    return user;
  }
  return prefix;
}

}  // namespace wheelfit::probe
