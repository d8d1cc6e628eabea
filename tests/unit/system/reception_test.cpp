// SPDX-License-Identifier: Apache-2.0
#include "system/reception.hpp"

#include <gtest/gtest.h>

namespace wheelfit::system {
namespace {

class ReceptionTest : public testing::Test {
 protected:
  bool body(std::string_view bytes) { return reception_.take_body(std::as_bytes(std::span(bytes))); }

  HeadSink head_;
  BodySink sink_;
  Reception reception_{head_, sink_, 5};
};

TEST_F(ReceptionTest, ReadsTheFinalHead) {
  for (const char* line : {"HTTP/1.1 100 Continue\r\n", "X-Early: 1\r\n", "\r\n", "HTTP/2 206\r\n",
                           "ETag:  \"a\" \r\n", "Vary: a\r\n", "vary: b\r\n", "no colon\r\n", "\r\n"}) {
    reception_.take_header(line);
  }
  EXPECT_EQ(reception_.response.status, 206);
  EXPECT_EQ(reception_.response.header("x-early"), std::nullopt);
  EXPECT_EQ(reception_.response.header("etag"), "\"a\"");
  EXPECT_EQ(reception_.response.header("vary"), "a, b");
}

TEST_F(ReceptionTest, KeepsABodyUpToItsLimit) {
  reception_.take_header("HTTP/1.1 200 OK");
  EXPECT_TRUE(body("12345"));
  EXPECT_EQ(reception_.response.body, "12345");
  EXPECT_FALSE(body("6"));
  EXPECT_TRUE(reception_.too_large);
}

TEST_F(ReceptionTest, CutsTheBodyOfAFailureThatHasASink) {
  sink_ = [](auto) { return false; };
  reception_.take_header("HTTP/1.1 503 Busy");
  EXPECT_TRUE(body("12345"));
  EXPECT_TRUE(body("6"));
  EXPECT_EQ(reception_.response.body, "12345");
}

TEST_F(ReceptionTest, GivesTheHeadOnceAndBeforeTheBody) {
  int heads = 0;
  head_ = [&](const HttpResponse& response) { return ++heads > 0 && response.status == 200; };
  reception_.take_header("HTTP/1.1 200 OK");
  EXPECT_TRUE(body("1"));
  EXPECT_TRUE(body("2"));
  EXPECT_TRUE(reception_.give_head());
  EXPECT_EQ(heads, 1);
}

TEST_F(ReceptionTest, HidesRedirects) {
  head_ = [](const HttpResponse&) { return false; };
  reception_.take_header("HTTP/1.1 302 Found");
  reception_.take_header("Location: /there");
  EXPECT_TRUE(body("moved"));
  EXPECT_EQ(reception_.response.body, "");
  EXPECT_FALSE(reception_.stopped);
}

TEST_F(ReceptionTest, SurvivesGarbage) {
  for (const char* line : {"", "HTTP/", "HTTP/1.1", "HTTP/1.1 abc", ":", ": :"}) reception_.take_header(line);
  EXPECT_EQ(reception_.response.status, 0);
}

}  // namespace
}  // namespace wheelfit::system
