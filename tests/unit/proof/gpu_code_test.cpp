// SPDX-License-Identifier: Apache-2.0
#include "proof/gpu_code.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/fatbin_builder.hpp"

namespace wheelfit::proof {
namespace {

using test::cubin;
using test::elf_with_section;
using test::fatbin_container;
using test::FatbinEntry;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

FatbinEntry sass(std::uint32_t arch, std::string_view kernel = "_Z3runv") {
  return {.kind = 2, .arch = arch, .payload = cubin(kernel, "sm_" + std::to_string(arch))};
}

FatbinEntry ptx(std::uint32_t arch, std::uint16_t major, std::uint16_t minor) {
  const std::string text =
      ".version 8.0\n.target sm_" + std::to_string(arch) + "\n.visible .entry _Z3runv() {}";
  return {.kind = 1, .arch = arch, .payload = text, .major = major, .minor = minor};
}

class GpuCodeOf : public ::testing::Test {
 protected:
  void container(const std::vector<FatbinEntry>& entries) { content += fatbin_container(entries); }
  GpuProof proof(unsigned major, unsigned minor, std::optional<binary::CudaVersion> driver = std::nullopt) {
    object = elf_with_section(".nv_fatbin", content);
    GpuCode code({});
    code.add("demo.so", std::as_bytes(std::span(object)));
    summary = code.summary();
    return code.prove({{{major, minor}}, driver}).front();
  }

  std::string content;
  std::string object;
  DeviceCode summary;
};

TEST_F(GpuCodeOf, EveryModuleWithCodeForTheGpuFits) {
  container({sass(80), sass(90)});
  container({sass(80)});
  const GpuProof result = proof(8, 6);
  EXPECT_EQ(result.verdict, Verdict::fits);
  EXPECT_EQ(result.modules, 2U);
  EXPECT_EQ(result.by_sass, 2U);
  EXPECT_THAT(summary.sass, ElementsAre("sm_80", "sm_90"));
  EXPECT_EQ(summary.modules, 2U);
}

TEST_F(GpuCodeOf, SomeModulesAreADoubtThatNamesKernels) {
  container({sass(80), sass(90)});
  container({sass(80, "_Z7forwardi")});
  const GpuProof result = proof(9, 0);
  EXPECT_EQ(result.verdict, Verdict::unproven);
  EXPECT_THAT(result.missing_kernels, ElementsAre("forward(int)"));
  ASSERT_EQ(result.reasons.size(), 1U);
  EXPECT_EQ(result.reasons[0].code, ReasonCode::gpu_arch);
  EXPECT_EQ(result.reasons[0].text.english(),
            "1 of its 2 modules have code for sm_90; without are: forward(int)");
}

TEST_F(GpuCodeOf, NoModuleIsARefusal) {
  container({sass(80)});
  const GpuProof result = proof(12, 0);
  EXPECT_EQ(result.verdict, Verdict::refused);
  EXPECT_THAT(result.reasons[0].text.english(), HasSubstr("has kernels for sm_80 only, none for sm_120"));
}

TEST_F(GpuCodeOf, PtxThatTheDriverCannotReadIsTheDriversFault) {
  container({ptx(80, 8, 7)});
  EXPECT_EQ(proof(12, 0, binary::CudaVersion{13, 0}).verdict, Verdict::fits);
  const GpuProof result = proof(12, 0, binary::CudaVersion{12, 2});
  EXPECT_EQ(result.verdict, Verdict::refused);
  ASSERT_FALSE(result.reasons.empty());
  EXPECT_EQ(result.reasons[0].code, ReasonCode::driver);
}

TEST_F(GpuCodeOf, ZstdNeedsADriverThatReadsIt) {
  container({{.kind = 2, .arch = 80, .flags = 0x8011, .payload = std::string(64, 'z'), .raw_size = 1000}});
  EXPECT_EQ(proof(8, 0, binary::CudaVersion{12, 4}).verdict, Verdict::fits);
  EXPECT_TRUE(summary.zstd);
  const GpuProof result = proof(8, 0, binary::CudaVersion{12, 3});
  EXPECT_EQ(result.verdict, Verdict::refused);
  EXPECT_EQ(result.reasons[0].code, ReasonCode::driver);
}

TEST_F(GpuCodeOf, AnObjectWithoutGpuCodeFitsEveryGpu) {
  const GpuProof result = proof(9, 0);
  EXPECT_EQ(result.verdict, Verdict::fits);
  EXPECT_EQ(result.modules, 0U);
  EXPECT_THAT(summary.sass, IsEmpty());
}

TEST_F(GpuCodeOf, DamageIsSaidWithTheObjectsName) {
  container({sass(80)});
  content.resize(content.size() - 16);
  proof(8, 0);
  ASSERT_EQ(summary.damage.size(), 1U);
  EXPECT_THAT(summary.damage[0], testing::StartsWith("demo.so: "));
}

}  // namespace
}  // namespace wheelfit::proof
