// SPDX-License-Identifier: Apache-2.0
#include "proof/wheel_code.hpp"

#include <algorithm>
#include <optional>

namespace wheelfit::proof {
namespace {

namespace fs = std::filesystem;

// "libx.so.1.2" -> "libx", ".so.1.2"; nullopt for what no loader would be asked to open.
struct ObjectName {
  std::string_view stem;
  std::string_view version;  // behind ".so"
};

std::optional<ObjectName> object_name(std::string_view file_name) {
  constexpr std::string_view ending = ".so";
  const std::size_t at = file_name.rfind(ending);
  if (at == std::string_view::npos || at == 0) return std::nullopt;
  const std::string_view version = file_name.substr(at + ending.size());
  if (version.find_first_not_of(".0123456789") != std::string_view::npos) return std::nullopt;
  if (!version.empty() && version.front() != '.') return std::nullopt;
  return ObjectName{file_name.substr(0, at), version};
}

// nullopt: not below site-packages (a script, a header, data).
std::optional<fs::path> place_of(std::string_view name) {
  const std::size_t slash = name.find('/');
  const std::string_view top = name.substr(0, slash);
  if (!top.ends_with(".data") || slash == std::string_view::npos) return fs::path(name);
  const std::string_view rest = name.substr(slash + 1);
  for (const std::string_view scheme : {"purelib/", "platlib/"})
    if (rest.starts_with(scheme)) return fs::path(rest.substr(scheme.size()));
  return std::nullopt;
}

// "cpython-311-x86_64-linux-gnu" of "core.cpython-311-x86_64-linux-gnu"; "" where the module has none.
std::string_view soabi_of(std::string_view stem) {
  const std::size_t dot = stem.rfind('.');
  if (dot == std::string_view::npos) return {};
  const std::string_view tag = stem.substr(dot + 1);
  for (const std::string_view implementation : {"cpython-", "pypy", "graalpy"})
    if (tag.starts_with(implementation)) return tag;
  return {};
}

bool is_of(std::string_view soabi, std::string_view prefix) {
  if (soabi.empty() || prefix.empty()) return true;
  if (!soabi.starts_with(prefix)) return false;
  // "cpython-31" is no prefix of "cpython-311", nor "cpython-313" of "cpython-313t".
  return soabi.size() == prefix.size() || soabi[prefix.size()] == '-';
}

}  // namespace

WheelCode code_in(std::span<const system::ZipEntry> members, std::string_view soabi_prefix) {
  WheelCode code;
  for (std::size_t index = 0; index < members.size(); ++index) {
    const system::ZipEntry& member = members[index];
    if (member.is_directory() || member.is_symlink()) continue;
    const auto place = place_of(member.name);
    if (!place) continue;
    const std::string file_name = place->filename().string();
    const auto object = object_name(file_name);
    if (!object) continue;
    CodeMember found{index, member.name, *place, object->stem.ends_with(".abi3")};
    const bool bundled = place->has_parent_path() && place->begin()->string().ends_with(".libs");
    if (bundled || !object->version.empty() || file_name.starts_with("lib")) {
      code.libraries.push_back(std::move(found));
    } else if (is_of(soabi_of(object->stem), soabi_prefix)) {
      code.modules.push_back(std::move(found));
    } else {
      ++code.other_python;
    }
  }
  return code;
}

}  // namespace wheelfit::proof
