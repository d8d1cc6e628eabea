// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <unordered_map>

#include "probe/environment.hpp"
#include "python/tags.hpp"
#include "python/wheel_filename.hpp"

namespace wheelfit::resolve {

struct TagVerdicts {
  python::TagVerdict here;
  python::TagVerdict any_python;  // as if every Python were here; asked only of what is not for this one
};

// Thousands of wheels share few sets of tags: each set is judged once. Not thread-safe.
class TagJudge {
 public:
  explicit TagJudge(const probe::Environment& environment);

  const TagVerdicts& verdicts(const python::WheelFilename& file);

 private:
  python::TagTarget here_;
  python::TagTarget any_python_;
  std::unordered_map<std::string, TagVerdicts> known_;
};

}  // namespace wheelfit::resolve
