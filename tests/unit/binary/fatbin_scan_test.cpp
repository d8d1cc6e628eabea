// SPDX-License-Identifier: Apache-2.0
// Objects whose section table is gone: what names the containers then.
#include "binary/fatbin.hpp"
#include "support/fatbin_builder.hpp"

namespace wheelfit::binary {
namespace {

constexpr std::size_t type_of_elf = 16;  // e_type
constexpr char relocatable_type = 1;     // ET_REL

FatbinContainer only_container(const std::string& code) {
  const std::string container = test::fatbin_container({{2, 90, 0x11, code}});
  auto listing = list_fatbins(std::as_bytes(std::span(container)));
  EXPECT_TRUE(listing.scanned);
  EXPECT_EQ(listing.containers.size(), 1U);
  return listing.containers.at(0);
}

TEST(FatbinScan, TellsRelocatableCodeByItself) {
  std::string code = test::cubin("_Z5scalePff", "sm_90");
  EXPECT_FALSE(only_container(code).relocatable);
  code[type_of_elf] = relocatable_type;
  EXPECT_TRUE(only_container(code).relocatable);
}

}  // namespace
}  // namespace wheelfit::binary
