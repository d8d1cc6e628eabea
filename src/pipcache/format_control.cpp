// SPDX-License-Identifier: Apache-2.0
#include "pipcache/format_control.hpp"

#include <map>

#include "python/package_name.hpp"

namespace wheelfit::pipcache {
namespace {

constexpr std::string_view everything = ":all:";
constexpr std::string_view nothing = ":none:";

// The names, each with who named it.
using Named = std::map<std::string, std::string, std::less<>>;

std::vector<std::string_view> parts_of(std::string_view value) {
  std::vector<std::string_view> parts;
  while (true) {
    const std::size_t comma = value.find(',');
    parts.push_back(value.substr(0, comma));
    if (comma == std::string_view::npos) return parts;
    value.remove_prefix(comma + 1);
  }
}

// pip's handle_mutual_excludes().
void take(const Fact<std::string>& option, Named& target, Named& other) {
  if (!option.known()) return;
  std::vector<std::string_view> parts = parts_of(*option);
  const std::vector<std::string_view> all = parts;
  for (std::size_t i = all.size(); i-- > 0;) {
    if (all[i] != everything) continue;
    other.clear();
    target = {{std::string(everything), option.source}};
    parts.assign(all.begin() + static_cast<std::ptrdiff_t>(i) + 1, all.end());
    bool takes_back = false;
    for (const std::string_view part : parts) takes_back = takes_back || part == nothing;
    if (!takes_back) return;
    break;
  }
  for (const std::string_view part : parts) {
    if (part == nothing) {
      target.clear();
      continue;
    }
    const std::string name = python::normalized_name(part);
    other.erase(name);
    target.emplace(name, option.source);
  }
}

Fact<bool> named(const Named& names, std::string_view name) {
  const auto found = names.find(name);
  return found == names.end() ? Fact<bool>() : Fact<bool>(true, found->second);
}

}  // namespace

Formats formats_of(std::string_view package, const std::vector<Fact<std::string>>& no_binary,
                   const std::vector<Fact<std::string>>& only_binary) {
  Named no;
  Named only;
  for (const auto& option : no_binary) take(option, no, only);
  for (const auto& option : only_binary) take(option, only, no);
  // What names the package counts before what names everything.
  Formats formats;
  for (const std::string_view name : {package, everything}) {
    formats.no_sources = named(only, name);
    if (formats.no_sources.known()) return formats;
    formats.no_wheels = named(no, name);
    if (formats.no_wheels.known()) return formats;
  }
  return formats;
}

}  // namespace wheelfit::pipcache
