// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "diagnose/judge.hpp"

namespace wheelfit::diagnose {
namespace {

using system::HttpHop;
using testing::Contains;
using testing::HasSubstr;
using testing::Not;

HttpHop answered(const std::string& url, int status) {
  HttpHop hop;
  hop.url = url;
  hop.status = status;
  return hop;
}

HttpHop failed(const std::string& url, const std::string& code, const std::string& sentence = "it fails") {
  HttpHop hop;
  hop.url = url;
  hop.fault = Error(ErrorKind::unreachable, Text(sentence)).with_code(code);
  return hop;
}

Sight seen(Role role, std::vector<HttpHop> hops) {
  Sight sight;
  sight.place.role = role;
  sight.place.url = hops.front().url;
  sight.hops = std::move(hops);
  return sight;
}

std::vector<std::string> cures_of(const Finding& finding) {
  std::vector<std::string> lines;
  for (const Text& cure : finding.cures) lines.push_back(cure.english());
  return lines;
}

Finding judged(const Sight& sight) {
  const auto finding = judge_sight(sight, "some-package");
  EXPECT_TRUE(finding);
  return finding.value_or(Finding{});
}

TEST(JudgeNetworkTest, FindsNothingWhereAllAnswers) {
  const auto store = answered("https://objects.example/x", 206);
  for (const Sight& sight :
       {seen(Role::github_api, {answered("https://api.example/", 200)}),
        seen(Role::release, {answered("https://github.example/x", 302), store}),
        seen(Role::index, {answered("https://index.example/simple/some-package/", 200)})})
    EXPECT_FALSE(judge_sight(sight, "some-package")) << sight.place.url;
}

TEST(JudgeNetworkTest, ANameThatCannotBeResolvedWantsAProxyOrAMirror) {
  const Finding finding =
      judged(seen(Role::index, {failed("https://index.example/", "resolve", "no such name")}));
  EXPECT_EQ(finding.severity, Severity::broken);
  EXPECT_EQ(finding.code, "resolve");
  EXPECT_EQ(finding.text.english(), "the package index cannot be reached");
  EXPECT_EQ(finding.because.english(), "no such name");
  EXPECT_THAT(cures_of(finding), Contains("export HTTPS_PROXY=http://PROXY:PORT"));
  EXPECT_THAT(cures_of(finding), Contains("pip config set global.index-url https://MIRROR/simple"));
}

TEST(JudgeNetworkTest, TheCureNamesTheSettingThatTheProxyIsFrom) {
  struct Row {
    const char* source;
    const char* line;
  };
  for (const Row& row :
       {Row{"HTTPS_PROXY", "export HTTPS_PROXY=http://USER:PASSWORD@proxy.example:3128"},
        Row{"/etc/pip.conf", "pip config set global.proxy http://USER:PASSWORD@proxy.example:3128"},
        Row{"--proxy", "--proxy http://USER:PASSWORD@proxy.example:3128"}}) {
    HttpHop hop = failed("https://index.example/", "proxy-auth");
    hop.proxy = {"http://me:hunter2@proxy.example:3128", row.source};
    const Finding finding = judged(seen(Role::index, {hop}));
    EXPECT_THAT(cures_of(finding), Contains(row.line));
    EXPECT_THAT(finding.text.english() + cures_of(finding).front(), Not(HasSubstr("hunter2")));
  }
}

TEST(JudgeNetworkTest, AProxyThatDoesNotAnswerMayNotBeNeeded) {
  HttpHop hop = failed("https://index.example/", "refused");
  hop.proxy = {"http://proxy.example:3128", "https_proxy"};
  const Finding finding = judged(seen(Role::index, {hop}));
  EXPECT_THAT(cures_of(finding), Contains("export https_proxy=http://PROXY:PORT"));
  EXPECT_THAT(cures_of(finding), Contains("or, where no proxy is needed: export NO_PROXY=index.example"));
}

TEST(JudgeNetworkTest, AProxyThatAnotherProgramUsesIsTheCureWhereItWorks) {
  Sight sight = seen(Role::index, {failed("https://index.example/", "resolve")});
  sight.answers_through = {{"http://me:hunter2@proxy.example:3128", "/home/me/.gitconfig"}};
  EXPECT_THAT(cures_of(judged(sight)),
              testing::ElementsAre(
                  "export HTTPS_PROXY=http://proxy.example:3128",
                  "this proxy stands in /home/me/.gitconfig, with its user name and password; through "
                  "it there is an answer"));
  sight.hops.front().url = "http://index.example/";
  EXPECT_THAT(cures_of(judged(sight)).front(), testing::StartsWith("export HTTP_PROXY="));
}

TEST(JudgeNetworkTest, SaysThatAnExclusionKeepsAHostFromTheProxy) {
  HttpHop hop = failed("https://index.example/", "timeout");
  hop.proxy.source = "NO_PROXY";
  EXPECT_THAT(
      cures_of(judged(seen(Role::index, {hop}))),
      Contains("NO_PROXY keeps index.example from the proxy: take it out there, if the proxy is needed"));
}

TEST(JudgeNetworkTest, SaysWhoIssuedACertificateThatIsNotTrusted) {
  Sight sight = seen(Role::index, {failed("https://index.example/", "tls")});
  sight.shown = system::TlsNames{"CN = index.example", "CN = Corporate authority", ""};
  EXPECT_THAT(judged(sight).because.english(),
              HasSubstr("issued by CN = Corporate authority, whom nothing here trusts"));
  EXPECT_THAT(cures_of(judged(sight)), Contains("pip config set global.cert FILE"));
  sight.hops.front().certificates = {"/etc/corporate.pem", "PIP_CERT"};
  EXPECT_THAT(cures_of(judged(sight)),
              Contains("PIP_CERT names /etc/corporate.pem: put the certificate of that authority into it"));
}

TEST(JudgeNetworkTest, ARateLimitIsAWarningThatATokenMends) {
  Sight sight = seen(Role::github_api, {answered("https://api.example/", 403)});
  sight.headers = {{"x-ratelimit-remaining", "0"}, {"x-ratelimit-reset", "1766000000"}};
  const Finding limited = judged(sight);
  EXPECT_EQ(limited.severity, Severity::warning);
  EXPECT_EQ(limited.code, "rate-limit");
  EXPECT_THAT(limited.text.english(), HasSubstr("until 2025-12-17 19:33 UTC"));
  EXPECT_THAT(cures_of(limited).front(), HasSubstr("export GITHUB_TOKEN="));
  sight.place.token = "secret";
  EXPECT_THAT(cures_of(judged(sight)).front(), Not(HasSubstr("GITHUB_TOKEN")));
  sight.headers.clear();
  EXPECT_EQ(judged(sight).code, "status") << "a 403 that is no rate limit";
}

TEST(JudgeNetworkTest, ATokenThatIsNotAccepted) {
  Sight sight = seen(Role::github_api, {answered("https://api.example/", 401)});
  EXPECT_EQ(judged(sight).code, "status") << "there is none";
  sight.place.token = "secret";
  EXPECT_EQ(judged(sight).code, "token");
}

TEST(JudgeNetworkTest, NamesTheObjectStoreBehindARelease) {
  const Finding finding = judged(seen(Role::release, {answered("https://github.example/x", 302),
                                                      failed("https://objects.example/x", "refused")}));
  EXPECT_EQ(finding.severity, Severity::broken);
  EXPECT_THAT(finding.text.english(), HasSubstr("the object store behind GitHub's releases"));
}

TEST(JudgeNetworkTest, AnIndexThatWantsCredentialsOrKnowsNoPackage) {
  const Finding closed =
      judged(seen(Role::index, {answered("https://index.example/simple/some-package/", 401)}));
  EXPECT_EQ(closed.severity, Severity::broken);
  EXPECT_THAT(cures_of(closed),
              Contains("into ~/.netrc: machine index.example login USER password PASSWORD"));
  const Finding empty =
      judged(seen(Role::index, {answered("https://index.example/simple/some-package/", 404)}));
  EXPECT_EQ(empty.severity, Severity::warning);
  EXPECT_THAT(empty.text.english(), HasSubstr("knows no some-package"));
}

TEST(JudgeNetworkTest, AMirrorThatAnswersStandsInForADeadRelease) {
  const Sight dead = seen(Role::release, {failed("https://github.example/x", "timeout")});
  const Sight mirror = seen(Role::mirror, {answered("https://mirror.example/x", 206)});
  const Sight dead_mirror = seen(Role::mirror, {failed("https://mirror.example/x", "timeout")});
  const auto with_mirror = judge_network({dead, mirror}, "some-package");
  ASSERT_EQ(with_mirror.size(), 1U);
  EXPECT_EQ(with_mirror[0].severity, Severity::warning);
  const auto with_none = judge_network({dead, dead_mirror}, "some-package");
  ASSERT_EQ(with_none.size(), 2U);
  EXPECT_EQ(with_none[0].severity, Severity::broken);
  EXPECT_EQ(with_none[1].severity, Severity::warning);
}

TEST(JudgeNetworkTest, WhatHasASubstituteIsAWarning) {
  for (const Role role : {Role::github_api, Role::mirror, Role::extra_index, Role::find_links,
                          Role::hugging_face, Role::conda_channel})
    EXPECT_EQ(judged(seen(role, {failed("https://some.example/", "timeout")})).severity, Severity::warning);
  EXPECT_EQ(judged(seen(Role::release, {failed("https://some.example/", "timeout")})).severity,
            Severity::broken);
}

TEST(JudgeNetworkTest, AChannelIsALowerRungSoItsFaultsAreWarnings) {
  const std::string url = "https://conda.example/ours/linux-64/repodata.json";
  EXPECT_FALSE(judge_sight(seen(Role::conda_channel, {answered(url, 200)}), "some-package"));
  for (const auto& [status, code] :
       {std::pair{404, "no-channel"}, std::pair{403, "credentials"}, std::pair{500, "status"}}) {
    const Finding finding = judged(seen(Role::conda_channel, {answered(url, status)}));
    EXPECT_EQ(finding.severity, Severity::warning);
    EXPECT_EQ(finding.code, code);
    EXPECT_FALSE(finding.cures.empty());
  }
  const Finding dead = judged(seen(Role::conda_channel, {failed(url, "timeout")}));
  EXPECT_EQ(dead.text.english(), "the conda channel cannot be reached");
  EXPECT_THAT(cures_of(dead), Contains("--conda-channel https://MIRROR/CHANNEL: another one"));
}

}  // namespace
}  // namespace wheelfit::diagnose
