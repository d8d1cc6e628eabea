// SPDX-License-Identifier: Apache-2.0
#include "build/ninja_file.hpp"

namespace wheelfit::build {
namespace {

using ::testing::ElementsAre;

// As torch's builder writes it.
constexpr std::string_view torch_file = R"(ninja_required_version = 1.3
cxx = c++
nvcc = /usr/local/cuda/bin/nvcc

cflags = -I/t/a -I/t/with$ space -c
post_cflags = -O3 -DNAME=demo
cuda_cflags = -I/t/a -c
cuda_post_cflags = --compiler-options ''"'"'-fPIC'"'"'' -gencode arch=compute_80,code=sm_80 --threads 4
ldflags =

rule compile
  command = $cxx -MMD -MF $out.d $cflags -c $in -o $out $post_cflags
  depfile = $out.d
  deps = gcc

rule cuda_compile
  depfile = $out.d
  command = ${nvcc} -MD -MF $out.d $cuda_cflags -c $in -o $out $cuda_post_cflags

build /b/api.o: compile /t/api.cpp
build /b/one$ two.o: cuda_compile /t/one$ two.cu
)";

NinjaFile parsed(std::string_view text) { return NinjaFile::parse(text).value(); }

TEST(NinjaFile, StatementsInTheirOrder) {
  const NinjaFile file = parsed(torch_file);
  EXPECT_THAT(file.statements(),
              ElementsAre(BuildStatement{"compile", {"/b/api.o"}, {"/t/api.cpp"}},
                          BuildStatement{"cuda_compile", {"/b/one two.o"}, {"/t/one two.cu"}}));
}

TEST(NinjaFile, CommandsAreWholeWithTheNamesGiven) {
  const NinjaFile file = parsed(torch_file);
  EXPECT_EQ(file.command("compile", "/t/api.cpp", "/x/new.o"),
            "c++ -MMD -MF /x/new.o.d -I/t/a -I/t/with space -c -c /t/api.cpp -o /x/new.o -O3 -DNAME=demo");
  EXPECT_EQ(file.command("cuda_compile", "a.cu", "a.o"),
            "/usr/local/cuda/bin/nvcc -MD -MF a.o.d -I/t/a -c -c a.cu -o a.o --compiler-options "
            "''\"'\"'-fPIC'\"'\"'' -gencode arch=compute_80,code=sm_80 --threads 4");
  EXPECT_EQ(file.command("no_such_rule", "a", "b"), "");
}

TEST(NinjaFile, ContinuedLinesCommentsAndImplicitInputs) {
  const NinjaFile file = parsed(
      "# a comment\nflags = a $\n    b\nrule r\n  command = run $flags $in\n"
      "build out: r in $\n    more | implicit || order\n  flags = own\ndefault out\n");
  EXPECT_THAT(file.statements(), ElementsAre(BuildStatement{"r", {"out"}, {"in", "more"}}));
  EXPECT_EQ(file.command("r", "x", "y"), "run a b x");
}

TEST(NinjaFile, EscapedDollarsAndColons) {
  const NinjaFile file = parsed("a = $$HOME\nrule r\n  command = echo $a\nbuild C$:/x.o: r y\n");
  EXPECT_EQ(file.command("r", "", ""), "echo $HOME");
  EXPECT_EQ(file.statements().front().outputs.front(), "C:/x.o");
}

TEST(NinjaFile, WhatIsNotUnderstoodIsAnError) {
  EXPECT_FALSE(NinjaFile::parse("subninja other.ninja\n"));
  EXPECT_FALSE(NinjaFile::parse("build nothing\n"));
  EXPECT_TRUE(NinjaFile::parse(""));
  EXPECT_TRUE(NinjaFile::parse("x = $"));
}

}  // namespace
}  // namespace wheelfit::build
