// SPDX-License-Identifier: Apache-2.0
#include "render/disk.hpp"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

namespace wheelfit::render {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

DiskView some() {
  DiskView view;
  view.holdings = {
      {diagnose::HoldingKind::apt_archives, {"/var/cache/apt/archives"}, 3, 2'000'000, 2'000'000, 1, "ext4"},
      {diagnose::HoldingKind::pip_http, {"/c/http", "/c/http-v2"}, 1, 8'000'000, 6'000'000, 1, "ext4"}};
  view.filesystems = {{"/c", {5'000'000, "ext4", 1}}};
  view.reachable = 8'000'000;
  return view;
}

TEST(DiskText, SaysWhatEachTakesWhereItIsAndHowItGoes) {
  const std::string text = disk_text(some(), {});
  EXPECT_THAT(text, StartsWith("8.0 MB could be freed, the least loss first:\n"));
  EXPECT_THAT(text, HasSubstr("sudo apt-get clean\n"));
  EXPECT_THAT(text, HasSubstr("frees 6.0 MB: the rest has other names, too"));
  EXPECT_THAT(text, HasSubstr("rm -rf /c/http /c/http-v2\n"));
  EXPECT_THAT(disk_text({}, {}), StartsWith("Nothing that could be done without was found\n"));
}

TEST(DiskText, ProposesCommandsToPaste) {
  DiskView view = some();
  view.wanted = 7'000'000;
  for (const auto& holding : view.holdings) view.steps.push_back({holding, false, 0});
  EXPECT_THAT(disk_text(view, {}),
              StartsWith("8.0 MB can be freed, the least loss first:\n\nsudo apt-get clean   # 2.0 MB"));
  view.wanted = 9'000'000;
  EXPECT_THAT(disk_text(view, {}), StartsWith("Only 8.0 MB of 9.0 MB can be freed here:\n"));
  EXPECT_EQ(disk_json(view)["free"]["reachable_bytes"], 8'000'000);
}

TEST(DiskText, SaysWhatWasReallyFreed) {
  DiskView view = some();
  view.wanted = 7'000'000;
  view.did = true;
  view.steps = {{view.holdings[1], true, 6'000'000}};
  EXPECT_THAT(disk_text(view, {}), StartsWith("6.0 MB were freed, 7.0 MB were wanted\n"));
  EXPECT_THAT(disk_text(view, {}), HasSubstr("`wheelfit doctor --free 1.0MB`"));
  const auto free = disk_json(view)["free"];
  EXPECT_EQ(free["freed_bytes"], 6'000'000);
  EXPECT_EQ(free["steps"][0]["kind"], "pip-http");
  EXPECT_EQ(free["steps"][0]["done"], true);
}

}  // namespace
}  // namespace wheelfit::render
