// SPDX-License-Identifier: Apache-2.0
#include "system/curl_http.hpp"

#include <thread>

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/error.hpp"
#include "support/fake_clock.hpp"
#include "support/http_server.hpp"
#include "support/temp_dir.hpp"
#include "system/http_trace.hpp"

namespace wheelfit::system {
namespace {

using std::chrono::milliseconds;
using test::HttpServer;
using test::ServerRequest;
using test::ServerResponse;
using testing::HasSubstr;

class CurlHttpTest : public testing::Test {
 protected:
  HttpResponse get(HttpRequest request) { return make_http_client(settings_, clock_)->get(request); }
  HttpResponse get(const std::string& url) {
    HttpRequest request;
    request.url = url;
    return get(request);
  }
  template <typename Action>
  Error failure_of(Action action) {
    try {
      action();
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::unreachable);
      return error;
    }
    ADD_FAILURE() << "must throw";
    return {ErrorKind::internal, text("nothing thrown")};
  }
  Error failure_of_get(const std::string& url) {
    return failure_of([&] { get(url); });
  }

  HttpSettings settings_;
  test::FakeClock clock_;
  test::TempDir directory_;
};

TEST_F(CurlHttpTest, GetsAnAnswer) {
  const HttpServer server(
      [](const auto&) { return ServerResponse{.body = "hello", .headers = {{"X-One", "1"}}}; });
  const HttpResponse response = get(server.url("/a?b=c"));
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.body, "hello");
  EXPECT_EQ(response.header("x-one"), "1");
  EXPECT_EQ(response.header("x-two"), std::nullopt);
  EXPECT_EQ(response.effective_url, server.url("/a?b=c"));
  EXPECT_EQ(server.requests()[0].target, "/a?b=c");
  EXPECT_EQ(server.requests()[0].header("user-agent"), "wheelfit");
}

TEST_F(CurlHttpTest, TakesAStatusForAnAnswer) {
  const HttpServer server([](const auto&) { return ServerResponse{.status = 404, .body = "no"}; });
  EXPECT_EQ(get(server.url("/")).status, 404);
}

TEST_F(CurlHttpTest, SendsHeadersAndMethods) {
  const HttpServer server([](const auto&) { return ServerResponse{}; });
  HttpRequest request;
  request.url = server.url("/");
  request.method = "HEAD";
  request.headers = {{"If-None-Match", "\"v1\""}};
  request.bearer_token = "t0ken";
  get(request);
  EXPECT_EQ(server.requests()[0].method, "HEAD");
  EXPECT_EQ(server.requests()[0].header("if-none-match"), "\"v1\"");
  EXPECT_EQ(server.requests()[0].header("authorization"), "Bearer t0ken");
}

TEST_F(CurlHttpTest, KeepsCredentialsWithinTheirHost) {
  const HttpServer other([](const auto&) { return ServerResponse{.body = "there"}; });
  const HttpServer server([&](const ServerRequest& request) {
    const std::string to = request.target == "/away" ? other.url("/") : "/here";
    return request.target == "/here" ? ServerResponse{.body = "here"}
                                     : ServerResponse{.status = 302, .headers = {{"Location", to}}};
  });
  HttpRequest request;
  request.bearer_token = "t0ken";
  request.url = server.url("/away");
  EXPECT_EQ(get(request).body, "there");
  EXPECT_EQ(other.requests()[0].header("authorization"), std::nullopt);
  request.url = server.url("/home");
  const HttpResponse response = get(request);
  EXPECT_EQ(response.body, "here");
  EXPECT_EQ(response.effective_url, server.url("/here"));
  EXPECT_EQ(server.requests().back().header("authorization"), "Bearer t0ken");
}

TEST_F(CurlHttpTest, SendsTheCredentialsOfTheAddress) {
  const HttpServer server([](const auto&) { return ServerResponse{}; });
  std::string url = server.url("/");
  url.insert(std::string("http://").size(), "user:p%40ss@");
  get(url);
  EXPECT_EQ(server.requests()[0].header("authorization"), "Basic dXNlcjpwQHNz");
}

TEST_F(CurlHttpTest, SendsTheCredentialsOfNetrc) {
  const HttpServer server([](const auto&) { return ServerResponse{}; });
  directory_.write(".netrc", "machine 127.0.0.1 login user password p@ss\n");
  settings_.variables = EnvironmentVariables({{"HOME", directory_.path().string()}});
  get(server.url("/"));
  EXPECT_EQ(server.requests()[0].header("authorization"), "Basic dXNlcjpwQHNz");
}

TEST_F(CurlHttpTest, GivesUpOnEndlessRedirects) {
  const HttpServer server(
      [](const auto&) { return ServerResponse{.status = 302, .headers = {{"Location", "/again"}}}; });
  EXPECT_EQ(failure_of_get(server.url("/")).code(), "redirects");
}

