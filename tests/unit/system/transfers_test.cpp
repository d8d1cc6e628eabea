// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.hpp"
#include "support/fake_clock.hpp"
#include "support/http_server.hpp"
#include "support/scripted_http.hpp"
#include "system/curl_http.hpp"
#include "system/first_answer.hpp"

namespace wheelfit::system {
namespace {

using namespace std::chrono_literals;
using test::HttpServer;
using test::ServerRequest;
using test::ServerResponse;

class TransfersTest : public testing::Test {
 protected:
  // What has come of each request, by the order in which they were begun.
  struct Seen {
    std::string body;
    std::optional<Transfers::Ended> ended;
  };
  Transfers::Id begin(Transfers& transfers, const std::string& url) {
    const std::size_t place = seen.size();
    seen.emplace_back();
    HttpRequest request;
    request.url = url;
    ids.push_back(transfers.start(
        request, [](const HttpResponse&) { return true; },
        [this, place](std::span<const std::byte> bytes) {
          seen[place].body.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
          return true;
        }));
    return ids.back();
  }
  void run(Transfers& transfers, std::size_t count) {
    for (int rounds = 0; count > 0 && rounds < 1000; ++rounds) {
      for (Transfers::Ended& ended : transfers.advance(10ms)) {
        const auto at = std::find(ids.begin(), ids.end(), ended.id) - ids.begin();
        seen[static_cast<std::size_t>(at)].ended = std::move(ended);
        --count;
      }
    }
    ASSERT_EQ(count, 0U);
  }
  static std::string code(const Seen& one) {
    try {
      if (one.ended && one.ended->fault) std::rethrow_exception(one.ended->fault);
    } catch (const Error& error) {
      return error.code();
    }
    return "";
  }

  std::vector<Seen> seen;
  std::vector<Transfers::Id> ids;
  test::FakeClock clock;
  HttpSettings settings;
};

TEST_F(TransfersTest, AreUnderWayAtTheSameTime) {
  std::atomic<int> waiting = 0;
  const HttpServer server([&waiting](const ServerRequest& request) {
    ++waiting;
    for (int i = 0; i < 500 && waiting < 3; ++i) std::this_thread::sleep_for(10ms);  // for the others
    return ServerResponse{.body = request.target};
  });
  const auto http = make_http_client(settings, clock);
  const auto transfers = http->transfers();
  for (const char* path : {"/a", "/b", "/c"}) begin(*transfers, server.url(path));
  run(*transfers, 3);
  EXPECT_EQ(seen[0].body + seen[1].body + seen[2].body, "/a/b/c");
  EXPECT_EQ(seen[2].ended->response.status, 200);
}

TEST_F(TransfersTest, EachEndsInItsOwnWay) {
  settings.first_byte_timeout = 100ms;
  const HttpServer server([](const ServerRequest& request) {
    if (request.target == "/silent") return ServerResponse{.silent = true};
    if (request.target == "/moved") return ServerResponse{.status = 302, .headers = {{"Location", "/x"}}};
    if (request.target == "/round") return ServerResponse{.status = 302, .headers = {{"Location", "/round"}}};
    if (request.target == "/cut") return ServerResponse{.body = "12345", .cut_after = 2};
    if (request.target == "/gone") return ServerResponse{.status = 404};
    return ServerResponse{.body = "x"};
  });
  const auto http = make_http_client(settings, clock);
  const auto transfers = http->transfers();
  for (const char* path : {"/silent", "/moved", "/round", "/cut", "/gone"})
    begin(*transfers, server.url(path));
  begin(*transfers, "nonsense");
  run(*transfers, 6);
  EXPECT_EQ(code(seen[0]), "timeout");
  EXPECT_EQ(seen[1].body, "x");
  EXPECT_EQ(seen[1].ended->response.effective_url, server.url("/x"));
  EXPECT_EQ(code(seen[2]), "redirects");
  EXPECT_EQ(code(seen[3]), "cut-off");
  EXPECT_EQ(seen[4].ended->response.status, 404);
  EXPECT_EQ(code(seen[5]), "bad-address");
}

TEST_F(TransfersTest, NothingMoreIsHeardOfACancelledOne) {
  const HttpServer server([](const ServerRequest& request) {
    if (request.target == "/slow") return ServerResponse{.silent = true};
    return ServerResponse{.body = "x"};
  });
  const auto http = make_http_client(settings, clock);
  const auto transfers = http->transfers();
  const auto slow = begin(*transfers, server.url("/slow"));
  begin(*transfers, server.url("/x"));
  transfers->cancel(slow);
  transfers->cancel(slow);
  run(*transfers, 1);
  EXPECT_FALSE(seen[0].ended);
  EXPECT_TRUE(transfers->advance(1ms).empty());
}

TEST_F(TransfersTest, AnyClientMakesThemOneAfterTheOther) {
  test::ScriptedHttp http;
  http.answer("http://a/1", "one");
  http.fail("http://a/2", "no");
  const auto transfers = http.transfers();
  begin(*transfers, "http://a/1");
  begin(*transfers, "http://a/2");
  transfers->cancel(begin(*transfers, "http://a/3"));
  run(*transfers, 2);
  EXPECT_EQ(seen[0].body, "one");
  EXPECT_TRUE(seen[1].ended->fault);
  EXPECT_EQ(http.requests().size(), 2U);
}

TEST_F(TransfersTest, TheFirstThatAnswersIsFoundBesideTheDead) {
  const HttpServer silent([](const ServerRequest&) { return ServerResponse{.silent = true}; });
  const HttpServer gone([](const ServerRequest&) { return ServerResponse{.status = 404}; });
  const HttpServer good([](const ServerRequest&) { return ServerResponse{.body = "x"}; });
  const auto http = make_http_client(settings, clock);
  const auto first = [&http](std::initializer_list<const HttpServer*> servers) {
    std::vector<HttpRequest> requests;
    for (const HttpServer* server : servers) requests.emplace_back().url = server->url("/x");
    return first_to_answer(*http, requests);
  };
  EXPECT_EQ(first({&silent, &gone, &good}), 2U);
  EXPECT_EQ(first({&good, &gone}), 0U);
  EXPECT_EQ(first({&gone, &gone}), std::nullopt);
  EXPECT_EQ(first({&good}), std::nullopt) << "there is nothing to choose";
}

}  // namespace
}  // namespace wheelfit::system
