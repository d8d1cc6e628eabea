// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "diagnose/judge.hpp"

namespace wheelfit::diagnose {
namespace {

using testing::Contains;
using testing::Field;
using testing::HasSubstr;
using testing::IsEmpty;

probe::Environment sound_environment() {
  probe::Environment environment;
  environment.interpreter.executable = {"/env/bin/python", "test"};
  environment.interpreter.distributions = {
      {"pip", "24.0", "/env/lib", "/env/lib/pip-24.0.dist-info", "", false}};
  environment.machine.rooms = {{"site-packages", "/env/lib", "ext4", 1, 50'000'000'000},
                               {"store", "/cache", "ext4", 1, 50'000'000'000},
                               {"tmp", "/tmp", "tmpfs", 2, 50'000'000'000}};
  return environment;
}

Folder own_folder() { return {"/env/lib", true, true, "me", "ext4", 0, 0, true}; }

std::vector<Finding> judged(const probe::Environment& environment, const Surroundings& seen) {
  return judge_surroundings(environment, seen);
}

TEST(JudgeMachineTest, FindsNothingInASoundEnvironment) {
  Surroundings seen;
  seen.site_packages = seen.store = own_folder();
  EXPECT_THAT(judge_environment(sound_environment(), {}), IsEmpty());
  EXPECT_THAT(judged(sound_environment(), seen), IsEmpty());
}

TEST(JudgeMachineTest, WhatSpeaksAgainstEveryWheelIsBroken) {
  const auto findings = judge_environment(
      sound_environment(),
      {{ReasonCode::torch_missing, Text("no torch"), ""}, {ReasonCode::driver, Text("old"), ""}});
  ASSERT_EQ(findings.size(), 2U);
  EXPECT_EQ(findings[0].severity, Severity::broken);
  EXPECT_EQ(findings[0].code, "torch-missing");
  EXPECT_FALSE(findings[0].cures.empty());
  EXPECT_EQ(findings[1].code, "driver");
}

TEST(JudgeMachineTest, WithoutPythonNothingElseIsSaidOfIt) {
  probe::Environment environment = sound_environment();
  environment.interpreter.executable = {};
  const auto findings = judge_environment(environment, {{ReasonCode::torch_missing, Text("no torch"), ""}});
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_EQ(findings[0].code, "no-python");
}

TEST(JudgeMachineTest, ManagedPythonsAndRemarksAreWarnings) {
  probe::Environment environment = sound_environment();
  environment.interpreter.externally_managed = {true, "EXTERNALLY-MANAGED"};
  environment.accelerators.remarks = {"libcuda.so.1 is the toolkit's stub"};
  const auto findings = judge_environment(environment, {});
  EXPECT_THAT(findings, Contains(Field(&Finding::code, "externally-managed")));
  EXPECT_THAT(findings, Contains(Field(&Finding::code, "gpu-remark")));
  for (const Finding& finding : findings) EXPECT_EQ(finding.severity, Severity::warning);
}

TEST(JudgeMachineTest, RoomIsJudgedByWhatAWheelTakes) {
  probe::Environment environment = sound_environment();
  environment.machine.rooms[0].free_bytes = 1'500'000'000;
  auto findings = judged(environment, {});
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_EQ(findings[0].severity, Severity::warning);
  EXPECT_THAT(findings[0].text.english(), HasSubstr("1500 MB left for site-packages"));
  environment.machine.rooms[0].free_bytes = 100'000'000;
  EXPECT_EQ(judged(environment, {})[0].severity, Severity::broken);
}

TEST(JudgeMachineTest, APipThatIsHalfThere) {
  probe::Environment environment = sound_environment();
  Surroundings seen;
  seen.pip_has_files = false;
  EXPECT_THAT(judged(environment, seen), Contains(Field(&Finding::code, "pip-broken")));
  environment.interpreter.distributions.clear();
  EXPECT_THAT(judged(environment, seen), Contains(Field(&Finding::code, "no-pip")));
  environment.installer.uv_environment = {true, "pyvenv.cfg"};
  EXPECT_THAT(judged(environment, seen), IsEmpty());
}

TEST(JudgeMachineTest, FoldersThatCannotBeWritten) {
  Surroundings seen;
  seen.site_packages = seen.store = own_folder();
  seen.site_packages->writable = seen.store->writable = false;
  seen.site_packages->owner = "root";
  const auto findings = judged(sound_environment(), seen);
  EXPECT_THAT(findings, Contains(Field(&Finding::code, "not-writable")));
  EXPECT_THAT(findings, Contains(Field(&Finding::code, "store-not-writable")));
  EXPECT_THAT(findings[0].text.english(), HasSubstr("it belongs to root"));
}

TEST(JudgeMachineTest, ACacheThatPipDoesNotUse) {
  probe::Environment environment = sound_environment();
  environment.installer.cache_directory.source =
      "/home/other/.cache/pip belongs to another user, so pip does not use it";
  EXPECT_THAT(judged(environment, {}), Contains(Field(&Finding::code, "pip-cache-off")));
}

TEST(JudgeMachineTest, AStoreOnANetworkFilesystemIsNoted) {
  Surroundings seen;
  seen.store = own_folder();
  seen.store->filesystem = "nfs";
  const auto findings = judged(sound_environment(), seen);
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_EQ(findings[0].severity, Severity::note);
}

TEST(DiagnosisTest, TheWorstFindingDecides) {
  Diagnosis diagnosis;
  EXPECT_EQ(diagnosis.verdict(), Verdict::sound);
  diagnosis.findings.push_back({Section::store, Severity::note, "a", Text("a"), {}});
  EXPECT_EQ(diagnosis.verdict(), Verdict::sound);
  diagnosis.findings.push_back({Section::store, Severity::warning, "b", Text("b"), {}});
  EXPECT_EQ(diagnosis.verdict(), Verdict::warnings);
  diagnosis.findings.push_back({Section::store, Severity::broken, "c", Text("c"), {}});
  EXPECT_EQ(diagnosis.verdict(), Verdict::broken);
  sort_by_severity(diagnosis.findings);
  EXPECT_EQ(diagnosis.findings[0].code, "c");
  EXPECT_EQ(diagnosis.findings[2].code, "a");
}

}  // namespace
}  // namespace wheelfit::diagnose
