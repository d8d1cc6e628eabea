// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.hpp"
#include "support/fake_clock.hpp"
#include "support/http_server.hpp"
#include "support/socks_server.hpp"
#include "system/curl_http.hpp"

namespace wheelfit::system {
namespace {

class CurlSocksTest : public testing::Test {
 protected:
  HttpResponse get_through(const std::string& proxy, int port) {
    HttpSettings settings;
    settings.proxy = {proxy, "--proxy"};
    HttpRequest request;
    request.url = "http://wheels.example:" + std::to_string(port) + "/";
    return make_http_client(settings, clock_)->get(request);
  }
  Error failure_of(const std::string& proxy, int port) {
    try {
      get_through(proxy, port);
    } catch (const Error& error) {
      return error;
    }
    ADD_FAILURE() << "must throw";
    return {ErrorKind::internal, text("nothing thrown")};
  }
  test::HttpServer origin_{[](const auto&) { return test::ServerResponse{.body = "wheel"}; }};
  test::FakeClock clock_;
};

TEST_F(CurlSocksTest, LetsTheProxyResolveNames) {
  const test::SocksServer proxy;
  for (const char* scheme : {"socks5://", "socks5h://"}) {
    EXPECT_EQ(get_through(scheme + proxy.address(), origin_.port()).body, "wheel");
  }
  EXPECT_THAT(proxy.asked_for(), testing::ElementsAre("wheels.example", "wheels.example"));
}

TEST_F(CurlSocksTest, GivesCredentials) {
  const test::SocksServer proxy(std::pair<std::string, std::string>("user", "p@ss"));
  EXPECT_EQ(get_through("socks5://user:p%40ss@" + proxy.address(), origin_.port()).body, "wheel");
}

TEST_F(CurlSocksTest, SaysThatTheProxyWantsAPassword) {
  const test::SocksServer proxy(std::pair<std::string, std::string>("user", "right"));
  for (const char* credentials : {"", "user:wrong@"}) {
    const Error error = failure_of("socks5://" + std::string(credentials) + proxy.address(), origin_.port());
    EXPECT_EQ(error.code(), "proxy-auth") << credentials;
    EXPECT_THAT(error.what(), testing::Not(testing::HasSubstr("wrong")));
  }
}

TEST_F(CurlSocksTest, SaysThatTheOriginRefusesTheProxy) {
  const test::SocksServer proxy;
  const Error error = failure_of("socks5://" + proxy.address(), test::closed_port());
  EXPECT_EQ(error.code(), "proxy");
  EXPECT_THAT(error.what(), testing::HasSubstr("wheels.example refuses the connection of the proxy"));
}

}  // namespace
}  // namespace wheelfit::system
