// SPDX-License-Identifier: Apache-2.0
// Every way to ask nvcc for code, in every mode of compression, opened with the program's own decompressors
// and judged by what was asked for and by cuobjdump.
#include <algorithm>
#include <ostream>
#include <set>
#include <stdexcept>
#include <string_view>

#include <fmt/core.h>

#include "binary/gpu_coverage.hpp"
#include "command_output.hpp"
#include "cuda_tools.hpp"
#include "proof/fatbin_decompressor.hpp"
#include "support/elf_builder.hpp"
#include "support/object_builder.hpp"

namespace wheelfit::binary {
namespace {

using test::cuobjdump_program;
using test::nvcc_program;
using Targets = std::set<std::string>;

struct Request {
  std::string name;
  std::string options;
  Targets targets;      // that must be found, and no others
  std::size_t modules;  // that the driver would load, link stubs left out

  friend std::ostream& operator<<(std::ostream& out, const Request& request) { return out << request.name; }
};

// Two kernels and a function that another file may call.
constexpr auto source = R"(__device__ float helper(float x) { return x * 3; }
__global__ void scale(float* x, float a) { x[threadIdx.x] *= helper(a); }
__global__ void shift(int* x) { x[threadIdx.x] += 1; }
extern "C" void run(float* x, int* y) { scale<<<1, 32>>>(x, 2.f); shift<<<1, 32>>>(y); }
)";
constexpr auto mixed =
    "-gencode arch=compute_80,code=sm_80 -gencode arch=compute_90a,code=sm_90a "
    "-gencode arch=compute_100f,code=sm_100f -gencode arch=compute_120,code=compute_120 ";
const Targets mixed_targets{"sm_80", "sm_90a", "sm_100f", "compute_120"};

std::vector<Request> requests() {
  return {
      {"CompressedNot", std::string(mixed) + "--compress-mode=none", mixed_targets, 1},
      {"CompressedForSpeed", std::string(mixed) + "--compress-mode=speed", mixed_targets, 1},
      {"CompressedBalanced", std::string(mixed) + "--compress-mode=balance", mixed_targets, 1},
      {"CompressedForSize", std::string(mixed) + "--compress-mode=size", mixed_targets, 1},
      {"CompressedByDefault", std::string(mixed) + "--compress-mode=default", mixed_targets, 1},
      {"CompressedAll", std::string(mixed) + "-Xfatbin -compress-all", mixed_targets, 1},
      {"OneArch", "-arch=sm_90", {"sm_90", "compute_90"}, 1},
      {"PtxOnly", "-gencode arch=compute_80,code=compute_80", {"compute_80"}, 1},
      {"PtxOnlyCompressed",
       "-gencode arch=compute_80,code=compute_80 -gencode arch=compute_90a,code=compute_90a "
       "--compress-mode=size",
       {"compute_80", "compute_90a"},
       1},
      {"BothOfOne", "-gencode arch=compute_86,code=[sm_86,compute_86]", {"sm_86", "compute_86"}, 1},
      {"PlainAndSpecific",
       "-gencode arch=compute_90,code=sm_90 -gencode arch=compute_90a,code=sm_90a "
       "-gencode arch=compute_100a,code=sm_100a -gencode arch=compute_100f,code=sm_100f",
       {"sm_90", "sm_90a", "sm_100a", "sm_100f"},
       1},
      {"Families",
       "-gencode arch=compute_103f,code=sm_103f -gencode arch=compute_120f,code=[sm_120f,compute_120f] "
       "-gencode arch=compute_121a,code=sm_121a",
       {"sm_103f", "sm_120f", "compute_120f", "sm_121a"},
       1},
      {"Debug", "-G -gencode arch=compute_80,code=[sm_80,compute_80]", {"sm_80", "compute_80"}, 1},
      {"LineInfo", "-lineinfo --compress-mode=size -arch=sm_80", {"sm_80", "compute_80"}, 1},
      {"Relocatable",
       "-rdc=true -gencode arch=compute_80,code=sm_80 -gencode arch=compute_90a,code=sm_90a",
       {"sm_80", "sm_90a"},
       1},
      {"LinkTimeOptimised", "-dlto -arch=sm_80", {"sm_80"}, 1},
      // Without -dlto at the link nothing is made of the intermediate code.
      {"LinkTimeCodeThatIsNotLinked",
       "-rdc=true -gencode arch=compute_80,code=lto_80 -gencode arch=compute_90a,code=sm_90a",
       {"sm_90a"},
       1},
      {"Stripped", "-arch=sm_80 -Xlinker --strip-all", {"sm_80", "compute_80"}, 1},
  };
}

Targets targets_of(const FatbinListing& listing) {
  Targets found;
  for (const FatbinContainer& container : listing.containers)
    for (const FatbinImage& image : container.images)
      if (!container.relocatable && (image.kind == ImageKind::ptx || image.kind == ImageKind::cubin))
        found.insert((image.kind == ImageKind::ptx ? "compute_" : "sm_") + to_string(image.arch));
  return found;
}

class NvccMatrix : public ::testing::TestWithParam<Request> {
 protected:
  void SetUp() override {
    if (nvcc_program().empty()) GTEST_SKIP() << test::nvcc_wanted;
    const std::string known = test::command_output(nvcc_program() + " --list-gpu-code 2>/dev/null").text;
    if (known.find("sm_121") == std::string::npos)
      GTEST_SKIP() << "needs an nvcc that knows sm_121 (CUDA 12.9)";
    builder_.directory().write("k.cu", source);
    try {
      builder_.run(fmt::format("{} -shared -Xcompiler -fPIC {} {{dir}}/k.cu -o {{dir}}/k.so", nvcc_program(),
                               GetParam().options));
    } catch (const std::runtime_error& error) {
      if (std::string_view(error.what()).find("elfLink linker library load error") == std::string_view::npos)
        throw;
      GTEST_SKIP() << "needs a toolkit with nvlink's link-time optimiser";
    }
  }

