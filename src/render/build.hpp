// SPDX-License-Identifier: Apache-2.0
// What a build came to, or what stands in its way; as text and as documents. Pure. docs/output.md has the
// names.
#pragma once

#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "build/compile.hpp"
#include "build/forecast.hpp"
#include "build/obstacles.hpp"
#include "fetch/fetch.hpp"
#include "proof/wheel_proof.hpp"
#include "render/style.hpp"

namespace wheelfit::render {

// References and pointers must outlive the call only.
struct BuildObstaclesView {
  const std::string& package;
  std::string version;
  const std::vector<build::Obstacle>& obstacles;  // at least one
};
std::string obstacles_text(const BuildObstaclesView& view, const Style& style);
nlohmann::ordered_json obstacles_json(const BuildObstaclesView& view);

struct BuildView {
  const std::string& package;
  std::string version;
  const std::vector<python::Version>& capabilities;
  const std::vector<std::string>& without;
  bool by_variable = true;  // a variable of setup.py's limits the architectures
  std::string key;
  const build::Forecast& forecast;
  const std::vector<build::Compiled>& compiled;
  std::size_t from_before = 0;
  double seconds = 0;
  std::string launcher;
  bool found = false;
  std::string file_name;
  const fetch::FetchedFile* wheel = nullptr;  // null: a dry run
  std::filesystem::path folder;
  std::filesystem::path log;
  const proof::WheelProof* proof = nullptr;
};
std::string build_text(const BuildView& view, const Style& style);
nlohmann::ordered_json build_json(const BuildView& view);

}  // namespace wheelfit::render
