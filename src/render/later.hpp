// SPDX-License-Identifier: Apache-2.0
// What `install --later` and `install --finish` say where nothing was installed. Pure.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "render/style.hpp"

namespace wheelfit::render {

enum class LaterOutcome {
  left,     // the note was written
  waiting,  // no GPU is here: the note stays
  nothing,  // there is no note
};

struct LaterView {
  LaterOutcome outcome = LaterOutcome::left;
  std::vector<std::string> subjects;
  std::filesystem::path note;
  std::vector<std::string> command;  // that does it; where it was left
};

// For the command in the form that a Dockerfile has: a shell that does it and becomes the program.
std::string entry_point(const std::vector<std::string>& command);

std::string later_text(const LaterView& view, const Style& style);
nlohmann::ordered_json later_json(const LaterView& view);

}  // namespace wheelfit::render
