// SPDX-License-Identifier: Apache-2.0
// The command line that does what a plan proposes. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "render/plan.hpp"

namespace wheelfit::render {

// nullopt where no flag would make a difference. The trust that admits a wheel is part of it.
std::optional<std::string> plan_command(const PlanView& view);

// As a POSIX shell takes it: quoted only where it must be.
std::string shell_quoted(std::string_view argument);

}  // namespace wheelfit::render
