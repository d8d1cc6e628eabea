// SPDX-License-Identifier: Apache-2.0
#include "build/compiler_arguments.hpp"

namespace wheelfit::build {
namespace {

std::vector<python::Version> capabilities(const std::vector<std::string>& names) {
  std::vector<python::Version> all;
  for (const std::string& name : names) all.push_back(python::Version::parse(name).value());
  return all;
}

constexpr const char* command =
    "nvcc -O3 -gencode arch=compute_75,code=sm_75 -gencode arch=compute_80,code=sm_80 "
    "-gencode=arch=compute_90a,code=sm_90a -gencode arch=compute_90,code=compute_90 --threads 4 -c x.cu -o "
    "x.o";

TEST(CompilerArguments, OnlyTheArchitecturesAskedFor) {
  EXPECT_EQ(limited_to(command, capabilities({"8.0"}), 1),
            "nvcc -O3 -gencode arch=compute_80,code=sm_80 --threads 1 -c x.cu -o x.o");
  EXPECT_EQ(
      limited_to(command, capabilities({"9.0", "7.5"}), 2),
      "nvcc -O3 -gencode arch=compute_75,code=sm_75 -gencode=arch=compute_90a,code=sm_90a --threads 2 -c "
      "x.cu -o x.o");
}

TEST(CompilerArguments, ACommandWithoutThemStays) {
  EXPECT_EQ(limited_to("c++ -O3 -c x.cpp -o x.o", capabilities({"8.0"}), 1), "c++ -O3 -c x.cpp -o x.o");
}

TEST(CompilerArguments, Numbers) {
  EXPECT_EQ(architecture_number(python::Version::parse("8.0").value()), "80");
  EXPECT_EQ(architecture_number(python::Version::parse("12.1").value()), "121");
}

}  // namespace
}  // namespace wheelfit::build
