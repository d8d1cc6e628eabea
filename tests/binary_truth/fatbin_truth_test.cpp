// SPDX-License-Identifier: Apache-2.0
// list_fatbins against nvcc (whose -gencode list is known) and NVIDIA's cuobjdump.
#include <algorithm>
#include <cstdlib>
#include <sstream>

#include <fmt/core.h>

#include "binary/gpu_coverage.hpp"
#include "command_output.hpp"
#include "cuda_tools.hpp"
#include "proof/fatbin_decompressor.hpp"
#include "support/elf_builder.hpp"

namespace wheelfit::binary {
namespace {

namespace fs = std::filesystem;
using test::command_output;
using test::cuobjdump_program;
using test::cuobjdump_says;
using test::nvcc_program;
using test::Tally;
using test::tally_of;
using ::testing::IsEmpty;
using ::testing::IsSupersetOf;

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
    if (nvcc_program().empty()) GTEST_SKIP() << test::nvcc_wanted;
    const std::string known = command_output(nvcc_program() + " --list-gpu-code 2>/dev/null").text;
    if (known.find("sm_100") == std::string::npos)
      GTEST_SKIP() << "needs an nvcc that knows sm_100f (CUDA 12.9)";
    builder_.directory().write("k.cu", kernel);
  }

  fs::path compiled(const Mode& mode) {
    builder_.run(fmt::format("{} -shared -Xcompiler -fPIC {} {} {{dir}}/k.cu -o {{dir}}/{}.so",
                             nvcc_program(), mode.options, targets, mode.name));
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
    if (!cuobjdump_program().empty()) {
      EXPECT_EQ(tally_of(listing), cuobjdump_says(file).value_or(Tally{}));
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
  builder_.run(nvcc_program() +
               " -rdc=true -c -Xcompiler -fPIC -gencode arch=compute_80,code=lto_80 "
               "-gencode arch=compute_90,code=sm_90 {dir}/k.cu -o {dir}/k.o");
  const test::FileBytes bytes(builder_.directory() / "k.o");
  const FatbinListing listing = list_fatbins(bytes.span());
  ASSERT_EQ(listing.containers.size(), 1U);
  EXPECT_TRUE(listing.containers[0].relocatable);
  const auto& images = listing.containers[0].images;
  EXPECT_EQ(std::ranges::count(images, ImageKind::lto_ir, &FatbinImage::kind), 1);
  EXPECT_EQ(std::ranges::count(images, ImageKind::cubin, &FatbinImage::kind), 1);
}

struct Seen {
  std::size_t containers = 0, images = 0, compressed = 0, unverified = 0, stubs = 0;
};

Seen look_at(const FatbinListing& listing) {
  Seen seen;
  for (const FatbinContainer& container : listing.containers) {
    ++seen.containers;
    if (container.is_link_stub()) ++seen.stubs;
    for (const FatbinImage& image : container.images) {
      if (image.kind != ImageKind::ptx && image.kind != ImageKind::cubin) continue;
      ++seen.images;
      if (image.compression != Compression::none) ++seen.compressed;
      if (image.arch.suffix == ArchSuffix::unknown || !image.has_code) ++seen.unverified;
    }
  }
  return seen;
}

// WHEELFIT_CUDA_LIBRARIES: shared objects with CUDA code, ':' separated.
TEST(CuobjdumpTruth, AgreesOnRealLibraries) {
  if (cuobjdump_program().empty()) GTEST_SKIP() << test::cuobjdump_wanted;
  const char* set = std::getenv("WHEELFIT_CUDA_LIBRARIES");
  if (set == nullptr) GTEST_SKIP() << "name libraries with CUDA code in WHEELFIT_CUDA_LIBRARIES";
  std::istringstream paths(set);
  std::size_t judged = 0;
  for (std::string path; std::getline(paths, path, ':');) {
    SCOPED_TRACE(path);
    const test::FileBytes bytes(path);
    const FatbinListing listing = list_fatbins(bytes.span(), Depth::payloads, proof::fatbin_decompressor());
    EXPECT_THAT(listing.damage, IsEmpty());
    const auto judge = cuobjdump_says(path);
    const Seen seen = look_at(listing);
    std::printf(
        "%s: %zu containers (%zu link stubs), %zu images, %zu of them compressed, %zu unverified; %s\n",
        path.c_str(), seen.containers, seen.stubs, seen.images, seen.compressed, seen.unverified,
        !judge                        ? "not judged: cuobjdump cannot read it"
        : tally_of(listing) == *judge ? "as cuobjdump"
                                      : "NOT as cuobjdump");
    EXPECT_EQ(seen.unverified, 0U);
    if (!judge) continue;
    ++judged;
    EXPECT_EQ(tally_of(listing), *judge);
  }
  EXPECT_GT(judged, 0U);
}

}  // namespace
}  // namespace wheelfit::binary
