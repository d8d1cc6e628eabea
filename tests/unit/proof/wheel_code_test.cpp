// SPDX-License-Identifier: Apache-2.0
#include "proof/wheel_code.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace wheelfit::proof {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

WheelCode code_of(std::initializer_list<const char*> names, std::string_view soabi = "cpython-311") {
  std::vector<system::ZipEntry> members;
  for (const char* name : names) members.emplace_back().name = name;
  return code_in(members, soabi);
}

std::vector<std::string> names(const std::vector<CodeMember>& members) {
  std::vector<std::string> all;
  for (const CodeMember& member : members) all.push_back(member.name);
  return all;
}

TEST(WheelCode, ModulesAreWhatThisPythonImports) {
  const WheelCode code =
      code_of({"a.cpython-311-x86_64-linux-gnu.so", "pkg/b.abi3.so", "pkg/c.so",
               "pkg/d.cpython-310-x86_64-linux-gnu.so", "pkg/e.pypy310-pp73-x86_64-linux-gnu.so",
               "pkg/f.cpython-311d-x86_64-linux-gnu.so"});
  EXPECT_THAT(names(code.modules),
              ElementsAre("a.cpython-311-x86_64-linux-gnu.so", "pkg/b.abi3.so", "pkg/c.so"));
  EXPECT_FALSE(code.modules[0].stable_abi);
  EXPECT_TRUE(code.modules[1].stable_abi);
  EXPECT_EQ(code.other_python, 3U);
}

TEST(WheelCode, AShorterVersionIsNoPrefixOfALonger) {
  EXPECT_EQ(code_of({"a.cpython-313t-x86_64-linux-gnu.so"}, "cpython-313").other_python, 1U);
  EXPECT_EQ(code_of({"a.cpython-311-x86_64-linux-gnu.so"}, "cpython-31").other_python, 1U);
}

TEST(WheelCode, AnUnknownPythonTakesAll) {
  EXPECT_EQ(
      code_of({"a.cpython-311-x86_64-linux-gnu.so", "a.cpython-310-x86_64-linux-gnu.so"}, "").modules.size(),
      2U);
}

TEST(WheelCode, LibrariesComeAlong) {
  const WheelCode code = code_of({"demo.libs/libx-12ab.so.1.2", "pkg/libtool.so", "pkg/plug.so.3"});
  EXPECT_THAT(code.modules, IsEmpty());
  EXPECT_THAT(names(code.libraries),
              ElementsAre("demo.libs/libx-12ab.so.1.2", "pkg/libtool.so", "pkg/plug.so.3"));
}

TEST(WheelCode, TheDataDirectoryIsPlacedAsTheInstallerDoes) {
  const WheelCode code = code_of({"demo-1.0.data/platlib/pkg/a.so", "demo-1.0.data/purelib/b.so",
                                  "demo-1.0.data/scripts/c.so", "demo-1.0.data/data/lib/d.so"});
  ASSERT_EQ(code.modules.size(), 2U);
  EXPECT_EQ(code.modules[0].place, "pkg/a.so");
  EXPECT_EQ(code.modules[0].index, 0U);
  EXPECT_EQ(code.modules[1].place, "b.so");
}

TEST(WheelCode, OtherFilesAreNone) {
  const WheelCode code =
      code_of({"pkg/a.py", "pkg/notes.so.txt", "pkg/.so", "pkg/so", "pkg/a.sonic", "pkg/dir.so/"});
  EXPECT_THAT(code.modules, IsEmpty());
  EXPECT_THAT(code.libraries, IsEmpty());
  EXPECT_EQ(code.other_python, 0U);
}

}  // namespace
}  // namespace wheelfit::proof