TEST_F(CurlHttpTest, DoesNotFollowARedirectToAFile) {
  const auto file = directory_.write("secret", "secret");
  const HttpServer server([&](const auto&) {
    return ServerResponse{.status = 302, .headers = {{"Location", "file://" + file.string()}}};
  });
  EXPECT_EQ(failure_of_get(server.url("/")).code(), "redirects");
}

TEST_F(CurlHttpTest, ReadsLocalFiles) {
  EXPECT_EQ(get("file://" + directory_.write("a", "content").string()).body, "content");
  EXPECT_EQ(get("file://" + directory_.write("empty", "").string()).status, 200);
  EXPECT_EQ(get("file://" + (directory_ / "missing").string()).status, 404);
}

TEST_F(CurlHttpTest, RefusesABodyThatIsTooLong) {
  const HttpServer server([](const auto&) { return ServerResponse{.body = std::string(2000, 'x')}; });
  HttpRequest request;
  request.url = server.url("/");
  request.max_body_bytes = 1999;
  EXPECT_EQ(failure_of([&] { get(request); }).code(), "too-large");
}

// `printf hello | gzip -n`
constexpr std::string_view gzipped(
    "\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\xcb\x48\xcd\xc9\xc9\x07\x00\x86\xa6\x10\x36\x05\x00\x00\x00",
    25);

TEST_F(CurlHttpTest, AsksForGzipAndUndoesItForGetOnly) {
  const HttpServer server([](const auto& request) {
    const bool wanted = request.header("accept-encoding").value_or("").find("gzip") != std::string::npos;
    if (!wanted) return ServerResponse{.body = "plain"};
    return ServerResponse{.body = std::string(gzipped), .headers = {{"Content-Encoding", "gzip"}}};
  });
  EXPECT_EQ(get(server.url("/")).body, "hello");
  HttpRequest request;
  request.url = server.url("/");
  std::string streamed;
  make_http_client(settings_, clock_)->stream(request, {}, [&](std::span<const std::byte> bytes) {
    streamed.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    return true;
  });
  EXPECT_EQ(streamed, "plain");
}

TEST_F(CurlHttpTest, TriesAgainWhatMayPass) {
  const HttpServer server([attempt = 0](const auto&) mutable {
    switch (++attempt) {
      case 1:
        return ServerResponse{.status = 503, .headers = {{"Retry-After", "3"}}};
      case 2:
        return ServerResponse{.body = "cut off", .cut_after = 2};
      default:
        return ServerResponse{.body = "well"};
    }
  });
  EXPECT_EQ(get(server.url("/")).body, "well");
  ASSERT_EQ(clock_.sleeps().size(), 2U);
  EXPECT_EQ(clock_.sleeps()[0], milliseconds(3000));
}

TEST_F(CurlHttpTest, HandsOutTheLastAnswerOfABusyServer) {
  const HttpServer server([](const auto&) { return ServerResponse{.status = 503}; });
  EXPECT_EQ(get(server.url("/")).status, 503);
  EXPECT_EQ(server.requests().size(), 4U);
}

TEST_F(CurlHttpTest, NoticesSilence) {
  settings_.first_byte_timeout = milliseconds(120);
  const HttpServer server([](const auto&) { return ServerResponse{.silent = true}; });
  const Error error = failure_of_get(server.url("/"));
  EXPECT_EQ(error.code(), "timeout");
  EXPECT_EQ(error.sentence().english(), "127.0.0.1 was asked, but sends no answer");
  EXPECT_EQ(server.requests().size(), 2U) << "each costs the whole time limit";
}

TEST_F(CurlHttpTest, NoticesAStall) {
  settings_.stall_window = milliseconds(150);
  settings_.retry.attempts = 1;
  const HttpServer server([](const auto&) { return ServerResponse{.body = "hello", .stall_after = 3}; });
  const Error error = failure_of_get(server.url("/"));
  EXPECT_EQ(error.code(), "stalled");
  EXPECT_EQ(error.sentence().english(), "127.0.0.1 stopped sending after 3 bytes");
}

TEST_F(CurlHttpTest, NamesARefusedConnection) {
  const int port = test::closed_port();
  const Error error = failure_of_get("http://127.0.0.1:" + std::to_string(port) + "/");
  EXPECT_EQ(error.code(), "refused");
  EXPECT_EQ(error.sentence().english(), "127.0.0.1:" + std::to_string(port) + " refuses the connection");
}

TEST_F(CurlHttpTest, NamesAProxyThatRefuses) {
  const int port = test::closed_port();
  settings_.proxy = {"http://user:hunter2@127.0.0.1:" + std::to_string(port), "--proxy"};
  const Error error = failure_of_get("http://index.example/");
  EXPECT_EQ(error.code(), "refused");
  EXPECT_EQ(error.sentence().english(),
            "the proxy 127.0.0.1:" + std::to_string(port) + " refuses the connection");
}

