// SPDX-License-Identifier: Apache-2.0
// Extension modules in an environment with a (very small) torch.
#include "example_world.hpp"
#include "proof/judge.hpp"

namespace wheelfit::proof {
namespace {

using example::World;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
namespace fs = std::filesystem;

// c10::detail::torchCheckFail as the two ABIs of libstdc++ mangle it, without the headers.
constexpr std::string_view old_abi = R"(
namespace std { struct string; }
namespace c10 { void check(const char *, const std::string &) {} void line(const char *, int) {} }
)";
constexpr std::string_view new_abi = R"(
namespace std { inline namespace __cxx11 { struct string; } }
namespace c10 { void check(const char *, const std::string &) {} void line(const char *, unsigned) {} }
)";
constexpr std::string_view old_caller = R"(
namespace std { struct string; extern string &s; }
namespace c10 { void check(const char *, const std::string &); }
void f(std::string &s) { c10::check("", s); }
)";

class TorchScope : public ::testing::Test {
 protected:
  static constexpr const char* origin =
      " -Wl,--no-as-needed -Wl,--disable-new-dtags '-Wl,-rpath,$ORIGIN:$ORIGIN/lib' ";

  TorchScope() {
    world.add("bin/python", example::program);
    world.library("site/nvidia/cuda_runtime/lib/libcudart.so.12", R"(extern "C" void cudaFree() {})");
  }
  void torch(std::string_view c10, const std::string& vendor_path = "") {
    const std::string lib = "site/torch/lib/";
    world.library(lib + "libc10.so", c10);
    world.library(lib + "libtorch_global_deps.so", "int deps;",
                  origin + vendor_path + world.with("site/nvidia/cuda_runtime/lib/libcudart.so.12"));
    world.library(lib + "libtorch_python.so", "int torch_python;", origin + world.with(lib + "libc10.so"));
    world.add("site/torch/_C.cpython-311-x86_64-linux-gnu.so", "int core;",
              origin + world.with(lib + "libtorch_python.so"));
  }
  std::string linked_with_c10() { return "-Wl,--no-as-needed " + world.with("site/torch/lib/libc10.so"); }
  Loadability judged(const fs::path& object) {
    LibraryCache cache(world.root());
    return judge(import_scope(cache, {"/bin/python", {"/site"}, {}, {}}), object);
  }
  // The one reason there is.
  void expect_refused(const Loadability& result, ReasonCode code, const std::string& words) {
    EXPECT_EQ(result.verdict, Verdict::refused);
    ASSERT_EQ(result.reasons.size(), 1U);
    EXPECT_EQ(to_string(result.reasons[0].code), to_string(code));
    EXPECT_THAT(result.reasons[0].text.english(), HasSubstr(words));
  }

  World world;
};

TEST_F(TorchScope, LibrariesThatTorchHasLoadedNeedNoPath) {
  torch(old_abi);
  const Loadability result = judged(world.add("site/x.so", old_caller, linked_with_c10()));
  EXPECT_EQ(result.verdict, Verdict::fits);
  EXPECT_THAT(result.needs.libraries, ElementsAre(NeededLibrary{"libc10.so", "x.so", FoundBy::already_loaded,
                                                                "/site/torch/lib/libc10.so"}));
}

TEST_F(TorchScope, VendorLibrariesArePreloadedWhereNoPathLeadsToThem) {
  torch(old_abi);
  const fs::path object =
      world.add("site/x.so", R"(extern "C" { void cudaFree(); void f() { cudaFree(); } })",
                world.with("site/nvidia/cuda_runtime/lib/libcudart.so.12"));
  const Loadability result = judged(object);
  EXPECT_EQ(result.verdict, Verdict::fits);
  EXPECT_EQ(result.needs.libraries.at(0).path, "/site/nvidia/cuda_runtime/lib/libcudart.so.12");
  EXPECT_EQ(result.not_covered.size(), 2U) << "CUDA may not start";
}

TEST_F(TorchScope, TheOtherCxxAbiIsNamed) {
  torch(old_abi);
  const fs::path object = world.add("site/x.so", old_caller, linked_with_c10());
  torch(new_abi);
  expect_refused(judged(object), ReasonCode::cxx11_abi,
                 "is built for the old C++ ABI, libc10.so has the C++11 one");
}

