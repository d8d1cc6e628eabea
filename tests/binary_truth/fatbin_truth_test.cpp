// SPDX-License-Identifier: Apache-2.0
// list_fatbins against nvcc (whose -gencode list is known) and NVIDIA's cuobjdump.
#include <algorithm>
#include <cstdlib>
#include <map>
#include <optional>
#include <sstream>

#include <fmt/core.h>

#include "binary/gpu_coverage.hpp"
#include "command_output.hpp"
#include "support/elf_builder.hpp"

namespace wheelfit::binary {
namespace {

namespace fs = std::filesystem;
using test::command_exists;
using test::command_output;
using ::testing::IsEmpty;
using ::testing::IsSupersetOf;

// "sm_90a.cubin" -> how often. cuobjdump's names leave the family suffix out.
using Tally = std::map<std::string, int>;

std::string cuobjdump_name(const FatbinImage& image) {
  const char* suffix = image.arch.suffix == ArchSuffix::a         ? "a"
                       : image.arch.suffix == ArchSuffix::unknown ? "?"
                                                                  : "";
  return fmt::format("sm_{}{}.{}", image.arch.number, suffix, image.kind == ImageKind::ptx ? "ptx" : "cubin");
}

Tally ours(const FatbinListing& listing) {
  Tally tally;
  for (const FatbinContainer& container : listing.containers)
    for (const FatbinImage& image : container.images)
      if (!container.relocatable && (image.kind == ImageKind::ptx || image.kind == ImageKind::cubin))
        ++tally[cuobjdump_name(image)];
  return tally;
}

// nullopt where cuobjdump gives up: that of CUDA 13 does at code for GPUs which CUDA 13 dropped (sm_50 to
// sm_70).
std::optional<Tally> theirs(const std::string& cuobjdump, const fs::path& file) {
  Tally tally;
  for (const char* option : {"--list-elf", "--list-ptx"}) {
    const auto output = command_output(fmt::format("'{}' {} '{}' 2>&1", cuobjdump, option, file.string()));
    if (output.text.find("cuobjdump fatal") != std::string::npos) return std::nullopt;
    std::istringstream lines(output.text);
    for (std::string line; std::getline(lines, line);)
      if (const auto found = line.rfind(".sm_"); found != std::string::npos) ++tally[line.substr(found + 1)];
  }
  return tally;
}

std::string cuobjdump_program() {
  const char* set = std::getenv("WHEELFIT_CUOBJDUMP");
  return set != nullptr ? set : command_exists("cuobjdump") ? "cuobjdump" : "";
}

struct Mode {
  const char* name;
  const char* options;
};
constexpr Mode modes[] = {{"balance", ""},
                          {"size", "-Xfatbin -compress-all"},
                          {"speed", "--compress-mode=speed"},
                          {"none", "--compress-mode=none"}};
constexpr auto kernel =
    "__global__ void scale(float* x, float a) { x[threadIdx.x] *= a; }\n"
    "extern \"C\" void run(float* x) { scale<<<1, 32>>>(x, 2.f); }\n";
constexpr auto targets =
    "-gencode arch=compute_80,code=sm_80 -gencode arch=compute_90a,code=sm_90a "
    "-gencode arch=compute_100f,code=sm_100f -gencode arch=compute_90,code=compute_90";

class NvccTruth : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!command_exists("nvcc")) GTEST_SKIP() << "needs nvcc (CUDA toolkit) on PATH";
    const std::string known = command_output("nvcc --list-gpu-code 2>/dev/null").text;
    if (known.find("sm_100") == std::string::npos)
      GTEST_SKIP() << "needs an nvcc that knows sm_100f (CUDA 12.9)";
    builder_.directory().write("k.cu", kernel);
  }

  fs::path compiled(const Mode& mode) {
    builder_.run(fmt::format("nvcc -shared -Xcompiler -fPIC {} {} {{dir}}/k.cu -o {{dir}}/{}.so",
                             mode.options, targets, mode.name));
    return builder_.directory() / fmt::format("{}.so", mode.name);
  }

  test::ElfBuilder builder_;
};

