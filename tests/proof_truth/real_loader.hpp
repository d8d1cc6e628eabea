// SPDX-License-Identifier: Apache-2.0
// The machine's own loader as the judge.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "support/elf_builder.hpp"

namespace wheelfit::test {

enum class Loading { loads, fails, dies };  // dies: a constructor ended the process, or took too long

struct Judgement {
  Loading loading = Loading::dies;
  std::string words;  // dlerror()'s
};

// A C program that opens its one argument with RTLD_NOW, compiled here.
class RealLoader {
 public:
  RealLoader();

  const std::filesystem::path& program() const noexcept { return program_; }
  Judgement load(const std::filesystem::path& object) const;

 private:
  ElfBuilder builder_;
  std::filesystem::path program_;
};

}  // namespace wheelfit::test
