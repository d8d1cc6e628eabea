// SPDX-License-Identifier: Apache-2.0
#include "conda/layout.hpp"

#include <array>

namespace wheelfit::conda {
namespace {

constexpr std::string_view site_packages = "/site-packages/";

bool is_bytecode(std::string_view path) {
  return path.ends_with(".pyc") || path.find("/__pycache__/") != std::string_view::npos;
}

// bin/.flash-attn-post-link.sh
bool is_hook(std::string_view path) {
  if (!path.starts_with("bin/.")) return false;
  constexpr std::array<std::string_view, 4> hooks{"-post-link.sh", "-pre-link.sh", "-pre-unlink.sh",
                                                  "-post-unlink.sh"};
  for (const std::string_view hook : hooks)
    if (path.ends_with(hook)) return true;
  return false;
}

Placement refused(std::string obstacle) { return {Part::refused, {}, {}, std::move(obstacle)}; }

// lib/python3.12/site-packages/x.py, or lib/python3.12/x.py
Placement below_python(std::string_view path) {
  constexpr std::string_view before = "lib/python";
  const std::size_t slash = path.find('/', before.size());
  const std::string_view python = path.substr(before.size(), slash - before.size());
  if (slash == std::string_view::npos || !path.substr(slash).starts_with(site_packages))
    return refused("a file of Python itself");
  return {Part::site, std::string(path.substr(slash + site_packages.size())), std::string(python), {}};
}

bool is_python_folder(std::string_view path) {
  constexpr std::string_view before = "lib/python";
  return path.starts_with(before) && path.size() > before.size() && path[before.size()] >= '0' &&
         path[before.size()] <= '9';
}

}  // namespace

Placement place(std::string_view path, const PackageIndex& index) {
  if (is_hook(path)) return refused("a script that runs when it is installed");
  if (path.starts_with("etc/conda/")) return refused("a script that runs when an environment is activated");
  if (path.starts_with("conda-meta/") || path.starts_with("condabin/"))
    return refused("a file of conda itself");
  if (index.noarch_python && path.starts_with("site-packages/")) {
    if (is_bytecode(path)) return {Part::dropped, {}, {}, {}};
    return {Part::site, std::string(path.substr(site_packages.size() - 1)), {}, {}};
  }
  if (index.noarch_python && path.starts_with("python-scripts/"))
    return {Part::script, std::string(path.substr(path.find('/') + 1)), {}, {}};
  if (is_python_folder(path))
    return is_bytecode(path) ? Placement{Part::dropped, {}, {}, {}} : below_python(path);
  if (path.starts_with("bin/") && path.find('/', 4) == std::string_view::npos)
    return {Part::script, std::string(path.substr(4)), {}, {}};
  return {Part::data, std::string(path), {}, {}};
}

}  // namespace wheelfit::conda