TEST_F(CurlHttpTest, NamesAnAddressThatIsNone) {
  EXPECT_EQ(failure_of_get("no address").code(), "bad-address");
  EXPECT_EQ(failure_of_get("gopher://host/").code(), "bad-address");
}

TEST_F(CurlHttpTest, GoesThroughAProxy) {
  const HttpServer proxy([](const auto&) { return ServerResponse{.body = "by proxy"}; });
  settings_.variables = EnvironmentVariables(
      {{"HTTP_PROXY", "127.0.0.1:" + std::to_string(proxy.port())}, {"no_proxy", "near"}});
  EXPECT_EQ(get("http://index.example/simple/").body, "by proxy");
  EXPECT_EQ(proxy.requests()[0].target, "http://index.example/simple/");
}

TEST_F(CurlHttpTest, SaysThatAProxyWantsAPassword) {
  const HttpServer proxy([](const auto&) {
    return ServerResponse{.status = 407, .headers = {{"Proxy-Authenticate", "Basic realm=\"p\""}}};
  });
  settings_.proxy = {proxy.url(""), "--proxy"};
  for (const char* url : {"http://index.example/", "https://index.example/"}) {
    const Error error = failure_of_get(url);
    EXPECT_EQ(error.code(), "proxy-auth") << url;
    EXPECT_THAT(error.what(), HasSubstr("wants a user name and a password"));
  }
  EXPECT_EQ(proxy.requests().back().method, "CONNECT");
}

TEST_F(CurlHttpTest, GivesTheProxyItsPassword) {
  const HttpServer proxy([](const auto& request) {
    if (request.header("proxy-authorization") == "Basic dXNlcjpwQHNz")
      return ServerResponse{.body = "by proxy"};
    return ServerResponse{.status = 407, .headers = {{"Proxy-Authenticate", "Basic realm=\"p\""}}};
  });
  settings_.proxy = {"http://user:p%40ss@127.0.0.1:" + std::to_string(proxy.port()), "--proxy"};
  EXPECT_EQ(get("http://index.example/").body, "by proxy");
}

// A label of more than 63 characters is refused by the resolver itself: no name server is asked.
TEST_F(CurlHttpTest, GivesTheProxyItsPasswordThoughItOffersKerberosFirst) {
  const HttpServer proxy([](const ServerRequest& request) {
    if (request.header("proxy-authorization").value_or("").starts_with("Basic "))
      return ServerResponse{.body = "by proxy"};
    return ServerResponse{
        .status = 407,
        .headers = {{"Proxy-Authenticate", "Negotiate"}, {"Proxy-Authenticate", "Basic realm=\"p\""}}};
  });
  settings_.proxy = {"http://user:pass@127.0.0.1:" + std::to_string(proxy.port()), "--proxy"};
  EXPECT_EQ(get("http://index.example/").body, "by proxy");
}

TEST_F(CurlHttpTest, WritesDownHowItWentHopByHop) {
  const HttpServer last([](const auto&) { return ServerResponse{.body = "here"}; });
  const HttpServer first(
      [&](const auto&) { return ServerResponse{.status = 302, .headers = {{"Location", last.url("/b")}}}; });
  HttpTrace trace;
  HttpRequest request;
  request.url = first.url("/a");
  request.trace = &trace;
  get(request);
  ASSERT_EQ(trace.hops.size(), 2U);
  EXPECT_EQ(trace.hops[0].status, 302);
  EXPECT_EQ(trace.hops[0].redirect_to, last.url("/b"));
  EXPECT_EQ(trace.hops[1].status, 200);
  EXPECT_EQ(trace.hops[1].peer, "127.0.0.1");
  EXPECT_TRUE(trace.hops[1].answered);
  EXPECT_FALSE(trace.hops[1].fault);
}

TEST_F(CurlHttpTest, WritesDownWhatEndedIt) {
  HttpTrace trace;
  HttpRequest request;
  request.url = "http://index.example/";
  request.trace = &trace;
  settings_.proxy = {"http://127.0.0.1:" + std::to_string(test::closed_port()), "HTTP_PROXY"};
  failure_of([&] { get(request); });
  ASSERT_EQ(trace.hops.size(), 1U);
  ASSERT_TRUE(trace.hops[0].fault);
  EXPECT_EQ(trace.hops[0].fault->code(), "refused");
  EXPECT_EQ(trace.hops[0].proxy.source, "HTTP_PROXY");
  EXPECT_FALSE(trace.hops[0].connected);
}

