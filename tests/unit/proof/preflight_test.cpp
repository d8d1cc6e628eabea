// SPDX-License-Identifier: Apache-2.0
#include "proof/preflight.hpp"

#include "base/error.hpp"
#include "example_world.hpp"
#include "support/temp_dir.hpp"
#include "support/wheel_builder.hpp"
#include "system/byte_source.hpp"

namespace wheelfit::proof {
namespace {

using example::World;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

// A wheel that counts what is read of it.
class Counted final : public system::ByteSource {
 public:
  explicit Counted(std::string bytes) : bytes_(std::move(bytes)) {}
  std::uint64_t size() const override { return bytes_.size(); }
  void read(std::uint64_t offset, std::span<std::byte> into) override {
    std::ranges::copy(std::as_bytes(std::span(bytes_)).subspan(offset, into.size()), into.begin());
    bytes_read += into.size();
  }
  std::uint64_t bytes_read = 0;

 private:
  std::string bytes_;
};

constexpr std::string_view c10 = "namespace c10 { void check(int) {} }";
constexpr std::string_view caller = R"(namespace c10 { void check(int); } void f() { c10::check(1); })";
constexpr std::string_view later_caller =
    R"(namespace c10 { void check(long); } void f() { c10::check(1L); })";
constexpr std::string_view large = "extern const char blob[4000000] = {1};";

class PreflightOf : public ::testing::Test {
 protected:
  PreflightOf() {
    world.add("bin/python", example::program);
    world.library("site/torch/lib/libc10.so", c10);
    world.library("site/torch/lib/libtorch_global_deps.so", "int deps;");
    world.library("site/torch/lib/libtorch_python.so", "int torch_python;",
                  "-Wl,--no-as-needed -Wl,--disable-new-dtags '-Wl,-rpath,$ORIGIN' " +
                      world.with("site/torch/lib/libc10.so"));
    world.add("site/torch/_C.cpython-311-x86_64-linux-gnu.so", "int core;",
              "-Wl,--no-as-needed -Wl,--disable-new-dtags '-Wl,-rpath,$ORIGIN/lib' " +
                  world.with("site/torch/lib/libtorch_python.so"));
  }
  std::string object(const std::string& name, const std::string& source, const std::string& flags = {}) {
    return test::read_text(world.root() / world.add("made/" + name, source, flags).relative_path());
  }
  void member(const std::string& path, const std::string& source, const std::string& flags = {}) {
    wheel.file(path, object(std::filesystem::path(path).filename(), source, flags));
  }
  WheelProof proof() {
    bytes.emplace(wheel.bytes());
    system::ZipReader reader(*bytes, "demo.whl");
    const WheelCode code = code_in(reader.entries(), "cpython-311");
    return preflight(reader, code, import_scope(cache, {"/bin/python", {"/site"}, {}, {}}));
  }
  static std::vector<std::string> codes(const WheelProof& proof) {
    std::vector<std::string> all;
    for (const Reason& reason : proof.reasons) all.emplace_back(to_string(reason.code));
    return all;
  }

