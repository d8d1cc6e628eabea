// SPDX-License-Identifier: Apache-2.0
// A decision as one screen of text and as the plan document. Pure.
#pragma once

#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "probe/environment.hpp"
#include "render/style.hpp"
#include "resolve/decision.hpp"
#include "system/room.hpp"

namespace wheelfit::render {

// References must outlive the call only.
struct PlanView {
  const probe::Environment& environment;
  const resolve::Decision& decision;
  const resolve::Wishes& wishes;
  // How the sources were read; JSON only, since what is worth a line was reported while it happened.
  const std::vector<catalog::SourceStatus>& sources;
  // Flags in force that the command which follows must repeat: {"--python", "/opt/venv/bin/python"}. Without
  // --trust and --offline, which are known from `wishes`.
  std::vector<std::string> flags;
  std::vector<system::Shortage> shortages = {};  // what would not find room
};

// The conclusion first, the command that does it last.
std::string plan_text(const PlanView& view, const Style& style);

// English, no credentials.
nlohmann::ordered_json plan_json(const PlanView& view);

}  // namespace wheelfit::render
