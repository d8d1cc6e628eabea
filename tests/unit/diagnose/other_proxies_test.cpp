// SPDX-License-Identifier: Apache-2.0
#include "diagnose/other_proxies.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/temp_dir.hpp"

namespace wheelfit::diagnose {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(OtherProxiesTest, ReadsGitsOwn) {
  EXPECT_THAT(
      proxies_in_gitconfig("[user]\n\tproxy = http://no:1\n[http]\n\tproxy = http://git.example:3128\n"
                           "[http \"https://github.com\"]\n\tproxy = \"socks5h://127.0.0.1:1080\"\n"
                           "\tsslVerify = false\n[core]\n\tproxy=http://no:2\n"),
      ElementsAre("http://git.example:3128", "socks5h://127.0.0.1:1080"));
  EXPECT_THAT(proxies_in_gitconfig("[http]\n\tproxy =\n"), IsEmpty());
}

TEST(OtherProxiesTest, ReadsApts) {
  EXPECT_THAT(proxies_in_apt_conf("// Acquire::http::Proxy \"http://no:1\";\nAcquire::http::Proxy "
                                  "\"http://apt.example:3142\";\nAcquire::https::proxy \"DIRECT\";\n"),
              ElementsAre("http://apt.example:3142"));
}

TEST(OtherProxiesTest, ReadsCondas) {
  EXPECT_THAT(proxies_in_condarc("channels:\n  - defaults\nproxy_servers:\n  http: http://conda.example:1\n"
                                 "  https: 'http://conda.example:2'\nssl_verify: true\n"),
              ElementsAre("http://conda.example:1", "http://conda.example:2"));
}

TEST(OtherProxiesTest, ReadsAssignments) {
  EXPECT_THAT(
      proxies_in_assignments("# https_proxy=http://no:1\nPATH=\"/bin:/usr/bin\"\nhttps_proxy = http://w:2\n"
                             "export HTTP_PROXY=\"http://e:3\"\nno_proxy=a:b\n"),
      ElementsAre("http://w:2", "http://e:3"));
}

TEST(OtherProxiesTest, EachIsThereOnceWithItsFile) {
  const test::TempDir folder;
  const auto git = folder.write("home/.gitconfig", "[http]\n proxy = http://p.example:1\n");
  folder.write("etc/environment", "https_proxy=http://p.example:1\n");
  const auto apt =
      folder.write("etc/apt/apt.conf.d/90proxy", "Acquire::http::Proxy \"http://q.example:2\";\n");
  const system::EnvironmentVariables variables({{"HOME", (folder.path() / "home").string()}});
  EXPECT_THAT(find_other_proxies(variables, folder.path()),
              ElementsAre(Fact<std::string>("http://p.example:1", git.string()),
                          Fact<std::string>("http://q.example:2", apt.string())));
}

}  // namespace
}  // namespace wheelfit::diagnose
