// SPDX-License-Identifier: Apache-2.0
#include "install/bytecode.hpp"

#include <string>

namespace wheelfit::install {
namespace fs = std::filesystem;

std::vector<fs::path> bytecode_of(const fs::path& source) {
  std::vector<fs::path> found;
  if (source.extension() != ".py") return found;
  const std::string stem = source.stem().string() + ".";
  std::error_code failed;
  for (fs::directory_iterator entry(source.parent_path() / "__pycache__", failed), end;
       !failed && entry != end; entry.increment(failed)) {
    const std::string name = entry->path().filename().string();
    if (!name.starts_with(stem) || !name.ends_with(".pyc")) continue;
    // "a.b.cpython-311.pyc" belongs to a module "a.b", which no import statement can name: the tag has no '.'
    // except before "opt-1".
    const std::string tag = name.substr(stem.size(), name.size() - stem.size() - 4);
    if (tag.find('.') == std::string::npos || tag.find(".opt-") == tag.find('.'))
      found.push_back(entry->path());
  }
  return found;
}

}  // namespace wheelfit::install
