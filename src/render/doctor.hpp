// SPDX-License-Identifier: Apache-2.0
// What could make an install fail here: the verdict, each finding with its cure, then what was looked at.
// Pure.
#pragma once

#include <string>

#include <nlohmann/json_fwd.hpp>

#include "diagnose/diagnosis.hpp"
#include "probe/environment.hpp"
#include "render/style.hpp"

namespace wheelfit::render {

struct DoctorView {
  const probe::Environment& environment;
  const diagnose::Diagnosis& diagnosis;
};

std::string doctor_text(const DoctorView& view, const Style& style);

// docs/output.md. No credentials.
nlohmann::ordered_json doctor_json(const DoctorView& view);

}  // namespace wheelfit::render
