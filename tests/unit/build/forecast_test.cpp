// SPDX-License-Identifier: Apache-2.0
#include "build/forecast.hpp"

#include "build/pace.hpp"

namespace wheelfit::build {
namespace {

constexpr std::uint64_t gigabyte = 1'000'000'000;

Load load(double seconds, std::uint64_t gigabytes) { return {seconds, gigabytes * gigabyte, 0, false}; }
Means means(unsigned cores, std::uint64_t gigabytes) {
  return {cores, 0, gigabytes * gigabyte, gigabytes * gigabyte};
}

catalog::BuildRecipe recipe() {
  catalog::BuildRecipe made;
  made.units.push_back({python::SpecifierSet::parse("<2").value(), "*.cu", 1, 1, 1, 1, 0, "old"});
  made.units.push_back({{}, "fat_*.cu", 10, 100, 5 * gigabyte, 1000, 0, "s"});
  made.units.push_back({{}, "*.cu", 5, 20, 2 * gigabyte, 500, 0, "s"});
  return made;
}

TEST(Forecast, TheFirstRowThatMatchesSaysWhatAFileCosts) {
  const python::Version version = python::Version::parse("2.8.3").value();
  const Load fat = load_of(recipe(), version, "fat_one.cu", 2);
  EXPECT_EQ(fat.seconds, 210);
  EXPECT_EQ(fat.peak_bytes, 5 * gigabyte);
  EXPECT_EQ(fat.object_bytes, 2000U);
  EXPECT_EQ(load_of(recipe(), version, "thin.cu", 1).seconds, 25);
  EXPECT_EQ(load_of(recipe(), python::Version::parse("1.9").value(), "fat_one.cu", 1).seconds, 2);
  EXPECT_GT(load_of(recipe(), version, "unknown.cpp", 1).seconds, 0);
}

TEST(Forecast, MoreThreadsThanOneOnlyWhereCoresAreLeftOver) {
  EXPECT_EQ(threads_for(73, 4, 2), 1U);
  EXPECT_EQ(threads_for(73, 4, 64), 1U);
  EXPECT_EQ(threads_for(10, 4, 64), 4U);
  EXPECT_EQ(threads_for(10, 4, 25), 2U);
  EXPECT_EQ(threads_for(0, 4, 25), 1U);
}

TEST(Forecast, TwoCoresHalveTheTime) {
  const std::vector<Load> loads(4, load(10, 1));
  EXPECT_EQ(course_of(loads, means(1, 16)).seconds, 40);
  const Course two = course_of(loads, means(2, 16));
  EXPECT_EQ(two.seconds, 20);
  EXPECT_EQ(two.jobs, 2U);
  EXPECT_EQ(two.peak_bytes, 2 * gigabyte);
}

TEST(Forecast, WhereMemoryBearsOneOnlyOneRuns) {
  const std::vector<Load> loads(4, load(10, 6));
  const Course course = course_of(loads, means(8, 8));
  EXPECT_EQ(course.seconds, 40);
  EXPECT_EQ(course.jobs, 1U);
  EXPECT_EQ(course.peak_bytes, 6 * gigabyte);
}

TEST(Forecast, NothingToDoTakesNoTime) { EXPECT_EQ(course_of({}, means(2, 8)).seconds, 0); }

TEST(Pace, WhatIsDoneSaysHowLongTheRestTakes) {
  Pace pace({load(10, 1), load(10, 1), load(20, 1)});
  EXPECT_EQ(pace.seconds_left({}, 1), 40);
  EXPECT_EQ(pace.seconds_left({}, 4), 20) << "not before the longest is done";
  pace.finished(0, 30);
  EXPECT_EQ(pace.factor(), 3);
  EXPECT_EQ(pace.seconds_left({}, 1), 90);
  EXPECT_EQ(pace.seconds_left({{2, 15}}, 1), 75);
  EXPECT_EQ(pace.seconds_left({{2, 500}}, 1), 30) << "longer than expected counts as nearly done";
}

}  // namespace
}  // namespace wheelfit::build