TEST_F(CurlHttpTest, NamesWhatCannotBeResolved) {
  const std::string name = std::string(70, 'a') + ".example";
  EXPECT_EQ(failure_of_get("http://" + name + "/").sentence().english(),
            "the name " + name + " cannot be resolved");
  settings_.proxy = {"http://user:hunter2@" + name + ":3128", "--proxy"};
  const Error error = failure_of_get("http://index.example/");
  EXPECT_EQ(error.sentence().english(), "the name of the proxy " + name + " cannot be resolved");
  EXPECT_EQ(error.code(), "resolve");
}

TEST_F(CurlHttpTest, TriesAHostThatDoesNotAnswerOnlyTwice) {
  // Nobody accepts here, and one connection fills the queue: later ones are not answered.
  const int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof address;
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  ASSERT_EQ(bind(listener, generic, length), 0);
  ASSERT_EQ(listen(listener, 0), 0);
  ASSERT_EQ(getsockname(listener, generic, &length), 0);
  std::vector<int> fillers;
  for (int count = 0; count < 4; ++count) {
    fillers.push_back(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    connect(fillers.back(), generic, length);
  }
  settings_.connect_timeout = milliseconds(150);
  const Error error = failure_of_get("http://127.0.0.1:" + std::to_string(ntohs(address.sin_port)) + "/");
  EXPECT_EQ(error.code(), "timeout");
  EXPECT_EQ(clock_.sleeps().size(), 1U);
  for (const int filler : fillers) close(filler);
  close(listener);
}

TEST_F(CurlHttpTest, SaysWhatAProxyAnswers) {
  const HttpServer proxy([](const auto&) { return ServerResponse{.status = 403}; });
  settings_.proxy = {proxy.url(""), "--proxy"};
  EXPECT_THAT(failure_of_get("https://index.example/").what(),
              testing::AllOf(HasSubstr("answers 403"), HasSubstr("index.example")));
}

TEST_F(CurlHttpTest, StreamsPiecesAfterTheHead) {
  const HttpServer server([](const auto& request) { return serve_file(request, "0123456789", "\"e\""); });
  HttpRequest request;
  request.url = server.url("/");
  request.resume_from = 4;
  request.if_range = "\"e\"";
  std::string seen;
  const HttpResponse response =
      make_http_client(settings_, clock_)
          ->stream(
              request,
              [&](const HttpResponse& head) {
                seen += std::to_string(head.status) + " " + head.header("content-range").value_or("") + ": ";
                return true;
              },
              [&](std::span<const std::byte> bytes) {
                seen.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
                return true;
              });
  EXPECT_EQ(seen, "206 bytes 4-9/10: 456789");
  EXPECT_EQ(response.body, "");
}

TEST_F(CurlHttpTest, StopsWhenASinkSaysSo) {
  const HttpServer server([](const auto&) { return ServerResponse{.body = std::string(100'000, 'x')}; });
  HttpRequest request;
  request.url = server.url("/");
  const auto http = make_http_client(settings_, clock_);
  int bodies = 0;
  const BodySink count = [&](auto) { return ++bodies < 0; };
  http->stream(request, [](const auto&) { return false; }, count);
  EXPECT_EQ(bodies, 0);
  http->stream(request, [](const auto&) { return true; }, count);
  EXPECT_EQ(bodies, 1);
}

TEST_F(CurlHttpTest, PassesOnWhatASinkThrows) {
  const HttpServer server([](const auto&) { return ServerResponse{.body = "x"}; });
  HttpRequest request;
  request.url = server.url("/");
  EXPECT_THROW(make_http_client(settings_, clock_)
                   ->stream(request, {}, [](auto) -> bool { throw std::runtime_error("disk full"); }),
               std::runtime_error);
}

TEST_F(CurlHttpTest, StreamGivesTheHeadOfAFailureButNotItsBody) {
  const HttpServer server([](const auto&) { return ServerResponse{.status = 404, .body = "gone"}; });
  HttpRequest request;
  request.url = server.url("/");
  int heads = 0;
  const HttpResponse response = make_http_client(settings_, clock_)
                                    ->stream(
                                        request, [&](const auto&) { return ++heads > 0; },
                                        [](auto) -> bool { throw std::runtime_error("not this"); });
  EXPECT_EQ(response.status, 404);
  EXPECT_EQ(heads, 1);
}

TEST_F(CurlHttpTest, ServesManyThreads) {
  const HttpServer server([](const auto& request) { return ServerResponse{.body = request.target}; });
  const auto http = make_http_client(settings_, clock_);
  std::vector<std::thread> threads;
  std::atomic<int> right = 0;
  for (int thread = 0; thread < 4; ++thread) {
    threads.emplace_back([&, thread] {
      HttpRequest request;
      request.url = server.url("/" + std::to_string(thread));
      for (int round = 0; round < 5; ++round)
        right += http->get(request).body == "/" + std::to_string(thread);
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(right, 20);
}

}  // namespace
}  // namespace wheelfit::system
