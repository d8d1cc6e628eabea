// SPDX-License-Identifier: Apache-2.0
#include "system/machine.hpp"

#include <gtest/gtest.h>

#include "support/temp_dir.hpp"
#include "system/cgroup.hpp"

namespace wheelfit::system {
namespace {

constexpr std::uint64_t gib = std::uint64_t{1} << 30U;

class MachineTest : public testing::Test {
 protected:
  MachineTest() {
    world_.write("proc/meminfo", "MemTotal:       67108864 kB\nMemFree: 1 kB\nMemAvailable:   33554432 kB\n");
  }
  Machine machine(unsigned schedulable = 16) { return read_machine(world_.path(), schedulable); }
  void write(const char* name, const std::string& content) { world_.write(name, content + "\n"); }
  test::TempDir world_;
};

TEST_F(MachineTest, ReadsABareMachine) { EXPECT_EQ(machine(), (Machine{16, 64 * gib, 32 * gib})); }

TEST_F(MachineTest, KnowsNothingOfAnEmptyWorld) {
  const test::TempDir empty;
  EXPECT_EQ(read_machine(empty.path(), 0), (Machine{1, std::nullopt, std::nullopt}));
}

TEST_F(MachineTest, HonoursVersionTwoLimits) {
  write("proc/self/cgroup", "0::/job/step");
  write("sys/fs/cgroup/job/step/cpu.max", "350000 100000");
  write("sys/fs/cgroup/job/step/memory.max", std::to_string(8 * gib));
  write("sys/fs/cgroup/job/step/memory.current", std::to_string(5 * gib));
  write("sys/fs/cgroup/job/step/memory.stat", "anon 1\ninactive_file " + std::to_string(2 * gib));
  EXPECT_EQ(machine(), (Machine{4, 8 * gib, 5 * gib}));
}

TEST_F(MachineTest, WalksUpToTheTightestLimit) {
  write("proc/self/cgroup", "0::/job/step");
  write("sys/fs/cgroup/job/step/cpu.max", "max 100000");
  write("sys/fs/cgroup/job/step/memory.max", "max");
  write("sys/fs/cgroup/job/cpu.max", "200000 100000");
  write("sys/fs/cgroup/job/memory.max", std::to_string(4 * gib));
  EXPECT_EQ(machine(), (Machine{2, 4 * gib, 4 * gib}));
}

TEST_F(MachineTest, HonoursAContainersOwnRoot) {
  write("proc/self/cgroup", "0::/");
  write("sys/fs/cgroup/cpu.max", "50000 100000");
  write("sys/fs/cgroup/memory.max", std::to_string(gib));
  write("sys/fs/cgroup/memory.current", std::to_string(2 * gib));
  EXPECT_EQ(machine(), (Machine{1, gib, 0}));
}

TEST_F(MachineTest, TakesTheMountForAGroupOfAnotherNamespace) {
  write("proc/self/cgroup", "0::/../../system.slice/docker-1.scope");
  write("sys/fs/cgroup/memory.max", std::to_string(gib));
  EXPECT_EQ(machine().memory, gib);
}

TEST_F(MachineTest, HonoursVersionOneLimits) {
  write("proc/self/cgroup", "5:memory:/docker/1\n3:cpu,cpuacct:/docker/1\n1:name=systemd:/docker/1");
  write("sys/fs/cgroup/cpu,cpuacct/docker/1/cpu.cfs_quota_us", "600000");
  write("sys/fs/cgroup/cpu,cpuacct/docker/1/cpu.cfs_period_us", "100000");
  write("sys/fs/cgroup/memory/docker/1/memory.limit_in_bytes", std::to_string(16 * gib));
  write("sys/fs/cgroup/memory/docker/1/memory.usage_in_bytes", std::to_string(6 * gib));
  write("sys/fs/cgroup/memory/docker/1/memory.stat", "total_inactive_file " + std::to_string(gib));
  EXPECT_EQ(machine(), (Machine{6, 16 * gib, 11 * gib}));
}

TEST_F(MachineTest, KnowsVersionOnesNoLimit) {
  write("proc/self/cgroup", "5:memory:/\n3:cpu:/");
  write("sys/fs/cgroup/cpu/cpu.cfs_quota_us", "-1");
  write("sys/fs/cgroup/cpu/cpu.cfs_period_us", "100000");
  write("sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712");
  EXPECT_EQ(machine(), (Machine{16, 64 * gib, 32 * gib}));
}

TEST_F(MachineTest, SurvivesGarbage) {
  write("proc/self/cgroup", "\n::\nx\n0::\n5:memory");
  write("proc/meminfo", "MemTotal: lots");
  write("sys/fs/cgroup/cpu.max", "0 0");
  write("sys/fs/cgroup/memory.max", "much");
  EXPECT_EQ(machine(), (Machine{16, std::nullopt, std::nullopt}));
}

TEST_F(MachineTest, NeverHasMoreCoresThanItMayRunOn) {
  write("proc/self/cgroup", "0::/");
  write("sys/fs/cgroup/cpu.max", "6400000 100000");
  EXPECT_EQ(machine(4).cores, 4U);
}

TEST_F(MachineTest, ReadsTheRealOne) {
  const Machine real = read_machine("/", schedulable_cores());
  EXPECT_GE(real.cores, 1U);
  ASSERT_TRUE(real.memory && real.available_memory);
  EXPECT_LE(*real.available_memory, *real.memory);
}

}  // namespace
}  // namespace wheelfit::system
