// SPDX-License-Identifier: Apache-2.0
#include "system/url.hpp"

#include <gtest/gtest.h>

namespace wheelfit::system {
namespace {

TEST(UrlTest, TakesAddressesApart) {
  EXPECT_EQ(parse_url("https://Index.example/simple/?a=b#c"),
            (Url{"https", "", "index.example", 443, "/simple/?a=b#c"}));
  EXPECT_EQ(parse_url("HTTP://user:p%40ss@host:8080/"), (Url{"http", "user:p%40ss", "host", 8080, "/"}));
  EXPECT_EQ(parse_url("http://[::1]:3128"), (Url{"http", "", "::1", 3128, ""}));
  EXPECT_EQ(parse_url("socks5h://proxy"), (Url{"socks5h", "", "proxy", 1080, ""}));
  EXPECT_EQ(parse_url("file:///tmp/a.whl"), (Url{"file", "", "", 0, "/tmp/a.whl"}));
}

TEST(UrlTest, RefusesWhatIsNone) {
  for (const char* bad : {"", "host", "/path", "://host", "http://host:port/", "http://host:80x"}) {
    EXPECT_EQ(parse_url(bad), std::nullopt) << bad;
  }
}

TEST(UrlTest, RedactsCredentials) {
  const std::pair<const char*, const char*> rows[] = {
      {"https://user:secret@host/path", "https://host/path"},
      {"https://token@host/path?a=1", "https://host/path?a=1"},
      {"https://a@b@host/", "https://host/"},
      {"https://host/path?X-Amz-Signature=abc&x=1#sha256=00",
       "https://host/path?X-Amz-Signature=***&x=1#sha256=00"},
      {"https://host/?access_token=abc", "https://host/?access_token=***"},
      {"https://host/user@domain", "https://host/user@domain"},
      {"user:secret@proxy:3128", "proxy:3128"},
      {"plain", "plain"},
      {"https://host/t/ab-12-cd/channel/linux-64", "https://host/t/***/channel/linux-64"},
      {"https://user:secret@host:81/t/ab/channel", "https://host:81/t/***/channel"},
      {"https://host/t/ab", "https://host/t/ab"},
      {"https://host/x/t/ab/channel", "https://host/x/t/ab/channel"},
      {"https://host/t/?a=/b", "https://host/t/?a=/b"},
  };
  for (const auto& [address, wanted] : rows) EXPECT_EQ(redacted(address), wanted);
}

TEST(UrlTest, RedactsPasswordsThatShouldHaveBeenEscaped) {
  const std::pair<const char*, const char*> rows[] = {
      {"https://user:pass/word@host/path", "https://host/path"},
      {"https://user:pass?word@host/path", "https://host/path"},
      {"https://user:pass#word@host/path", "https://host/path"},
      {"https://user:12/34@host/path", "https://host/path"},
      {"https://user:a/b@c/d@host/path?token=x", "https://host/path?token=***"},
      {"user:pass/word@proxy:3128", "proxy:3128"},
      {"http://user:p://w@proxy:3128", "http://proxy:3128"},
  };
  for (const auto& [address, wanted] : rows) EXPECT_EQ(redacted(address), wanted);
}

TEST(UrlTest, LeavesPathsAsTheyAre) {
  for (const char* path : {"/a@b/wheels", "./a@b", "../user:x@y", "~/a@b", "file:///a@b/wheels",
                           "https://host/owner/name@v1", "http://[::1]:3128/a@b"}) {
    EXPECT_EQ(redacted(path), path);
  }
}

TEST(UrlTest, ComparesOrigins) {
  EXPECT_TRUE(same_origin("https://host/a", "https://HOST:443/b"));
  EXPECT_FALSE(same_origin("https://host/a", "http://host/a"));
  EXPECT_FALSE(same_origin("https://host/a", "https://host:444/a"));
  EXPECT_FALSE(same_origin("https://host/a", "https://other/a"));
  EXPECT_FALSE(same_origin("nothing", "nothing"));
}

}  // namespace
}  // namespace wheelfit::system
