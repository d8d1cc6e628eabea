// SPDX-License-Identifier: Apache-2.0
#include "commands/stand_in_content.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "commands/fallback_wheel.hpp"

namespace wheelfit::commands {
namespace {

class StandInContent : public testing::Test {
 protected:
  std::string obstacle() {
    WheelContent content;
    for (const system::StoredMember& member : members) content.names.push_back(member.name);
    content.read = [this](std::size_t index) { return members[index].content; };
    return obstacle_to_stand_in(recipe, content).english();
  }
  std::string& content_of(const std::string& end) {
    for (system::StoredMember& member : members) {
      if (member.name.ends_with(end)) return member.content;
    }
    throw std::runtime_error("there is no " + end);
  }
  static void replace(std::string& text, const std::string& from, const std::string& to) {
    text.replace(text.find(from), from.size(), to);
  }

  catalog::Knowledge knowledge = catalog::load_knowledge(std::nullopt);
  const catalog::Recipe& recipe = *knowledge.find("flash-attn");
  std::vector<system::StoredMember> members =
      fallback_members(recipe, *python::Version::parse("2.6.3"), knowledge);
};

TEST_F(StandInContent, IsWhatThisWheelfitMakesAndWhatAnotherMade) {
  EXPECT_EQ(obstacle(), "");
  content_of("/WHEEL") =
      "Wheel-Version: 1.0\nGenerator: wheelfit 7.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n";
  content_of("/_mask.py") = "def of_another_release(): pass\n";
  EXPECT_EQ(obstacle(), "");
}

TEST_F(StandInContent, IsNotWhatSomebodyElseMade) {
  replace(content_of("/WHEEL"), "Generator: wheelfit", "Generator: bdist_wheel");
  EXPECT_EQ(obstacle(), "wheelfit did not make it");
}

TEST_F(StandInContent, IsNotWhatItsMetadataDenies) {
  replace(content_of("/METADATA"), "2.6.3+sdpa", "2.6.3");
  EXPECT_EQ(obstacle(), "its metadata says flash-attn 2.6.3");
  replace(content_of("/METADATA"), "Version: 2.6.3\n", "");
  EXPECT_EQ(obstacle(), "it has no metadata");
}

TEST_F(StandInContent, IsNotWhatWantsTheCompiledModule) {
  content_of("/_varlen.py") += "import flash_attn_2_cuda\n";
  EXPECT_EQ(obstacle(), "flash_attn/_varlen.py wants flash_attn_2_cuda, which it does not hold");
}

TEST_F(StandInContent, IsNotWhatHoldsMoreOrDoesNotSaySo) {
  members.push_back({"hook.pth", "import os\n", {}});
  EXPECT_EQ(obstacle(), "hook.pth does not belong to it");
  members.back() = {"flash_attn/kernel.so", "", {}};
  EXPECT_EQ(obstacle(), "flash_attn/kernel.so does not belong to it");
  members.pop_back();
  content_of("flash_attn/__init__.py") = "from flash_attn.flash_attn_interface import *\n";
  EXPECT_EQ(obstacle(), "flash_attn/__init__.py does not say so");
  members.clear();
  EXPECT_EQ(obstacle(), "wheelfit did not make it");
}

}  // namespace
}  // namespace wheelfit::commands
