// SPDX-License-Identifier: Apache-2.0
#include "commands/dependencies_step.hpp"

#include <gmock/gmock.h>

#include "support/fake_clock.hpp"
#include "support/scripted_process.hpp"
#include "support/temp_dir.hpp"

namespace wheelfit::commands {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

constexpr std::uint64_t megabyte = 1'000'000;

// Everything on one filesystem: an environment, pip's cache and a temporary directory.
class RoomForDependencies : public testing::Test {
 protected:
  RoomForDependencies() : world_{{}, processes_, clock_, {}, "/", folder_.path()} {
    environment_.interpreter.scheme = {{{}, folder_.path() / "site", {}, {}, {}}, "sysconfig"};
    environment_.installer.cache_directory = {folder_.path() / "pip", "pip's settings"};
    environment_.installer.pip_version = {python::Version::parse("24.0").value(), "pip"};
    forecast_.dependencies = {{"measured", "1", "", 2 * megabyte, 9 * megabyte},
                              {"estimated", "1", "", 3 * megabyte, 10 * megabyte, true},
                              {"unknown", "1", "", std::nullopt, std::nullopt}};
  }

  std::vector<std::pair<std::string, std::uint64_t>> needs() {
    world_.variables = system::EnvironmentVariables(
        {{"TMPDIR", folder_.path().string()}, {"UV_CACHE_DIR", (folder_.path() / "uv").string()}});
    std::vector<std::pair<std::string, std::uint64_t>> all;
    for (const system::Need& need : room_for_dependencies(forecast_, environment_, settings_, world_))
      all.emplace_back(need.role, need.bytes);
    return all;
  }

  test::TempDir folder_;
  test::ScriptedProcess processes_;
  test::FakeClock clock_;
  system::World world_;
  probe::Environment environment_;
  Settings settings_;
  resolve::Forecast forecast_;
};

// What is only estimated counts as its wheel: it never unpacks to less.
TEST_F(RoomForDependencies, PipDownloadsThemAllAndKeepsACopyInItsCache) {
  EXPECT_THAT(needs(), ElementsAre(Pair("dependencies", 12 * megabyte), Pair("tmp", 5 * megabyte),
                                   Pair("pip-cache", 5 * megabyte)));
}

TEST_F(RoomForDependencies, PipsCacheIsNotUsedWhereNothingIsToBeKept) {
  settings_.store.keep = false;
  EXPECT_THAT(needs(), ElementsAre(Pair("dependencies", 12 * megabyte), Pair("tmp", 5 * megabyte)));
}

// pip does without a cache that is full.
TEST_F(RoomForDependencies, PipsCacheElsewhereNeedsNoRoom) {
  environment_.installer.cache_directory = {"/proc/pip", "pip's settings"};
  EXPECT_THAT(needs(), ElementsAre(Pair("dependencies", 12 * megabyte), Pair("tmp", 5 * megabyte)));
}

TEST_F(RoomForDependencies, UvLinksFromItsCache) {
  environment_.installer.pip_version = {};
  EXPECT_THAT(needs(), ElementsAre(Pair("dependencies", 12 * megabyte)));
}

TEST_F(RoomForDependencies, NothingIsNeededForNothing) {
  forecast_.dependencies.clear();
  EXPECT_THAT(needs(), IsEmpty());
}

}  // namespace
}  // namespace wheelfit::commands
