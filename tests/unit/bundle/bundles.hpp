// SPDX-License-Identifier: Apache-2.0
// A bundle of two wheels, to be spoiled.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "bundle/bundle_file.hpp"
#include "support/temp_dir.hpp"
#include "support/wheel_builder.hpp"
#include "system/sha256.hpp"

namespace wheelfit::bundle::test {

inline wheelfit::test::WheelBuilder demo_wheel() {
  return wheelfit::test::WheelBuilder("demo", "1.0").file("demo.py", "x = 1\n");
}
inline wheelfit::test::WheelBuilder needed_wheel() {
  return wheelfit::test::WheelBuilder("need", "2.0").file("need.py", "y = 2\n");
}

inline PackedFile packed(const wheelfit::test::WheelBuilder& wheel, Role role) {
  const std::string bytes = wheel.bytes();
  return {wheel.file_name(),
          bytes.size(),
          system::to_hex(system::sha256_of(bytes)),
          "https://files.example/" + wheel.file_name(),
          "index",
          role,
          role == Role::wheel ? std::vector<std::string>{} : std::vector<std::string>{"demo"}};
}

inline Manifest demo_manifest() {
  Manifest manifest;
  manifest.made_by = "wheelfit 0.1.0";
  manifest.made_for = {.python = "3.11.7",
                       .abi_tag = "cp311",
                       .platform = "linux_x86_64",
                       .glibc = "2.36",
                       .musl = "",
                       .torch = "2.4.0+cu121",
                       .torch_build = "cuda",
                       .torch_device = "12.1",
                       .cxx11_abi = false,
                       .gpus = std::vector<std::string>{"sm_90"},
                       .driver = "550.54.14",
                       .distributions_known = true};
  manifest.packages = {{.name = "demo",
                        .version = "1.0",
                        .wheel = demo_wheel().file_name(),
                        .by_hand = false,
                        .verdict = "fits",
                        .proof = "name",
                        .reasons = {{"nightly-built", "a remark"}},
                        .lacking = {{"other>=1", "demo", "there is no wheel of it"}}}};
  manifest.files = {packed(demo_wheel(), Role::wheel), packed(needed_wheel(), Role::dependency)};
  manifest.recipes = {{"demo", "name = \"demo\"\n"}};
  return manifest;
}

// The bundle as write_bundle() writes it.
inline std::filesystem::path write_demo(const wheelfit::test::TempDir& folder, const Manifest& manifest) {
  const std::filesystem::path file = folder / "demo.bundle";
  write_bundle(file, manifest,
               {demo_wheel().write_to(folder.path()), needed_wheel().write_to(folder.path())});
  return file;
}

}  // namespace wheelfit::bundle::test
