// SPDX-License-Identifier: Apache-2.0
#include "cuda_tools.hpp"

#include <cstdlib>
#include <sstream>

#include <fmt/core.h>

#include "command_output.hpp"

namespace wheelfit::test {
namespace {

namespace fs = std::filesystem;
using binary::ArchSuffix;
using binary::ImageKind;

std::string variable(const char* name) {
  const char* set = std::getenv(name);
  return set != nullptr ? set : "";
}

std::string first_that_exists(std::initializer_list<std::string> programs) {
  for (const std::string& program : programs)
    if (!program.empty() && command_exists(program)) return program;
  return {};
}

std::string cuobjdump_name(const binary::FatbinImage& image) {
  const bool ptx = image.kind == ImageKind::ptx;
  const char* suffix = "";
  if (image.arch.suffix == ArchSuffix::a) suffix = "a";
  if (image.arch.suffix == ArchSuffix::f && ptx) suffix = "f";
  if (image.arch.suffix == ArchSuffix::unknown) suffix = "?";
  return fmt::format("sm_{}{}.{}", image.arch.number, suffix, ptx ? "ptx" : "cubin");
}

}  // namespace

std::string nvcc_program() {
  const std::string home = variable("CUDA_HOME");
  return first_that_exists({"nvcc", home.empty() ? "" : home + "/bin/nvcc", "/usr/local/cuda/bin/nvcc"});
}

std::string cuobjdump_program() { return first_that_exists({variable("WHEELFIT_CUOBJDUMP"), "cuobjdump"}); }

Tally tally_of(const binary::FatbinListing& listing) {
  Tally tally;
  for (const binary::FatbinContainer& container : listing.containers)
    for (const binary::FatbinImage& image : container.images)
      if (!container.relocatable && (image.kind == ImageKind::ptx || image.kind == ImageKind::cubin))
        ++tally[cuobjdump_name(image)];
  return tally;
}

std::optional<Tally> cuobjdump_says(const fs::path& file) {
  Tally tally;
  for (const char* option : {"--list-elf", "--list-ptx"}) {
    const auto output =
        command_output(fmt::format("'{}' {} '{}' 2>&1", cuobjdump_program(), option, file.string()));
    if (output.text.find("cuobjdump fatal") != std::string::npos) return std::nullopt;
    std::istringstream lines(output.text);
    for (std::string line; std::getline(lines, line);)
      if (const auto found = line.rfind(".sm_"); found != std::string::npos) ++tally[line.substr(found + 1)];
  }
  return tally;
}

}  // namespace wheelfit::test
