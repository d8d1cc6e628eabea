// SPDX-License-Identifier: Apache-2.0
#include "binary/gpu_coverage.hpp"

namespace wheelfit::binary {
namespace {

using ::testing::ElementsAre;

FatbinImage sass(GpuArch arch) {
  FatbinImage image;
  image.kind = ImageKind::cubin;
  image.arch = arch;
  image.has_code = true;
  return image;
}

FatbinImage ptx(GpuArch arch, unsigned major, unsigned minor) {
  FatbinImage image = sass(arch);
  image.kind = ImageKind::ptx;
  image.version_major = major;
  image.version_minor = minor;
  return image;
}

FatbinContainer module_of(std::vector<FatbinImage> images) { return {0, false, std::move(images)}; }

ModuleFate fate(FatbinImage image, ComputeCapability gpu, std::optional<CudaVersion> driver = std::nullopt) {
  return gpu_coverage({module_of({std::move(image)})}, gpu, driver).fates.at(0);
}

TEST(GpuArch, SassRunsWithinItsMajor) {
  EXPECT_EQ(sass_runs_on({80, ArchSuffix::none}, {8, 0}), true);
  EXPECT_EQ(sass_runs_on({80, ArchSuffix::none}, {8, 9}), true);
  EXPECT_EQ(sass_runs_on({86, ArchSuffix::none}, {8, 0}), false);
  EXPECT_EQ(sass_runs_on({80, ArchSuffix::none}, {9, 0}), false);
  EXPECT_EQ(sass_runs_on({120, ArchSuffix::none}, {12, 1}), true);
}

TEST(GpuArch, SuffixesNarrowWhereItRuns) {
  EXPECT_EQ(sass_runs_on({90, ArchSuffix::a}, {9, 0}), true);
  EXPECT_EQ(sass_runs_on({100, ArchSuffix::a}, {10, 3}), false);
  EXPECT_EQ(sass_runs_on({100, ArchSuffix::f}, {10, 3}), true);
  EXPECT_EQ(sass_runs_on({100, ArchSuffix::f}, {11, 0}), false);
  EXPECT_EQ(ptx_compiles_for({90, ArchSuffix::none}, {12, 0}), true);
  EXPECT_EQ(ptx_compiles_for({90, ArchSuffix::a}, {12, 0}), false);
  EXPECT_EQ(ptx_compiles_for({100, ArchSuffix::f}, {10, 3}), true);
  EXPECT_EQ(ptx_compiles_for({100, ArchSuffix::f}, {12, 0}), false);
  EXPECT_EQ(ptx_compiles_for({90, ArchSuffix::none}, {8, 9}), false);
}

TEST(GpuArch, AnUnknownSuffixIsOnlyJudgedWhereItDoesNotMatter) {
  EXPECT_EQ(sass_runs_on({100, ArchSuffix::unknown}, {10, 0}), true);
  EXPECT_EQ(sass_runs_on({100, ArchSuffix::unknown}, {10, 3}), std::nullopt);
  EXPECT_EQ(sass_runs_on({100, ArchSuffix::unknown}, {12, 0}), false);
  EXPECT_EQ(ptx_compiles_for({100, ArchSuffix::unknown}, {12, 0}), std::nullopt);
}

TEST(GpuArch, KnowsWhichCudaReadsAPtxIsa) {
  EXPECT_EQ(cuda_of_ptx_isa(8, 5), (CudaVersion{12, 5}));
  EXPECT_EQ(cuda_of_ptx_isa(9, 0), (CudaVersion{13, 0}));
  EXPECT_EQ(cuda_of_ptx_isa(4, 0), (CudaVersion{9, 0})) << "older than the table: any driver there is";
  EXPECT_EQ(cuda_of_ptx_isa(42, 0), std::nullopt);
}

TEST(GpuCoverage, CountsModulesNotTargets) {
  const auto coverage = gpu_coverage({module_of({sass({80, {}}), sass({90, {}})}),
                                      module_of({sass({80, {}})}), module_of({ptx({80, {}}, 8, 0)})},
                                     {9, 0});
  EXPECT_EQ(coverage.verdict, CoverageVerdict::some);
  EXPECT_EQ(coverage.modules, 3U);
  EXPECT_EQ(coverage.by_sass, 1U);
  EXPECT_EQ(coverage.by_ptx, 1U);
  EXPECT_EQ(coverage.runnable(), 2U);
  EXPECT_THAT(coverage.missing, ElementsAre(1U));
}

TEST(GpuCoverage, SaysAllAndNoneOnlyWhenTheyAreProven) {
  EXPECT_EQ(gpu_coverage({module_of({sass({80, {}})})}, {8, 6}).verdict, CoverageVerdict::all);
  EXPECT_EQ(gpu_coverage({module_of({sass({80, {}})})}, {12, 0}).verdict, CoverageVerdict::none);
  EXPECT_EQ(gpu_coverage({module_of({sass({100, ArchSuffix::unknown})})}, {10, 3}).verdict,
            CoverageVerdict::unknown);
  EXPECT_EQ(gpu_coverage({}, {8, 0}).verdict, CoverageVerdict::no_modules);
}

TEST(GpuCoverage, LeavesLinkStubsAndRelocatableCodeOut) {
  FatbinImage empty = sass({120, {}});
  empty.has_code = false;
  FatbinContainer relocatable = module_of({sass({120, {}})});
  relocatable.relocatable = true;
  const auto coverage = gpu_coverage({module_of({empty}), relocatable, module_of({sass({80, {}})})}, {12, 0});
  EXPECT_EQ(coverage.verdict, CoverageVerdict::none);
  EXPECT_EQ(coverage.modules, 1U);
}

TEST(GpuCoverage, KnowsWhichPtxADriverCompiles) {
  EXPECT_EQ(fate(ptx({90, {}}, 8, 8), {12, 0}, CudaVersion{12, 9}), ModuleFate::ptx);
  EXPECT_EQ(fate(ptx({90, {}}, 9, 0), {12, 0}, CudaVersion{12, 9}), ModuleFate::ptx_too_new);
  EXPECT_EQ(fate(ptx({90, {}}, 9, 0), {12, 0}), ModuleFate::ptx) << "no driver named";
  EXPECT_EQ(fate(ptx({90, {}}, 42, 0), {12, 0}, CudaVersion{13, 0}), ModuleFate::unknown);
}

TEST(GpuCoverage, KnowsThatOldDriversDoNotReadZstd) {
  FatbinImage image = sass({80, {}});
  image.compression = Compression::zstd;
  EXPECT_EQ(fate(image, {8, 0}, CudaVersion{12, 2}), ModuleFate::unreadable);
  EXPECT_EQ(fate(image, {8, 0}, CudaVersion{12, 4}), ModuleFate::sass);
  EXPECT_EQ(fate(image, {9, 0}, CudaVersion{12, 2}), ModuleFate::none);
  image.compression = Compression::lz4;
  EXPECT_EQ(fate(image, {8, 0}, CudaVersion{12, 2}), ModuleFate::sass);
}

TEST(GpuCoverage, IgnoresCodeThatNoDriverLoads) {
  FatbinImage image = sass({80, {}});
  image.kind = ImageKind::lto_ir;
  EXPECT_EQ(fate(image, {8, 0}), ModuleFate::none);
}

}  // namespace
}  // namespace wheelfit::binary
