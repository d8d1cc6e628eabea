// SPDX-License-Identifier: Apache-2.0
// The GPU probe against libraries that play a driver, each in a child process as in life.
#include <cstdlib>
#include <fstream>
#include <iterator>

#include "compiled.hpp"
#include "probe/accelerators.hpp"
#include "probe/amd_gpus.hpp"
#include "probe/gpu_answer.hpp"
#include "probe/gpu_child.hpp"
#include "python_world.hpp"

namespace wheelfit::probe::test {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

// The test program is the child as well: started with the argument it never reaches the tests.
const bool is_child = [] {
  std::ifstream file("/proc/self/cmdline", std::ios::binary);
  const std::string arguments{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  if (arguments.find(std::string(1, '\0') + gpu_child_argument) == std::string::npos) return false;
  std::_Exit(gpu_probe_child_main());
}();

// A driver's library: what cuInit() does, and the GPUs as "major, minor".
std::string fake_driver(const std::string& init, const std::string& capabilities) {
  return "#include <string.h>\n#include <stddef.h>\n#include <unistd.h>\n"
         "static int sm[][2] = {" +
         capabilities +
         "};\n"
         "int cuDriverGetVersion(int *v) { *v = 12040; return 0; }\n"
         "int cuInit(unsigned f) { " +
         init +
         " }\n"
         "int cuDeviceGetCount(int *n) { *n = sizeof sm / sizeof *sm; return 0; }\n"
         "int cuDeviceGet(int *d, int i) { *d = i; return 0; }\n"
         "int cuDeviceGetName(char *b, int n, int d) { strncpy(b, d ? \"Second\" : \"First\", n); return 0; "
         "}\n"
         "int cuDeviceTotalMem_v2(size_t *m, int d) { *m = 1 << 30; return 0; }\n"
         "int cuDeviceGetAttribute(int *o, int a, int d) { *o = a == 75 ? sm[d][0] : a == 76 ? sm[d][1] : 0; "
         "return 0; }\n";
}

class GpuWorld : public ::testing::Test {
 protected:
  bool install(const std::string& source) {
    return compile_shared(directory_.write("fake.c", source), directory_ / "usr/lib64/libcuda.so.1");
  }
  Accelerators accelerators() {
    system::PosixProcessRunner processes(system::EnvironmentVariables::of_this_process());
    return find_accelerators({"/proc/self/exe", timeout_}, system::EnvironmentVariables(variables_),
                             RootedFiles(directory_.path()), processes);
  }
  Accelerators without_child() {
    NoProcesses processes;
    return find_accelerators({"/nothing"}, system::EnvironmentVariables(variables_),
                             RootedFiles(directory_.path()), processes);
  }

  wheelfit::test::TempDir directory_;
  std::map<std::string, std::string, std::less<>> variables_;
  std::chrono::milliseconds timeout_{20'000};
};

TEST_F(GpuWorld, NoDriverStartsNoChild) {
  const Accelerators found = without_child();
  EXPECT_EQ(found.driver_present.value, false);
  ASSERT_TRUE(found.gpus.known());
  EXPECT_TRUE(found.gpus->empty());
}

TEST_F(GpuWorld, TwoMixedGpus) {
  SKIP_WITHOUT_C_COMPILER();
  ASSERT_TRUE(install(fake_driver("return 0;", "{8, 0}, {9, 0}")));
  directory_.write("sys/module/nvidia/version", "550.54.14\n");
  directory_.write(
      "proc/driver/nvidia/version",
      "NVRM version: NVIDIA UNIX Open Kernel Module for x86_64  550.54.15  Release Build\nGCC version: 12\n");
  variables_["CUDA_VISIBLE_DEVICES"] = "0,1";
  const Accelerators found = accelerators();
  EXPECT_EQ(found.driver->to_string(), "550.54.14");
  EXPECT_THAT(found.driver.disagreeing, ElementsAre(::testing::Field(&Witness::value, "550.54.15")));
  EXPECT_EQ(found.driver_present.value, true);
  ASSERT_TRUE(found.driver_cuda.known());
  EXPECT_EQ(found.driver_cuda->to_string(), "12.4");
  ASSERT_TRUE(found.gpus.known());
  ASSERT_EQ(found.gpus->size(), 2U);
  EXPECT_EQ(found.gpus->at(0).capability, (ComputeCapability{8, 0}));
  EXPECT_EQ(found.gpus->at(1).capability, (ComputeCapability{9, 0}));
  EXPECT_EQ(found.gpus->at(1).name, "Second");
  EXPECT_EQ(found.gpus->at(1).memory_bytes, 1U << 30U);
  EXPECT_THAT(found.remarks, Contains(HasSubstr("CUDA_VISIBLE_DEVICES=0,1")));
}

TEST_F(GpuWorld, TheToolkitsStubIsNoDriver) {
  SKIP_WITHOUT_C_COMPILER();
  ASSERT_TRUE(install(fake_driver("return 34;", "{0, 0}")));
  const Accelerators found = accelerators();
  EXPECT_EQ(found.driver_present.value, false);
  EXPECT_FALSE(found.driver_cuda.known());
  EXPECT_TRUE(found.gpus.known() && found.gpus->empty());
  EXPECT_THAT(found.remarks, Contains(HasSubstr("is the CUDA toolkit's stub, which is no driver")));
}

TEST_F(GpuWorld, ADriverWithoutADevice) {
  SKIP_WITHOUT_C_COMPILER();
  ASSERT_TRUE(install(fake_driver("return 100;", "{0, 0}")));
  const Accelerators found = accelerators();
  EXPECT_EQ(found.driver_present.value, true);
  EXPECT_TRUE(found.gpus.known() && found.gpus->empty());
  EXPECT_THAT(found.remarks, Contains(HasSubstr("sees no GPU (CUDA result 100)")));
}

TEST_F(GpuWorld, AWedgedDriverCostsTheTimeLimitAndNoMore) {
  SKIP_WITHOUT_C_COMPILER();
  ASSERT_TRUE(install(fake_driver("sleep(600); return 0;", "{9, 0}")));
  timeout_ = std::chrono::milliseconds(1000);
  const Accelerators found = accelerators();
  EXPECT_THAT(found.remarks, Contains(HasSubstr("did not answer in 1 s")));
  EXPECT_FALSE(found.gpus.known());
  ASSERT_TRUE(found.driver_cuda.known()) << "what was said before the hang is kept";
  EXPECT_EQ(found.driver_cuda->to_string(), "12.4");
}

TEST_F(GpuWorld, ADriverThatCrashesIsRemarkedOn) {
  SKIP_WITHOUT_C_COMPILER();
  ASSERT_TRUE(install(fake_driver("*(volatile int *)0 = 1; return 0;", "{9, 0}")));
  EXPECT_THAT(accelerators().remarks, Contains(HasSubstr("the NVIDIA driver")));
}

TEST_F(GpuWorld, AKernelDriverWithoutLibraries) {
  directory_.write("proc/driver/nvidia/version",
                   "NVRM version: NVIDIA UNIX x86_64 Kernel Module  535.129.03  Thu\n");
  directory_.write("proc/driver/nvidia/gpus/0000:01:00.0/information",
                   "Model: \t\t NVIDIA A100-SXM4-40GB\nIRQ: 1\n");
  const Accelerators found = accelerators();
  EXPECT_EQ(found.driver_present.value, true);
  EXPECT_THAT(found.remarks, Contains(HasSubstr("was the container started without its GPUs?")));
  ASSERT_TRUE(found.gpus.known());
  EXPECT_EQ(found.gpus->at(0).name, "NVIDIA A100-SXM4-40GB");
  EXPECT_FALSE(found.gpus->at(0).capability.has_value());
}

TEST_F(GpuWorld, AmdFromTheKernelsTopology) {
  const std::string nodes = "sys/class/kfd/kfd/topology/nodes/";
  directory_.write(nodes + "0/properties", "cpu_cores_count 64\ngfx_target_version 0\n");
  directory_.write(nodes + "1/properties", "simd_count 304\ngfx_target_version 90402\n");
  directory_.write(nodes + "1/mem_banks/0/properties", "heap_type 1\nsize_in_bytes 206141652992\n");
  const Accelerators found = without_child();
  ASSERT_EQ(found.gpus->size(), 1U);
  EXPECT_EQ(found.gpus->at(0).amd_target, "gfx942");
  EXPECT_EQ(found.gpus->at(0).memory_bytes, 206141652992U);
  EXPECT_EQ(amd_target_name(90010), "gfx90a");
  EXPECT_EQ(amd_target_name(110001), "gfx1101");
}

TEST(GpuAnswers, NonsenseIsPassedOver) {
  const GpuAnswer answer = parse_gpu_answer(
      "driver says "
      "hello\n{\"library\":\"libcuda.so.1\",\"version_result\":0,\"version\":-3}\n{\"devices\":7}\n[1]\n{");
  EXPECT_EQ(answer.libcuda, "libcuda.so.1");
  EXPECT_FALSE(answer.driver_cuda.has_value());
  EXPECT_FALSE(answer.devices.has_value());
  for (const int result : {34, 100, 802, 803, 804, 999, 1})
    EXPECT_FALSE(explain_cuda_result(result, "x").empty());
}

TEST(DriverText, IsWrittenAsNvidiaWritesIt) {
  const auto text_of = [](const char* version) { return driver_text(*python::Version::parse(version)); };
  EXPECT_EQ(text_of("470.57.02"), "470.57.02");
  EXPECT_EQ(text_of("550.54.14"), "550.54.14");
  EXPECT_EQ(text_of("390.48"), "390.48");
  EXPECT_EQ(text_of("535.104.05"), "535.104.05");
}

}  // namespace
}  // namespace wheelfit::probe::test
