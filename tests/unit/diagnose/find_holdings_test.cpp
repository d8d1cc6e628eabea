// SPDX-License-Identifier: Apache-2.0
#include "diagnose/find_holdings.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>

#include "support/temp_dir.hpp"

namespace wheelfit::diagnose {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;

class FindHoldings : public testing::Test {
 protected:
  FindHoldings() {
    places_.pip_cache = folder_.path() / "pip";
    places_.uv_cache = folder_.path() / "uv";
    places_.store = folder_.path() / "store";
    places_.temporary = folder_.path() / "tmp";
    places_.site_directories = {folder_.path() / "site"};
    places_.root = folder_.path() / "root";
    places_.now = seconds(fs::file_time_type::clock::now());
  }

  static std::int64_t seconds(fs::file_time_type time) {
    return std::chrono::duration_cast<std::chrono::seconds>(
               std::chrono::file_clock::to_sys(time).time_since_epoch())
        .count();
  }

  fs::path write(const std::string& name, std::chrono::hours age = std::chrono::hours(0)) {
    const fs::path file = folder_.write(name, std::string(5000, 'x'));
    fs::last_write_time(file, fs::file_time_type::clock::now() - age);
    return file;
  }

  std::vector<HoldingKind> kinds() const {
    std::vector<HoldingKind> all;
    for (const Holding& each : find_holdings(places_)) all.push_back(each.kind);
    return all;
  }

  test::TempDir folder_;
  HoldingPlaces places_;
};

TEST_F(FindHoldings, FindsNothingWhereNothingIs) { EXPECT_TRUE(find_holdings(places_).empty()); }

TEST_F(FindHoldings, TheLeastLossComesFirst) {
  write("pip/wheels/ab/x.whl");
  write("pip/http-v2/a");
  write("uv/b");
  write("store/wheels/aa/x.whl");
  write("store/listings/l");
  write("store/partial/p/data");
  write("store/builds/b/o", std::chrono::hours(2));
  write("root/var/lib/apt/lists/l");
  write("root/var/cache/apt/archives/a.deb");
  write("site/a/__pycache__/m.pyc");
  write("tmp/pip-unpack-x/y", std::chrono::hours(25));
  EXPECT_THAT(kinds(), ElementsAre(HoldingKind::temporary, HoldingKind::store_listings,
                                   HoldingKind::apt_archives, HoldingKind::apt_lists, HoldingKind::bytecode,
                                   HoldingKind::pip_http, HoldingKind::uv_cache, HoldingKind::store_partial,
                                   HoldingKind::store_wheels, HoldingKind::builds, HoldingKind::pip_wheels));
}

TEST_F(FindHoldings, WhatIsInUseOrNotOursIsNone) {
  write("tmp/pip-unpack-x/y", std::chrono::hours(23));
  write("tmp/something/else", std::chrono::hours(100));
  write("store/builds/b/old", std::chrono::hours(100));
  write("store/builds/b/new");
  write("site/a/module.py");
  EXPECT_TRUE(kinds().empty());
}

TEST_F(FindHoldings, WheelsThatWereMadeAreWheelsOfTheStore) {
  write("store/wheels/aa/x.whl");
  write("store/made/y.whl");
  const auto holdings = find_holdings(places_);
  ASSERT_EQ(holdings.size(), 1U);
  EXPECT_EQ(holdings[0].files, 2U);
  EXPECT_EQ(holdings[0].paths.size(), 2U);
}

TEST_F(FindHoldings, BlocksCountNotLengthsAndHolesNot) {
  fs::resize_file(write("pip/http/sparse"), 10'000'000);
  const auto holdings = find_holdings(places_);
  ASSERT_EQ(holdings.size(), 1U);
  EXPECT_EQ(holdings[0].files, 1U);
  EXPECT_GE(holdings[0].bytes, 4096U);
  EXPECT_LT(holdings[0].bytes, 100'000U);
}

TEST_F(FindHoldings, AWheelThatIsLinkedIntoPipsCacheCountsOnce) {
  const fs::path wheel = write("store/wheels/aa/x.whl");
  fs::create_directories(folder_.path() / "pip/wheels/ab");
  fs::create_hard_link(wheel, folder_.path() / "pip/wheels/ab/x.whl");
  const auto holdings = find_holdings(places_);
  ASSERT_EQ(holdings.size(), 2U);
  EXPECT_EQ(holdings[0].frees, 0U);
  EXPECT_EQ(holdings[1].bytes, 0U);
  EXPECT_EQ(holdings[1].frees, holdings[0].bytes);
}

}  // namespace
}  // namespace wheelfit::diagnose
