// SPDX-License-Identifier: Apache-2.0
// What was chosen as a Dockerfile: a stage that downloads and checks, the image, and the proof at its start.
// Pure.
#pragma once

#include <string>

#include "render/export.hpp"

namespace wheelfit::render {

std::string dockerfile(const ExportView& view);

}  // namespace wheelfit::render
