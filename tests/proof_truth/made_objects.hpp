// SPDX-License-Identifier: Apache-2.0
// Objects made for one property each, and what the loader does with them.
#pragma once

#include <filesystem>
#include <functional>
#include <ostream>
#include <string>
#include <vector>

#include "real_loader.hpp"
#include "support/object_builder.hpp"

namespace wheelfit::test {

struct MadeObject {
  std::string name;
  Loading truth;
  std::string said;  // a part of the verdict's words; "" where it fits
  std::function<std::filesystem::path(ObjectBuilder&)> make;

  friend std::ostream& operator<<(std::ostream& out, const MadeObject& made) { return out << made.name; }
};

std::vector<MadeObject> objects_about_symbols();
std::vector<MadeObject> objects_about_versions();
std::vector<MadeObject> objects_about_search();
std::vector<MadeObject> objects_about_kinds();

}  // namespace wheelfit::test
