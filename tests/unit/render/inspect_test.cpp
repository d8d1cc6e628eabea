// SPDX-License-Identifier: Apache-2.0
#include "render/inspect.hpp"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "values.hpp"

namespace wheelfit::render {
namespace {

using testing::ContainsRegex;
using testing::HasSubstr;
using testing::Not;

TEST(InspectText, ShowsEveryFactWithItsSource) {
  const std::string page = inspect_text(test::plain_environment(), {});
  EXPECT_THAT(page, testing::StartsWith("Python\n"));
  EXPECT_THAT(page, ContainsRegex("version +3\\.11\\.7  pyvenv\\.cfg\n"));
  EXPECT_THAT(page, ContainsRegex("C\\+\\+11 ABI +no  libc10\\.so\n"));
  EXPECT_THAT(page, HasSubstr("NVIDIA H200 (sm_90) 150 GB, NVIDIA H200 (sm_90) 150 GB"));
  EXPECT_THAT(page, ContainsRegex("packages +0 distributions\n"));
}

TEST(InspectText, SaysWhereAFactIsFromInFewWords) {
  probe::Environment environment = test::plain_environment();
  environment.interpreter.executable = {"/opt/venv/bin/python", "/opt/venv/bin/python"};
  environment.interpreter.prefix = {"/opt/venv", "/opt/venv/pyvenv.cfg"};
  environment.interpreter.site_directories = {"/opt/venv/lib/python3.11/site-packages"};
  environment.torch.version.source = "/opt/venv/lib/python3.11/site-packages/torch/version.py";
  const std::string page = inspect_text(environment, {});
  EXPECT_THAT(page, ContainsRegex("executable +/opt/venv/bin/python\n"));
  EXPECT_THAT(page, ContainsRegex("prefix +/opt/venv  pyvenv\\.cfg\n"));
  EXPECT_THAT(page, ContainsRegex("version +2\\.6\\.0\\+cu124  torch/version\\.py\n"));
}

TEST(InspectText, ShowsWitnessesThatDisagree) {
  probe::Environment environment = test::plain_environment();
  environment.torch.version.disagreeing = {{"2.5.1", "torch-2.5.1.dist-info"}};
  EXPECT_THAT(inspect_text(environment, {}), HasSubstr("but torch-2.5.1.dist-info says 2.5.1\n"));
}

TEST(InspectText, SaysUnknownAsUnknown) {
  EXPECT_THAT(inspect_text({}, {}), ContainsRegex("glibc +unknown\n"));
  EXPECT_THAT(inspect_text({}, {}), ContainsRegex("installed +unknown\n"));
}

TEST(InspectText, LeavesOutWhatNoTorchCannotHave) {
  probe::Environment environment;
  environment.torch.installed = {false, "site-packages"};
  EXPECT_THAT(inspect_text(environment, {}), ContainsRegex("installed +no  site-packages\n"));
  EXPECT_THAT(inspect_text(environment, {}), Not(HasSubstr("C++11 ABI")));
}

TEST(InspectText, ShowsRoomRemarksAndAbsentDrivers) {
  probe::Environment environment;
  environment.machine.rooms = {{"store", "/cache", "ext4", 1, 12'000'000'000}};
  environment.accelerators.remarks = {"libcuda.so.1 is a stub"};
  environment.accelerators.driver_present = {false, "/proc"};
  environment.accelerators.gpus = {std::vector<probe::Gpu>{}, "/proc"};
  environment.libc.musl = {test::version("1.2"), "ld-musl"};
  environment.machine.cores = {1.5, "cgroup"};
  const std::string page = inspect_text(environment, {});
  EXPECT_THAT(page, ContainsRegex("store +12 GB free in /cache  ext4\n"));
  EXPECT_THAT(page, ContainsRegex("remark +libcuda.so.1 is a stub\n"));
  EXPECT_THAT(page, ContainsRegex("driver present +no  /proc\n"));
  EXPECT_THAT(page, ContainsRegex("GPUs +none  /proc\n"));
  EXPECT_THAT(page, ContainsRegex("musl +1\\.2  ld-musl\n"));
  EXPECT_THAT(page, ContainsRegex("processor cores +1\\.5  cgroup\n"));
}

TEST(InspectText, NeverShowsCredentials) {
  probe::Environment environment;
  environment.installer.index_url = {"https://user:secret@index.example/simple/", "pip.conf"};
  environment.installer.index_url.disagreeing = {{"https://me:secret@other.example/", "PIP_INDEX_URL"}};
  environment.installer.extra_index_urls = {{"https://user:secret@more.example/", "pip.conf"}};
  environment.installer.find_links = {{"https://user:secret@links.example/", "pip.conf"}};
  environment.installer.proxy = {"http://user:secret@proxy.example:3128", "HTTPS_PROXY"};
  const std::string page = inspect_text(environment, {});
  EXPECT_THAT(page, Not(HasSubstr("secret")));
  for (const char* const host :
       {"index.example", "other.example", "more.example", "links.example", "proxy.example"}) {
    EXPECT_THAT(page, HasSubstr(host));
  }
}

TEST(InspectText, LeavesOutTheInstallerOfADescribedMachine) {
  probe::Environment environment;
  environment.origin = {"target", "--target"};
  EXPECT_THAT(inspect_text(environment, {}), Not(HasSubstr("Installer")));
}

TEST(InspectJson, WrapsTheEnvironment) {
  const auto document = inspect_json(test::plain_environment());
  EXPECT_EQ(document["schema_version"], 1);
  EXPECT_TRUE(document["environment"].is_object());
}

}  // namespace
}  // namespace wheelfit::render
