// SPDX-License-Identifier: Apache-2.0
#include "system/proxy.hpp"

#include <gtest/gtest.h>

namespace wheelfit::system {
namespace {

using Variables = std::map<std::string, std::string, std::less<>>;

std::optional<std::string> chosen(const std::string& address, const Variables& variables) {
  return proxy_for(*parse_url(address), {}, std::nullopt, EnvironmentVariables(variables)).value;
}

TEST(ProxyTest, TakesTheVariableOfTheScheme) {
  const Variables variables{{"http_proxy", "http://plain:1"}, {"HTTPS_PROXY", "http://tls:2"}};
  EXPECT_EQ(chosen("http://host/", variables), "http://plain:1");
  EXPECT_EQ(chosen("https://host/", variables), "http://tls:2");
  EXPECT_EQ(chosen("file:///a", variables), std::nullopt);
  EXPECT_EQ(chosen("https://host/", {}), std::nullopt);
}

TEST(ProxyTest, PrefersLowerCaseAndFallsBackToAllProxy) {
  EXPECT_EQ(chosen("https://host/", {{"https_proxy", "http://lower"}, {"HTTPS_PROXY", "http://upper"}}),
            "http://lower");
  EXPECT_EQ(chosen("https://host/", {{"ALL_PROXY", "http://all"}, {"https_proxy", ""}}), "http://all");
}

TEST(ProxyTest, GivesEveryProxyAScheme) {
  EXPECT_EQ(chosen("http://host/", {{"all_proxy", "proxy:3128"}}), "http://proxy:3128");
  EXPECT_EQ(chosen("http://host/", {{"all_proxy", "socks5://user:p@proxy"}}), "socks5h://user:p@proxy");
  EXPECT_EQ(chosen("http://host/", {{"all_proxy", "socks5h://proxy"}}), "socks5h://proxy");
  EXPECT_EQ(chosen("http://host/", {{"all_proxy", "socks://proxy:1080"}}), "socks5h://proxy:1080");
}

TEST(ProxyTest, AnExplicitProxyIsForEveryHost) {
  const EnvironmentVariables variables({{"no_proxy", "*"}, {"https_proxy", "http://other"}});
  const Url url = *parse_url("https://host/");
  EXPECT_EQ(proxy_for(url, {"http://mine", "--proxy"}, std::nullopt, variables),
            (Fact<std::string>("http://mine", "--proxy")));
  EXPECT_EQ(proxy_for(url, {"http://mine", "--proxy"}, "host", variables).value, std::nullopt);
  EXPECT_EQ(proxy_for(url, {"", "--proxy"}, std::nullopt, variables).value, std::nullopt);
}

TEST(ProxyTest, SaysWhichSettingDecides) {
  const Url url = *parse_url("https://host/");
  const auto source = [&](const Variables& variables) {
    return proxy_for(url, {}, std::nullopt, EnvironmentVariables(variables)).source;
  };
  EXPECT_EQ(source({{"HTTPS_PROXY", "http://upper"}}), "HTTPS_PROXY");
  EXPECT_EQ(source({{"all_proxy", "http://all"}}), "all_proxy");
  EXPECT_EQ(source({{"https_proxy", "http://lower"}, {"NO_PROXY", "host"}}), "NO_PROXY");
  EXPECT_EQ(source({}), "");
}

TEST(ProxyTest, AnEmptyLowerCaseVariableSilencesTheOther) {
  EXPECT_EQ(chosen("https://host/", {{"https_proxy", ""}, {"HTTPS_PROXY", "http://upper"}}), std::nullopt);
  EXPECT_EQ(chosen("https://host/", {{"https_proxy", "http://p"}, {"no_proxy", ""}, {"NO_PROXY", "host"}}),
            "http://p");
}

TEST(ProxyTest, KnowsTheExceptions) {
  struct Row {
    const char* address;
    const char* list;
    bool excluded;
  };
  const Row rows[] = {
      {"https://host/", "*", true},
      {"https://host.corp.example/", "corp.example", true},
      {"https://host.corp.example/", ".corp.example", true},
      {"https://host.corp.example/", "*.corp.example", true},
      {"https://corp.example/", ".corp.example", true},
      {"https://notcorp.example/", "corp.example", false},
      {"https://HOST/", "other, Host", true},
      {"https://host/", "other host", true},
      {"https://host:8443/", "host:8443", true},
      {"https://host/", "host:8443", false},
      {"https://[2001:db8::7]/", "2001:db8::/32", true},
      {"https://[2001:db9::7]/", "2001:db8::/32", false},
      {"https://[::1]/", "::1", true},
      {"https://[::1]/", "[::1]", true},
      {"https://[::1]:8443/", "[::1]:8443", true},
      {"https://[::1]/", "[::1]:8443", false},
      {"https://10.1.4.3/", "10.1.2.0/23", false},
      {"https://10.1.3.3/", "10.1.2.0/23", true},
      {"https://10.1.2.3/", "10.0.0.0/8", true},
      {"https://11.1.2.3/", "10.0.0.0/8", false},
      {"https://10.1.2.3/", "0.0.0.0/0", true},
      {"https://10.1.2.3/", "10.0.0.0/99", false},
      {"https://10.1.2.3/", "10.1.2.3", true},
      {"https://host/", "", false},
      {"https://host/", ",, ,.", false},
  };
  for (const Row& row : rows) {
    EXPECT_EQ(is_excluded(*parse_url(row.address), row.list), row.excluded)
        << row.address << " in " << row.list;
  }
  EXPECT_EQ(chosen("https://host/", {{"NO_PROXY", "host"}, {"all_proxy", "http://p"}}), std::nullopt);
}

TEST(ProxyTest, TellsOtherProgramsInBothSpellings) {
  using Told = std::map<std::string, std::string>;
  EXPECT_EQ(proxy_variables({}, EnvironmentVariables(Variables{{"PATH", "/bin"}})), Told());
  EXPECT_EQ(proxy_variables({}, EnvironmentVariables(Variables{{"HTTP_PROXY", "plain:1"},
                                                               {"https_proxy", "socks5://tls:2"},
                                                               {"HTTPS_PROXY", "http://other"},
                                                               {"NO_PROXY", "intranet, 10.0.0.0/8"}})),
            (Told{{"http_proxy", "http://plain:1"},
                  {"HTTP_PROXY", "http://plain:1"},
                  {"https_proxy", "socks5h://tls:2"},
                  {"HTTPS_PROXY", "socks5h://tls:2"},
                  {"no_proxy", "intranet, 10.0.0.0/8"},
                  {"NO_PROXY", "intranet, 10.0.0.0/8"}}));
}

TEST(ProxyTest, TellsOtherProgramsOfAnExplicitProxyOrOfNone) {
  const EnvironmentVariables variables(Variables{{"HTTPS_PROXY", "http://other"}, {"no_proxy", "intranet"}});
  for (const auto& [given, said] : {std::pair{"mine:3128", "http://mine:3128"}, std::pair{"", ""}}) {
    const auto told = proxy_variables({given, "--proxy"}, variables);
    for (const char* name :
         {"http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"})
      EXPECT_EQ(told.at(name), said) << name;
    EXPECT_EQ(told.at("NO_PROXY"), "intranet");
  }
}

}  // namespace
}  // namespace wheelfit::system
