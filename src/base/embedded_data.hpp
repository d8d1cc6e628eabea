// SPDX-License-Identifier: Apache-2.0
// The files of data/ as they were when the executable was built. Immutable; safe from any thread.
#pragma once

#include <span>
#include <string_view>

namespace wheelfit {

struct EmbeddedFile {
  std::string_view path;  // relative to data/, '/' as separator: "packages/flash-attn.toml"
  std::string_view text;
};

std::span<const EmbeddedFile> embedded_files() noexcept;

}  // namespace wheelfit
