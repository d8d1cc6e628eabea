// SPDX-License-Identifier: Apache-2.0
#include "system/http_ranges.hpp"

#include <atomic>
#include <chrono>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.hpp"
#include "support/fake_clock.hpp"
#include "support/http_server.hpp"
#include "support/range_server.hpp"
#include "support/scripted_http.hpp"
#include "system/curl_http.hpp"

namespace wheelfit::system {
namespace {

using test::HttpServer;
using test::ServerRequest;
using test::ServerResponse;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using namespace std::chrono_literals;

std::string varied(std::size_t size) {
  std::string text(size, '\0');
  std::uint32_t state = 1;
  for (char& c : text) c = static_cast<char>((state = state * 1664525U + 1013904223U) >> 24U);
  return text;
}

class Ranges : public testing::Test {
 protected:
  using Opened = tl::expected<std::unique_ptr<HttpRanges>, NoRanges>;

  Opened open(const std::string& url, std::optional<std::string> token = std::nullopt) {
    return HttpRanges::open(*http, clock, {url, std::move(token)});
  }
  std::string read(HttpRanges& file, std::uint64_t offset, std::size_t size) {
    std::string bytes(size, '\0');
    file.read(offset, std::as_writable_bytes(std::span(bytes)));
    return bytes;
  }
  std::string code_of_reading(HttpRanges& file, std::uint64_t offset) {
    try {
      read(file, offset, 10);
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::unreachable);
      return error.code();
    }
    return "";
  }
  static std::vector<std::string> ranges_asked(const HttpServer& server) {
    std::vector<std::string> ranges;
    for (const ServerRequest& request : server.requests())
      ranges.push_back(request.header("range").value_or("none"));
    return ranges;
  }

  static HttpSettings settings() {
    HttpSettings quick;
    quick.first_byte_timeout = 5s;
    return quick;
  }

