// SPDX-License-Identifier: Apache-2.0
#include "catalog/page_reader.hpp"

#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/fake_clock.hpp"
#include "support/scripted_http.hpp"
#include "support/temp_dir.hpp"

namespace wheelfit::catalog {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;

class PageReaderTest : public ::testing::Test {
 protected:
  PageAnswer read(bool offline = false) {
    return PageReader(http, clock, cache.path(), offline).read(request);
  }
  void later(std::chrono::minutes minutes) { clock.sleep(minutes); }
  std::optional<std::string> sent(std::size_t index, std::string_view header) {
    const auto requests = http.requests();
    for (const auto& [name, value] : requests.at(index).headers) {
      if (name == header) return value;
    }
    return std::nullopt;
  }

  test::ScriptedHttp http;
  test::FakeClock clock;
  test::TempDir cache;
  const std::string url = "https://user:secret@index.example/simple/x/";
  const PageRequest request{url, "text/html", "token"};
};

TEST_F(PageReaderTest, AsksOnceInTenMinutes) {
  http.answer(url, "body\nwith lines", {{"content-type", "Text/HTML; charset=utf-8"}, {"etag", "\"1\""}});
  const PageAnswer first = read();
  ASSERT_TRUE(first.page);
  EXPECT_TRUE(first.live);
  EXPECT_EQ(first.page->content_type, "text/html");
  later(std::chrono::minutes(10));
  const PageAnswer second = read();
  EXPECT_TRUE(second.live);
  EXPECT_EQ(second.page->body, "body\nwith lines");
  EXPECT_THAT(http.requests(), SizeIs(1));
  EXPECT_EQ(http.requests().front().bearer_token, "token");
}

TEST_F(PageReaderTest, RevalidatesWithTheEtag) {
  http.answer(url, "old", {{"etag", "\"1\""}, {"link", "<https://index.example/2>; rel=\"next\""}});
  http.status(url, 304);
  read();
  later(std::chrono::minutes(11));
  const PageAnswer again = read();
  EXPECT_TRUE(again.live);
  EXPECT_EQ(again.page->body, "old");
  EXPECT_THAT(again.page->link, HasSubstr("index.example/2"));
  EXPECT_EQ(sent(1, "If-None-Match"), "\"1\"");
  later(std::chrono::minutes(9));
  EXPECT_TRUE(read().live);
  EXPECT_THAT(http.requests(), SizeIs(2)) << "a revalidated page is fresh again";
}

TEST_F(PageReaderTest, OfflineGivesOnlyWhatIsKept) {
  EXPECT_FALSE(read(true).page);
  http.answer(url, "kept");
  read();
  later(std::chrono::hours(100));
  const PageAnswer answer = read(true);
  EXPECT_EQ(answer.page.value().body, "kept");
  EXPECT_FALSE(answer.live);
  EXPECT_THAT(http.requests(), SizeIs(1));
}

TEST_F(PageReaderTest, SaysWhenTheRateLimitEnds) {
  http.answer(url, "", {{"x-ratelimit-remaining", "0"}, {"x-ratelimit-reset", "1785546000"}}, 403);
  const PageAnswer answer = read();
  EXPECT_FALSE(answer.page);
  EXPECT_EQ(answer.trouble.english(),
            "index.example limits how often it may be asked, until 2026-08-01 01:00 UTC");
  http.answer(url, "", {{"retry-after", "60"}}, 429);
  read();
  EXPECT_EQ(read().trouble.english(),
            "index.example limits how often it may be asked, until 2026-08-01 00:01 UTC");
}

TEST_F(PageReaderTest, TroubleNeverShowsCredentials) {
  for (const int status : {401, 403, 404, 500}) {
    http.status(url, status);
  }
  for (int i = 0; i < 4; ++i) {
    const PageAnswer answer = read();
    EXPECT_FALSE(answer.live);
    EXPECT_EQ(answer.missing, i == 2);
    EXPECT_THAT(answer.trouble.english(), Not(HasSubstr("secret")));
    EXPECT_THAT(answer.trouble.english(), HasSubstr("index.example"));
  }
}

TEST_F(PageReaderTest, KeepsNoCredentials) {
  http.answer(url, "body");
  EXPECT_EQ(read().page.value().address, url);
  std::size_t files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(cache.path())) {
    std::ifstream file(entry.path());
    const std::string content{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    EXPECT_THAT(content, Not(HasSubstr("secret")));
    EXPECT_THAT(content, HasSubstr("https://index.example/simple/x/"));
    ++files;
  }
  EXPECT_EQ(files, 1U);
  EXPECT_EQ(read(true).page.value().address, url) << "links on the page still need them";

  PageRequest other = request;
  other.url = "https://index.example/simple/x/";
  EXPECT_EQ(PageReader(http, clock, cache.path(), true).read(other).page.value().address, other.url);
}

TEST_F(PageReaderTest, KeepsWorkingWithADamagedCache) {
  http.answer(url, "right");
  read();
  for (const auto& entry : std::filesystem::directory_iterator(cache.path())) {
    std::filesystem::resize_file(entry.path(), std::filesystem::file_size(entry.path()) - 1);
  }
  EXPECT_FALSE(read(true).page) << "a cut page must not be believed";
  EXPECT_EQ(read().page.value().body, "right");
  for (const auto& entry : std::filesystem::directory_iterator(cache.path()))
    std::ofstream(entry.path()) << "{}\n";
  EXPECT_EQ(read().page.value().body, "right");
}

TEST_F(PageReaderTest, UsesTheKeptPageWhenTheServerFails) {
  http.answer(url, "kept");
  http.fail(url, "the connection was cut");
  read();
  later(std::chrono::minutes(30));
  const PageAnswer answer = read();
  EXPECT_FALSE(answer.live);
  EXPECT_EQ(answer.page.value().body, "kept");
  EXPECT_EQ(answer.trouble.english(), "the connection was cut");
}

}  // namespace
}  // namespace wheelfit::catalog
