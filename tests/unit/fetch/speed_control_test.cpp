// SPDX-License-Identifier: Apache-2.0
#include "fetch/speed_control.hpp"

#include <cmath>
#include <functional>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace wheelfit::fetch {
namespace {

// A network on a simulated clock: what `connections` bring in a second. A new connection brings its first
// byte after the latency. With lumps, bytes come in few large portions, as from servers that hold back.
class Network {
 public:
  Network(int most, std::function<double(int)> rate, double latency = 0.001, double lump_seconds = 0)
      : control(most), rate_(std::move(rate)), latency_(latency), lump_seconds_(lump_seconds) {}

  void run(double seconds) {
    for (const double end = now + seconds; now < end; now += 0.02) {
      if (control.target() > connections) {
        connections = control.target();
        ready_ = now + latency_;
      }
      connections = std::min(connections, control.target());
      const int flowing = now >= ready_ ? connections : std::min(connections, flowing_);
      flowing_ = flowing;
      due_ += rate_(flowing) * 0.02;
      if (lump_seconds_ == 0 || now >= next_lump_) {
        received += due_;
        due_ = 0;
        next_lump_ = now + lump_seconds_ / std::max(flowing, 1);
      }
      control.observe(now, static_cast<std::uint64_t>(received), flowing, latency_);
    }
  }

  SpeedControl control;
  int connections = 0;
  double now = 0;
  double received = 0;

 private:
  std::function<double(int)> rate_;
  double latency_;
  double lump_seconds_;
  double ready_ = 0;
  int flowing_ = 0;
  double due_ = 0;
  double next_lump_ = 0;
};

double limited_each(int connections) { return 25e6 * connections; }

TEST(SpeedControl, BeginsWithOne) { EXPECT_EQ(SpeedControl(16).target(), 1); }

TEST(SpeedControl, GrowsToTheMostWhileThatBringsMore) {
  Network network(16, limited_each);
  network.run(2);
  EXPECT_EQ(network.control.target(), 16);
}

TEST(SpeedControl, IsFastEnoughOnAGigabyte) {
  Network network(16, limited_each);
  while (network.received < 1e9) network.run(0.02);
  EXPECT_LT(network.now, 1e9 / 25e6 / 8);  // at least eight times one connection
}

TEST(SpeedControl, StaysAtOneWhereMoreBringNothing) {
  Network network(16, [](int) { return 500e6; });
  network.run(4);
  EXPECT_EQ(network.control.target(), 1);
}

TEST(SpeedControl, StepsBackWhereMoreBringLess) {
  Network network(16, [](int connections) { return connections <= 4 ? 20e6 * connections : 60e6; });
  network.run(4);
  EXPECT_EQ(network.control.target(), 4);
}

TEST(SpeedControl, IsNotMisledByLumps) {
  Network network(16, [](int connections) { return 10e6 * connections; }, 0.001, 0.25);
  network.run(3);
  EXPECT_EQ(network.control.target(), 16);
}

TEST(SpeedControl, WaitsForALongRoad) {
  Network network(16, limited_each, 0.3);
  network.run(12);
  EXPECT_EQ(network.control.target(), 16);
}

TEST(SpeedControl, TriesAgainWhenTheNetworkHasChanged) {
  bool narrow = true;
  Network network(16, [&narrow](int connections) { return narrow ? 30e6 : 30e6 * connections; });
  network.run(3);
  EXPECT_EQ(network.control.target(), 1);
  narrow = false;
  network.run(20);
  EXPECT_EQ(network.control.target(), 16);
}

TEST(SpeedControl, TriesSeldomWhereItHasFoundThatMoreBringNothing) {
  Network network(16, [](int) { return 30e6; });
  int changes = 0;
  int before = 1;
  for (int i = 0; i < 60 * 50; ++i) {
    network.run(0.02);
    if (network.control.target() != before) ++changes;
    before = network.control.target();
  }
  EXPECT_LE(changes, 12) << "in a minute";
}

TEST(SpeedControl, NeverPassesWhatServersAllow) {
  Network network(16, limited_each);
  network.run(1);
  network.control.refused(3);
  EXPECT_EQ(network.control.target(), 3);
  network.run(60);
  EXPECT_EQ(network.control.target(), 3);
  network.control.refused(0);
  EXPECT_EQ(network.control.target(), 1);
}

TEST(SpeedControl, NeverPassesItsOwnLimit) {
  Network network(1, limited_each);
  network.run(10);
  EXPECT_EQ(network.control.target(), 1);
}

}  // namespace
}  // namespace wheelfit::fetch