TEST_F(NvccTruth, ListsTheTargetsThatWereAskedForInEveryCompressionMode) {
  for (const Mode& mode : modes) {
    SCOPED_TRACE(mode.name);
    const fs::path file = compiled(mode);
    const test::FileBytes bytes(file);
    const FatbinListing listing = list_fatbins(bytes.span());
    EXPECT_THAT(listing.damage, IsEmpty());
    std::vector<std::string> found;
    for (const FatbinContainer& container : listing.containers)
      for (const FatbinImage& image : container.images)
        found.push_back((image.kind == ImageKind::ptx ? "compute_" : "sm_") + to_string(image.arch));
    EXPECT_THAT(found, IsSupersetOf({"sm_80", "sm_90a", "sm_100f", "compute_90"}));
    const std::string cuobjdump = cuobjdump_program();
    if (!cuobjdump.empty()) {
      EXPECT_EQ(ours(listing), theirs(cuobjdump, file).value_or(Tally{}));
    }
  }
}

TEST_F(NvccTruth, LeavesTheLinkStubOut) {
  const test::FileBytes bytes(compiled(modes[3]));
  const FatbinListing listing = list_fatbins(bytes.span());
  EXPECT_EQ(std::ranges::count_if(listing.containers, &FatbinContainer::is_link_stub), 1);
  EXPECT_EQ(gpu_coverage(listing.containers, {8, 0}).modules, 1U);
  for (const FatbinContainer& container : listing.containers)
    for (const FatbinImage& image : container.images) {
      EXPECT_TRUE(image.suffix_confirmed) << to_string(image.arch);
      if (container.is_link_stub()) continue;
      EXPECT_EQ(kernel_names(image), std::vector<std::string>{"_Z5scalePff"}) << to_string(image.arch);
    }
}

TEST_F(NvccTruth, TellsRelocatableAndIntermediateCode) {
  builder_.run(
      "nvcc -rdc=true -c -Xcompiler -fPIC -gencode arch=compute_80,code=lto_80 "
      "-gencode arch=compute_90,code=sm_90 {dir}/k.cu -o {dir}/k.o");
  const test::FileBytes bytes(builder_.directory() / "k.o");
  const FatbinListing listing = list_fatbins(bytes.span());
  ASSERT_EQ(listing.containers.size(), 1U);
  EXPECT_TRUE(listing.containers[0].relocatable);
  const auto& images = listing.containers[0].images;
  EXPECT_EQ(std::ranges::count(images, ImageKind::lto_ir, &FatbinImage::kind), 1);
  EXPECT_EQ(std::ranges::count(images, ImageKind::cubin, &FatbinImage::kind), 1);
}

// WHEELFIT_CUDA_LIBRARIES: shared objects with CUDA code, ':' separated.
TEST(CuobjdumpTruth, AgreesOnRealLibraries) {
  const std::string cuobjdump = cuobjdump_program();
  if (cuobjdump.empty()) GTEST_SKIP() << "needs cuobjdump on PATH or in WHEELFIT_CUOBJDUMP";
  const char* set = std::getenv("WHEELFIT_CUDA_LIBRARIES");
  if (set == nullptr) GTEST_SKIP() << "name libraries with CUDA code in WHEELFIT_CUDA_LIBRARIES";
  std::istringstream paths(set);
  std::size_t judged = 0;
  for (std::string path; std::getline(paths, path, ':');) {
    SCOPED_TRACE(path);
    const test::FileBytes bytes(path);
    const FatbinListing listing = list_fatbins(bytes.span());
    EXPECT_THAT(listing.damage, IsEmpty());
    const auto judge = theirs(cuobjdump, path);
    std::printf("%s: %zu containers%s\n", path.c_str(), listing.containers.size(),
                judge ? "" : ", not judged: cuobjdump cannot read it");
    if (!judge) continue;
    ++judged;
    EXPECT_EQ(ours(listing), *judge);
  }
  EXPECT_GT(judged, 0U);
}

}  // namespace
}  // namespace wheelfit::binary
