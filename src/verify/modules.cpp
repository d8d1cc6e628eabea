// SPDX-License-Identifier: Apache-2.0
#include "verify/modules.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <set>
#include <string_view>

namespace wheelfit::verify {
namespace {

bool is_identifier(std::string_view name) {
  return !name.empty() && std::isdigit(static_cast<unsigned char>(name[0])) == 0 &&
         std::all_of(name.begin(), name.end(),
                     [](unsigned char c) { return std::isalnum(c) != 0 || c == '_' || c > 127; });
}

// "x.py", "x.abi3.so", "x.cpython-311-x86_64-linux-gnu.so" -> "x"; "" for anything else.
std::string_view module_of_file(std::string_view file) {
  if (!file.ends_with(".py") && !file.ends_with(".so") && !file.ends_with(".pyd")) return {};
  return file.substr(0, file.find('.'));
}

bool is_bystander(std::string_view name) {
  static constexpr std::array<std::string_view, 7> names = {"test",    "tests",    "benchmark", "benchmarks",
                                                            "example", "examples", "docs"};
  return std::find(names.begin(), names.end(), name) != names.end() || name.starts_with("__");
}

}  // namespace

std::vector<std::string> top_level_modules(const python::Record& record) {
  std::set<std::string> found;
  for (const python::RecordEntry& row : record) {
    const std::string_view path = row.path;
    const std::size_t slash = path.find('/');
    std::string_view name = path.substr(0, slash);
    if (slash == std::string_view::npos) {
      name = module_of_file(path);
    } else if (path.find('/', slash + 1) != std::string_view::npos ||
               module_of_file(path.substr(slash + 1)) != "__init__") {
      continue;
    }
    if (is_identifier(name) && !is_bystander(name)) found.emplace(name);
  }
  return {found.begin(), found.end()};
}

}  // namespace wheelfit::verify
