// SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "python/wheel_filename.hpp"

using namespace wheelfit::python;  // NOLINT: a harness has one subject

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto wheel = WheelFilename::parse(text);
  if (!wheel) return 0;
  TagTarget target;
  judge_tags(wheel->tags(), target);
  target.python = {3, 13};
  target.platform = "linux_x86_64";
  target.glibc = {2, 35};
  judge_tags(wheel->tags(), target);
  return 0;
}
