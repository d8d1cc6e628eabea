// SPDX-License-Identifier: Apache-2.0
#include "commands/index_supply.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "probe/target.hpp"

namespace wheelfit::commands {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

catalog::Candidate wheel(const std::string& name) {
  return catalog::candidate_from_file_name(name, "https://files.example/" + name, "index", nullptr);
}

std::vector<std::string> admitted(const std::vector<catalog::Candidate>& wheels, const char* target) {
  const std::vector<catalog::Shared<catalog::Candidate>> candidates(wheels.begin(), wheels.end());
  std::vector<std::string> names;
  for (const catalog::Candidate& each : admitted_wheels(candidates, probe::environment_from_spec(target)))
    names.push_back(each.name);
  return names;
}

TEST(AdmittedWheels, NewestFirstAndOfOneVersionTheBestTag) {
  EXPECT_THAT(admitted({wheel("a-1.0-py3-none-any.whl"), wheel("a-1.10-py3-none-any.whl"),
                        wheel("a-1.10-cp311-cp311-manylinux_2_17_x86_64.whl"),
                        wheel("a-1.10-cp311-cp311-manylinux_2_28_x86_64.whl")},
                       "python=3.11.7,glibc=2.36"),
              ElementsAre("a-1.10-cp311-cp311-manylinux_2_28_x86_64.whl",
                          "a-1.10-cp311-cp311-manylinux_2_17_x86_64.whl", "a-1.10-py3-none-any.whl",
                          "a-1.0-py3-none-any.whl"));
}

TEST(AdmittedWheels, WhatTheTargetDoesNotTakeIsNotAmongThem) {
  catalog::Candidate yanked = wheel("a-2.0-py3-none-any.whl");
  yanked.yanked = "spoiled";
  catalog::Candidate too_new = wheel("a-3.0-py3-none-any.whl");
  too_new.requires_python = python::SpecifierSet::parse(">=3.12").value();
  EXPECT_THAT(
      admitted({yanked, too_new, wheel("a-4.0-cp312-cp312-linux_x86_64.whl"),
                wheel("a-5.0-py3-none-win_amd64.whl"), wheel("a-6.0-cp311-cp311-manylinux_2_39_x86_64.whl")},
               "python=3.11.7,glibc=2.36"),
      IsEmpty());
  EXPECT_THAT(admitted({too_new}, "python=3.12.1"), ElementsAre("a-3.0-py3-none-any.whl"));
}

}  // namespace
}  // namespace wheelfit::commands