  std::filesystem::path object() const { return builder_.directory() / "k.so"; }

 private:
  test::ElfBuilder builder_;
};

TEST_P(NvccMatrix, IsListedAsAskedFor) {
  const test::FileBytes bytes(object());
  const Decompressor decompress = proof::fatbin_decompressor();
  const FatbinListing listing = list_fatbins(bytes.span(), Depth::payloads, decompress);
  EXPECT_THAT(listing.damage, ::testing::IsEmpty());
  EXPECT_EQ(targets_of(listing), GetParam().targets);
  EXPECT_EQ(gpu_coverage(listing.containers, {9, 0}).modules, GetParam().modules);
  for (const FatbinContainer& container : listing.containers) {
    if (container.relocatable) continue;
    for (const FatbinImage& image : container.images) {
      SCOPED_TRACE(to_string(image.arch));
      EXPECT_TRUE(image.suffix_confirmed);
      EXPECT_NE(image.has_code, std::nullopt);
      if (container.is_link_stub()) continue;
      auto kernels = kernel_names(image, decompress);
      std::ranges::sort(kernels);
      EXPECT_EQ(kernels, (std::vector<std::string>{"_Z5scalePff", "_Z5shiftPi"}));
    }
  }
  // Found by searching, too, where the section table is gone.
  test::ObjectBuilder::without_sections(object());
  const test::FileBytes bare(object());
  const FatbinListing searched = list_fatbins(bare.span(), Depth::payloads, decompress);
  EXPECT_TRUE(searched.scanned);
  EXPECT_EQ(test::tally_of(searched), test::tally_of(listing));
}

TEST_P(NvccMatrix, IsListedAsCuobjdumpLists) {
  if (cuobjdump_program().empty()) GTEST_SKIP() << test::cuobjdump_wanted;
  const test::FileBytes bytes(object());
  const FatbinListing listing = list_fatbins(bytes.span(), Depth::payloads, proof::fatbin_decompressor());
  const auto judge = test::cuobjdump_says(object());
  ASSERT_TRUE(judge) << "cuobjdump cannot read it";
  EXPECT_EQ(test::tally_of(listing), *judge);
}

INSTANTIATE_TEST_SUITE_P(Requests, NvccMatrix, ::testing::ValuesIn(requests()),
                         [](const auto& request) { return request.param.name; });

}  // namespace
}  // namespace wheelfit::binary
