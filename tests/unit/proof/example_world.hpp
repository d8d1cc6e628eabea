// SPDX-License-Identifier: Apache-2.0
// A root with tiny real objects in it: a program, a C library, and what a test adds.
#pragma once

#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

#include "binary/elf.hpp"
#include "proof/judge.hpp"
#include "support/elf_builder.hpp"

namespace wheelfit::proof::example {

namespace fs = std::filesystem;

class World {
 public:
  // `path` as below the root: "lib/libx.so". Without a SONAME unless `flags` give one.
  fs::path add(const std::string& path, std::string_view source, std::string_view flags = {}) const {
    fs::create_directories((root() / path).parent_path());
    builder_.shared_object(path, source, flags);
    return "/" + path;
  }
  // As add, with the file's own name as its SONAME.
  fs::path library(const std::string& path, std::string_view source, const std::string& flags = {}) const {
    return add(path, source, "-Wl,-soname," + fs::path(path).filename().string() + " " + flags);
  }
  fs::path text(const std::string& path, std::string_view content) const {
    builder_.directory().write(path, content);
    return "/" + path;
  }
  void link(const std::string& path, const fs::path& target) const {
    fs::create_directories((root() / path).parent_path());
    fs::create_symlink(target, root() / path);
  }
  // One byte of a file replaced.
  void patch(const std::string& path, std::streamoff at, char byte) const {
    std::fstream file(root() / path, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(at).put(byte);
  }

  fs::path root() const { return builder_.directory().path(); }
  // The linker's word for a library of this world.
  std::string with(const std::string& path) const { return "'" + (root() / path).string() + "'"; }

 private:
  test::ElfBuilder builder_;
};

inline constexpr std::string_view program = R"(extern "C" { void PyModule_Create2() {} })";

// Which machine this is, as the objects made here say.
inline binary::Machine machine_of(LibraryCache& cache, const fs::path& object) {
  return cache.open(object).library->image.identity().machine;
}

}  // namespace wheelfit::proof::example