TEST_F(TorchScope, TheOtherCxxAbiIsNamedTheOtherWayRound) {
  torch(new_abi);
  const fs::path object = world.add("site/x.so", R"(
namespace std { inline namespace __cxx11 { struct string; } }
namespace c10 { void check(const char *, const std::string &); }
void f(std::string &s) { c10::check("", s); })",
                                    linked_with_c10());
  torch(old_abi);
  expect_refused(judged(object), ReasonCode::cxx11_abi,
                 "is built for the C++11 ABI, libc10.so has the old one");
}

TEST_F(TorchScope, AChangedSignatureIsAnotherTorch) {
  torch(old_abi);
  const fs::path object = world.add(
      "site/x.so", R"(namespace c10 { void line(const char *, int); } void f() { c10::line("", 1); })",
      linked_with_c10());
  torch(new_abi);
  expect_refused(
      judged(object), ReasonCode::torch_minor,
      "x.so wants c10::line(char const*, int), libc10.so has c10::line(char const*, unsigned int)");
}

TEST_F(TorchScope, ASymbolThatThisTorchLacksIsAnotherTorch) {
  torch(old_abi);
  const fs::path object = world.add(
      "site/x.so", R"(namespace c10 { void newer(); } void f() { c10::newer(); })", linked_with_c10());
  expect_refused(judged(object), ReasonCode::torch_minor,
                 "x.so wants c10::newer(), which this torch does not have");
}

TEST_F(TorchScope, ASymbolOfNobodysIsJustMissing) {
  torch(old_abi);
  const fs::path object = world.add(
      "site/x.so", R"(namespace other { void thing(); } void f() { other::thing(); })", linked_with_c10());
  expect_refused(judged(object), ReasonCode::missing_symbol, "x.so wants other::thing(), which no library");
}

TEST_F(TorchScope, EachCauseIsSaidOnce) {
  torch(old_abi);
  const Loadability result = judged(world.add("site/x.so",
                                              "namespace c10 { void one(); void two(); void three(); } void "
                                              "f() { c10::one(); c10::two(); c10::three(); }",
                                              linked_with_c10()));
  EXPECT_EQ(result.reasons.size(), 1U);
  EXPECT_EQ(result.missing.size(), 3U);
}

TEST_F(TorchScope, ACudaRuntimeOfAnotherMajorIsNamed) {
  torch(old_abi);
  world.library("gone/libcudart.so.11.0", R"(extern "C" void cudaFree() {})");
  const fs::path object =
      world.add("site/x.so", "int x;", "-Wl,--no-as-needed " + world.with("gone/libcudart.so.11.0"));
  expect_refused(judged(object), ReasonCode::cuda_major,
                 "x.so needs libcudart.so.11.0, here is libcudart.so.12");
}

TEST_F(TorchScope, ATorchWithoutCudaIsAnotherBuild) {
  torch(old_abi);
  world.library("gone/libc10_cuda.so", "int c10_cuda;");
  const fs::path object =
      world.add("site/x.so", "int x;", "-Wl,--no-as-needed " + world.with("gone/libc10_cuda.so"));
  expect_refused(judged(object), ReasonCode::torch_build,
                 "libc10_cuda.so, which this build of torch does not have");
}

TEST_F(TorchScope, WithoutTorchThatIsTheReason) {
  torch(old_abi);
  const fs::path object = world.add("site/x.so", old_caller, linked_with_c10());
  fs::remove_all(world.root() / "site/torch");
  expect_refused(judged(object), ReasonCode::torch_missing, "torch is not installed");
}

TEST_F(TorchScope, ATorchThatLacksALibraryItselfProvesNothing) {
  torch(old_abi);
  world.library("gone/libnccl.so.2", "int nccl;");
  world.library("site/torch/lib/libtorch_python.so", "int torch_python;",
                origin + world.with("site/torch/lib/libc10.so") + " " + world.with("gone/libnccl.so.2"));
  const Loadability result = judged(world.add("site/x.so", old_caller, linked_with_c10()));
  EXPECT_EQ(result.verdict, Verdict::unproven);
  ASSERT_EQ(result.reasons.size(), 1U);
  EXPECT_EQ(result.reasons[0].text.english(),
            "libtorch_python.so, which is there already, needs libnccl.so.2, which is not found");
}

}  // namespace
}  // namespace wheelfit::proof