  test::FakeClock clock;
  std::unique_ptr<HttpClient> http = make_http_client(settings(), clock);
  const std::string content = varied(1'000'000);
};

TEST_F(Ranges, BeginsWithOneSuffixAndReadsPartsExactly) {
  HttpServer server(
      [&](const ServerRequest& request) { return test::serve_ranges(request, content, "\"a\""); });
  const Opened file = open(server.url("/a.whl"));
  ASSERT_TRUE(file.has_value());
  EXPECT_EQ((*file)->size(), content.size());
  EXPECT_EQ((*file)->bytes_read(), 32768U);
  EXPECT_EQ(read(**file, 999'000, 1000), content.substr(999'000));
  EXPECT_EQ((*file)->requests(), 1U) << "the end is here already";
  EXPECT_EQ(read(**file, 500'000, 100), content.substr(500'000, 100));
  EXPECT_EQ(read(**file, 0, 1'000'000), content);
  EXPECT_EQ((*file)->bytes_read(), content.size()) << "no byte travels twice";
  EXPECT_THAT(ranges_asked(server),
              ElementsAre("bytes=-32768", "bytes=500000-516383", "bytes=0-499999", "bytes=516384-967231"));
  EXPECT_EQ(server.requests()[1].header("if-range"), "\"a\"");
}

TEST_F(Ranges, WhoReadsOnGetsMoreAtATime) {
  HttpServer server(
      [&](const ServerRequest& request) { return test::serve_ranges(request, content, "\"a\""); });
  const Opened file = open(server.url("/a.whl"));
  ASSERT_TRUE(file.has_value());
  for (std::uint64_t at = 0; at < 400'000; at += 4000)
    EXPECT_EQ(read(**file, at, 4000), content.substr(at, 4000));
  EXPECT_LE((*file)->requests(), 13U) << "and not one for every 16 KiB";
  EXPECT_LT((*file)->bytes_read(), 580'000U) << "but no more than a third in vain";
}

TEST_F(Ranges, AFileShorterThanTheSuffixIsReadAtOnce) {
  HttpServer server(
      [](const ServerRequest& request) { return test::serve_ranges(request, "short", "\"a\""); });
  const Opened file = open(server.url("/a.whl"));
  ASSERT_TRUE(file.has_value());
  EXPECT_EQ((*file)->size(), 5U);
  EXPECT_EQ(read(**file, 1, 3), "hor");
}

TEST_F(Ranges, AServerThatDoesNotKnowSuffixesIsAskedForTheSize) {
  for (const int status : {501, 416, 400, 200}) {
    HttpServer server([&](const ServerRequest& request) {
      if (!request.header("range")->starts_with("bytes=-"))
        return test::serve_ranges(request, content, "\"a\"");
      return status == 200 ? ServerResponse{.body = content} : ServerResponse{.status = status};
    });
    const Opened file = open(server.url("/a.whl"));
    ASSERT_TRUE(file.has_value()) << status;
    EXPECT_EQ(read(**file, 999'990, 10), content.substr(999'990)) << status;
    EXPECT_THAT(ranges_asked(server), ElementsAre("bytes=-32768", "bytes=0-0", "bytes=967232-999999"));
  }
}

TEST_F(Ranges, AShortFileOfAServerThatDoesNotKnowSuffixesIsReadToo) {
  for (const std::string& whole : {std::string("short"), std::string("1")}) {
    HttpServer server([&](const ServerRequest& request) {
      if (request.header("range")->starts_with("bytes=-")) return ServerResponse{.status = 501};
      return test::serve_ranges(request, whole, "\"a\"");
    });
    const Opened file = open(server.url("/a.whl"));
    ASSERT_TRUE(file.has_value());
    EXPECT_EQ(read(**file, 0, whole.size()), whole);
  }
}

TEST_F(Ranges, AServerWithoutRangesIsAnAnswerAndItsBodyIsNotDownloaded) {
  const std::string large(20'000'000, 'x');
  HttpServer server([&](const ServerRequest&) { return ServerResponse{.body = large}; });
  const Opened file = open(server.url("/a.whl"));
  ASSERT_FALSE(file.has_value());
  EXPECT_EQ(file.error().reason.english(), "127.0.0.1 answers a range with the whole file");
  EXPECT_EQ(file.error().bytes_read, 0U);
}

TEST_F(Ranges, AMissingFileIsAnAnswer) {
  HttpServer server([](const ServerRequest&) { return ServerResponse{.status = 404, .body = "gone"}; });
  const Opened file = open(server.url("/a.whl"));
  ASSERT_FALSE(file.has_value());
  EXPECT_EQ(file.error().reason.english(), "127.0.0.1 answers 404 to a range");
  EXPECT_EQ(server.requests().size(), 1U);
}

TEST_F(Ranges, AHostThatCannotBeReachedThrows) {
  try {
    (void)open("http://127.0.0.1:" + std::to_string(test::closed_port()) + "/a.whl");
    FAIL() << "must throw";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::unreachable);
    EXPECT_FALSE(wants_whole_file(error.code()));
  }
}

TEST_F(Ranges, EveryLieAboutTheRangeIsAnAnswer) {
  struct Lie {
    const char* content_range;
    std::size_t body;
    std::vector<std::pair<std::string, std::string>> more = {};
  };
  const std::vector<Lie> lies{
      {"bytes 967232-999999/1000001", 32768},                                  // not the end
      {"bytes 0-32767/1000000", 32768},                                        // another part
      {"bytes 967232-999999/*", 32768},                                        // no total
      {"", 32768},                                                             // none
      {"bytes 967232-999999/1000000", 32767},                                  // short
      {"bytes 967232-999999/1000000", 40000},                                  // long
      {"bytes 967232-999999/1000000", 32768, {{"Content-Encoding", "gzip"}}},  // other bytes
      {"bytes 0-18446744073709551614/18446744073709551615", 32768},
  };
  for (const Lie& lie : lies) {
    HttpServer server([&](const ServerRequest&) {
      ServerResponse response{.status = 206, .body = std::string(lie.body, 'x'), .headers = lie.more};
      response.headers.emplace_back("Content-Range", lie.content_range);
      response.without_length = true;
      return response;
    });
    const Opened file = open(server.url("/a.whl"));
    ASSERT_FALSE(file.has_value()) << lie.content_range;
    EXPECT_THAT(file.error().reason.english(), HasSubstr("something else than the range"));
    EXPECT_LT(file.error().bytes_read, 300'000U)
        << "no more is taken than was asked for, but what was under way";
  }
}

TEST_F(Ranges, AnEndlessBodyIsCutOff) {
  HttpServer server([&](const ServerRequest&) {
    ServerResponse response{.status = 206, .body = std::string(50'000'000, 'x')};
    response.headers = {{"Content-Range", "bytes 967232-999999/1000000"}};
    response.without_length = true;
    return response;
  });
  const Opened file = open(server.url("/a.whl"));
  ASSERT_FALSE(file.has_value());
  EXPECT_LT(file.error().bytes_read, 1'500'000U);
}

// Serves one file to the first request and another one to those that follow.
class Changing {
 public:
  Changing(ServerResponse (*serve)(const ServerRequest&, const std::string&, const std::string&),
           std::string before, std::string after)
      : server([=, this](const ServerRequest& request) {
          const bool first = asked++ == 0;
          return serve(request, first ? before : after, first ? "\"a\"" : "\"b\"");
        }) {}

  std::atomic<int> asked = 0;
  HttpServer server;
};

ServerResponse heedless_of_if_range(const ServerRequest& request, const std::string& content,
                                    const std::string& etag) {
  ServerRequest without = request;
  without.headers.erase("if-range");
  return test::serve_ranges(without, content, etag);
}
ServerResponse without_etag(const ServerRequest& request, const std::string& content, const std::string&) {
  ServerResponse response = test::serve_ranges(request, content, "");
  response.headers.erase(response.headers.begin());
  return response;
}

TEST_F(Ranges, AFileThatChangesBetweenTwoRangesIsNoticed) {
  const std::string other = varied(900'000);
  const std::string shorter = varied(50'000);
  for (const auto serve : {&test::serve_ranges, &heedless_of_if_range, &without_etag}) {
    for (const std::string& after : {other, shorter}) {
      Changing changing(serve, content, after);
      const Opened file = open(changing.server.url("/a.whl"));
      ASSERT_TRUE(file.has_value());
      EXPECT_EQ(code_of_reading(**file, 100'000), "changed");
    }
  }
}

TEST_F(Ranges, AFileOfTheSameSizeWithAnotherTagHasChanged) {
  Changing changing(&heedless_of_if_range, content, std::string(content.size(), 'x'));
  const Opened file = open(changing.server.url("/a.whl"));
  ASSERT_TRUE(file.has_value());
  EXPECT_EQ(code_of_reading(**file, 100'000), "changed");
}

TEST_F(Ranges, AServerThatStopsAnsweringRangesIsTold) {
  std::atomic<int> asked = 0;
  HttpServer server([&](const ServerRequest& request) {
    ServerRequest heard = request;
    if (asked++ > 0) heard.headers.erase("range");
    return test::serve_ranges(heard, content, "\"a\"");
  });
  const Opened file = open(server.url("/a.whl"));
  ASSERT_TRUE(file.has_value());
  EXPECT_EQ(code_of_reading(**file, 100'000), "no-ranges");
  EXPECT_TRUE(wants_whole_file("no-ranges"));
}

// A download page that sends on to signed addresses, which the test may let expire.
class Redirecting {
 public:
  explicit Redirecting(const std::string& content)
      : assets([&content, this](const ServerRequest& request) {
          const int signature = std::stoi(request.target.substr(request.target.find('=') + 1));
          if (signature < oldest_valid) return ServerResponse{.status = 403};
          return test::serve_ranges(request, content, "\"a\"");
        }),
        page([this](const ServerRequest&) {
          const std::string signed_address = assets.url("/x?sig=" + std::to_string(issued++));
          return ServerResponse{.status = 302, .headers = {{"Location", signed_address}}};
        }) {}
  void let_expire() { oldest_valid = issued.load(); }

  std::atomic<int> issued = 0;
  std::atomic<int> oldest_valid = 0;
  HttpServer assets;
  HttpServer page;
};

TEST_F(Ranges, ARedirectIsFollowedOnce) {
  Redirecting site(content);
  const Opened file = open(site.page.url("/a.whl"), "secret");
  ASSERT_TRUE(file.has_value());
  EXPECT_EQ(read(**file, 100, 10), content.substr(100, 10));
  EXPECT_EQ(read(**file, 500'000, 10), content.substr(500'000, 10));
  EXPECT_EQ(site.page.requests().size(), 1U);
  EXPECT_EQ(site.assets.requests().size(), 3U);
  for (const ServerRequest& request : site.assets.requests())
    EXPECT_EQ(request.header("authorization"), std::nullopt) << "a token is for one host only";
}

TEST_F(Ranges, AnExpiredAddressIsReplacedByAFreshOne) {
  Redirecting site(content);
  const Opened file = open(site.page.url("/a.whl"));
  ASSERT_TRUE(file.has_value());
  EXPECT_EQ(read(**file, 100, 10), content.substr(100, 10));
  site.let_expire();
  EXPECT_EQ(read(**file, 500'000, 10), content.substr(500'000, 10));
  EXPECT_EQ(read(**file, 600'000, 10), content.substr(600'000, 10));
  EXPECT_EQ(site.page.requests().size(), 2U);
}

TEST_F(Ranges, ATransientAnswerIsAskedAgain) {
  std::atomic<int> asked = 0;
  HttpServer server([&](const ServerRequest& request) {
    if (asked++ == 1) return ServerResponse{.status = 503, .headers = {{"Retry-After", "7"}}};
    return test::serve_ranges(request, content, "\"a\"");
  });
  const Opened file = open(server.url("/a.whl"));
  ASSERT_TRUE(file.has_value());
  EXPECT_EQ(read(**file, 100, 10), content.substr(100, 10));
  EXPECT_THAT(clock.sleeps(), ElementsAre(7s));
}

TEST_F(Ranges, AConnectionThatIsCutIsMadeAgain) {
  std::atomic<int> asked = 0;
  HttpServer server([&](const ServerRequest& request) {
    ServerResponse response = test::serve_ranges(request, content, "\"a\"");
    if (asked++ == 0) response.cut_after = 1000;
    return response;
  });
  const Opened file = open(server.url("/a.whl"));
  ASSERT_TRUE(file.has_value());
  EXPECT_EQ((*file)->bytes_read(), 1000U + 32768U) << "what was cut off was read too";
  EXPECT_EQ(read(**file, 999'000, 1000), content.substr(999'000));
}

TEST_F(Ranges, ACredentialIsNeverPartOfTheReason) {
  test::ScriptedHttp scripted;
  scripted.status("https://user:secret@assets.example/a.whl?sig=abc", 403);
  const auto file =
      HttpRanges::open(scripted, clock, {"https://user:secret@assets.example/a.whl?sig=abc", "token"});
  ASSERT_FALSE(file.has_value());
  EXPECT_EQ(file.error().reason.english(), "assets.example answers 403 to a range");
}

TEST_F(Ranges, AWeakTagIsComparedButNotSent) {
  test::ScriptedHttp scripted;
  int asked = 0;
  scripted.handle("https://assets.example/a.whl", [&](const HttpRequest& request) {
    ServerRequest heard{"GET", "/a.whl", {}};
    for (const auto& [name, value] : request.headers) heard.headers[name == "Range" ? "range" : name] = value;
    EXPECT_FALSE(heard.header("If-Range").has_value());
    const ServerResponse served = test::serve_ranges(heard, content, "");
    HttpResponse response{served.status, request.url, {}, served.body};
    response.headers = {{"etag", asked++ == 0 ? "W/\"a\"" : "W/\"b\""},
                        {"content-range", served.headers.back().second}};
    return response;
  });
  const auto file = HttpRanges::open(scripted, clock, {"https://assets.example/a.whl", std::nullopt});
  ASSERT_TRUE(file.has_value());
  EXPECT_EQ(code_of_reading(**file, 0), "changed");
}

TEST_F(Ranges, LeavesATokenAwayThatIsNoGood) {
  const HttpServer server([this](const ServerRequest& request) {
    if (request.header("authorization")) return ServerResponse{.status = 401};
    return test::serve_ranges(request, content, "\"1\"");
  });
  const auto file = open(server.url("/x"), "stale");
  ASSERT_TRUE(file);
  EXPECT_EQ(read(**file, 5, 10), content.substr(5, 10));
}

}  // namespace
}  // namespace wheelfit::system
