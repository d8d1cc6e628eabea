// SPDX-License-Identifier: Apache-2.0
// One wheel or shared object against an environment, as one screen of text and as the check document. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "probe/environment.hpp"
#include "proof/wheel_proof.hpp"
#include "render/style.hpp"
#include "resolve/judgement.hpp"

namespace wheelfit::render {

// References must outlive the call only.
struct CheckView {
  const probe::Environment& environment;
  std::string file;  // name of the wheel or object
  resolve::Verdict verdict = resolve::Verdict::unproven;
  std::vector<Reason> reasons;
  resolve::Proof judged_by = resolve::Proof::none;
  const proof::WheelProof& proof;
  std::uint64_t bytes_read = 0;
  std::uint64_t size = 0;  // of the file
  Text remark;             // how it was read, where that is not as one would wish; may be empty
};

// The conclusion first.
std::string check_text(const CheckView& view, const Style& style);

// English, no credentials. docs/output.md has the names.
nlohmann::ordered_json check_json(const CheckView& view);

}  // namespace wheelfit::render