  World world;
  LibraryCache cache{world.root()};
  test::WheelBuilder wheel{"demo", "1.0"};
  std::optional<Counted> bytes;
};

TEST_F(PreflightOf, AModuleWhoseSymbolsAreThereFitsByAFractionOfItsBytes) {
  member("demo.cpython-311-x86_64-linux-gnu.so", std::string(caller) + std::string(large));
  const WheelProof result = proof();
  EXPECT_EQ(result.verdict, Verdict::fits);
  EXPECT_THAT(result.reasons, IsEmpty());
  EXPECT_EQ(result.extent, Extent::first_bytes);
  ASSERT_THAT(result.modules, SizeIs(1));
  EXPECT_EQ(result.modules[0].member, "demo.cpython-311-x86_64-linux-gnu.so");
  EXPECT_TRUE(result.uses_torch);
  EXPECT_FALSE(result.stable_torch_abi);
  EXPECT_FALSE(result.stable_python_abi);
  EXPECT_LT(bytes->bytes_read, bytes->size() / 8);
}

TEST_F(PreflightOf, OneModuleThatCannotBeLoadedRefusesTheWheel) {
  member("a.cpython-311-x86_64-linux-gnu.so", std::string(caller));
  member("b.cpython-311-x86_64-linux-gnu.so",
         std::string(later_caller) + "int own(); int g() { return own(); }");
  const WheelProof result = proof();
  EXPECT_EQ(result.verdict, Verdict::refused);
  EXPECT_THAT(codes(result), ElementsAre("torch-minor")) << "the doubts of the same module do not matter";
  ASSERT_THAT(result.modules, SizeIs(2));
  EXPECT_EQ(result.modules[0].loadability.verdict, Verdict::fits);
  EXPECT_EQ(result.modules[1].loadability.verdict, Verdict::refused);
}

TEST_F(PreflightOf, ASymbolOfNobodysIsADoubt) {
  member("demo.so", "int own(); int g() { return own(); }");
  const WheelProof result = proof();
  EXPECT_EQ(result.verdict, Verdict::unproven);
  EXPECT_THAT(codes(result), ElementsAre("missing-symbol"));
  EXPECT_FALSE(result.uses_torch);
}

TEST_F(PreflightOf, ALibraryThatComesAlongIsNotCalledMissing) {
  world.text("own.map", "OWN_1 { global: own; };");
  const std::string library =
      object("libown-12ab.so.1", R"(extern "C" int own() { return 1; })",
             "-Wl,-soname,libown-12ab.so.1 -Wl,--version-script=" + world.with("own.map"));
  wheel.file("demo.libs/libown-12ab.so.1", library);
  member("demo.so", R"(extern "C" int own(); int g() { return own(); })",
         world.with("made/libown-12ab.so.1"));
  const WheelProof result = proof();
  EXPECT_EQ(result.verdict, Verdict::unproven);
  ASSERT_THAT(codes(result), ElementsAre("missing-library"));
  EXPECT_THAT(result.reasons[0].text.english(), HasSubstr("that its wheel brings along"));
}

TEST_F(PreflightOf, TheSameReasonIsSaidOnce) {
  member("demo.so", "int own(); int g() { return own(); }");
  member("sub/demo.so", "int own(); int g() { return own(); }");
  EXPECT_THAT(proof().reasons, SizeIs(1));
}

TEST_F(PreflightOf, ALargeModuleWithItsTablesElsewhereMustBeDownloaded) {
  std::string rewritten =
      object("demo.so", std::string(caller) + "extern const unsigned long long blob[500000] = {1};");
  // As patchelf leaves it: the program headers, and with them all else, at the end.
  const std::uint64_t headers_at = rewritten.size();
  rewritten += rewritten.substr(64, 64 * 16);
  for (std::size_t byte = 0; byte < 8; ++byte)
    rewritten[32 + byte] = static_cast<char>(headers_at >> (8 * byte) & 0xffU);
  wheel.file("demo.so", rewritten);
  const WheelProof result = proof();
  EXPECT_EQ(result.verdict, Verdict::unproven);
  EXPECT_EQ(result.extent, Extent::nothing);
  ASSERT_THAT(codes(result), ElementsAre("missing-symbol"));
  EXPECT_THAT(result.reasons[0].text.english(), HasSubstr("only the whole wheel shows"));
  EXPECT_LT(bytes->bytes_read, 150'000U) << "and no more is read in vain";
}

TEST_F(PreflightOf, ASmallModuleIsReadAsAWhole) {
  // Without a version need the reader of prefixes wants to see more than there is.
  member("demo.so", std::string(later_caller));
  EXPECT_THAT(codes(proof()), ElementsAre("torch-minor"));
}

TEST_F(PreflightOf, WhatIsNoSharedObjectIsRefused) {
  wheel.file("demo.so", "INPUT(libdemo.so.1)\n" + std::string(200, ' '));
  const WheelProof result = proof();
  EXPECT_EQ(result.verdict, Verdict::refused);
  EXPECT_THAT(codes(result), ElementsAre("platform"));
}

TEST_F(PreflightOf, AModuleThatUsesOnlyTheStableInterfacesSaysSo) {
  member("demo.abi3.so", R"(extern "C" int aoti_torch_get_dim(); int g() { return aoti_torch_get_dim(); })");
  const WheelProof result = proof();
  EXPECT_TRUE(result.stable_python_abi);
  EXPECT_TRUE(result.stable_torch_abi);
  EXPECT_TRUE(result.uses_torch);
}

TEST_F(PreflightOf, ModulesOfAnotherPythonRefuseTheWheelUnread) {
  member("demo.cpython-310-x86_64-linux-gnu.so", std::string(caller) + std::string(large));
  const WheelProof result = proof();
  EXPECT_EQ(result.verdict, Verdict::refused);
  EXPECT_THAT(codes(result), ElementsAre("python-tag"));
  EXPECT_LT(bytes->bytes_read, 1000U);
}

TEST_F(PreflightOf, AWheelWithoutCodeIsLeftToTheCaller) {
  wheel.file("demo.py", "print()");
  const WheelProof result = proof();
  EXPECT_EQ(result.verdict, Verdict::unproven);
  EXPECT_EQ(result.extent, Extent::nothing);
  EXPECT_THAT(result.reasons, IsEmpty());
}

TEST_F(PreflightOf, LibrariesAloneAreJudgedAsModules) {
  member("demo/libdemo.so", std::string(later_caller));
  EXPECT_EQ(proof().verdict, Verdict::refused);
  EXPECT_FALSE(proof().stable_python_abi);
}

TEST_F(PreflightOf, ADamagedWheelThrows) {
  wheel.file("demo.so", "not deflate").claimed_size("demo.so", 4000);
  try {
    (void)proof();
    FAIL() << "must throw";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), "corrupt");
  }
}

}  // namespace
}  // namespace wheelfit::proof
