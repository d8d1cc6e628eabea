// SPDX-License-Identifier: Apache-2.0
// What a bundle holds, as text and as a document. Pure.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include <nlohmann/json_fwd.hpp>

#include "bundle/manifest.hpp"
#include "render/style.hpp"

namespace wheelfit::render {

enum class BundleOutcome { written, listed };

struct BundleView {
  std::filesystem::path path;
  std::uint64_t size = 0;
  std::string sha256;
  const bundle::Manifest& manifest;
  BundleOutcome outcome = BundleOutcome::listed;
};

std::string bundle_text(const BundleView& view, const Style& style);
nlohmann::ordered_json bundle_json(const BundleView& view);

}  // namespace wheelfit::render
