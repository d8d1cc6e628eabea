// SPDX-License-Identifier: Apache-2.0
#include "pipcache/link.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace wheelfit::pipcache {
namespace {

using ::testing::Eq;
using ::testing::Optional;

const python::Version newest = python::Version::parse("26.3").value();

python::Version pip(const char* text) { return python::Version::parse(text).value(); }

std::optional<Hash> hash_of(const char* url, const python::Version& release,
                            const std::vector<Hash>& beside = {}) {
  return parse_link(url, release, beside).value().hash;
}

TEST(ParseLink, TakesALinkApart) {
  const Link link =
      parse_link("HTTPS://Files.Example/p/a-1.0.tar.gz?x=1#sha256=00ff&subdirectory=python&egg=a", newest)
          .value();
  EXPECT_EQ(link.url, "https://Files.Example/p/a-1.0.tar.gz?x=1");
  EXPECT_THAT(link.hash, Optional(Eq(Hash{"sha256", "00ff"})));
  EXPECT_EQ(link.subdirectory, "python");
  EXPECT_EQ(link.file_name, "a-1.0.tar.gz");
}

TEST(ParseLink, KeepsARepositorysReference) {
  const Link link = parse_link("git+https://host.example/o/a.git@v1.0", newest).value();
  EXPECT_EQ(link.url, "git+https://host.example/o/a.git@v1.0");
  EXPECT_FALSE(link.hash);
}

// Up to 22.2 the value ended at the first character that is no digit, then for two releases nowhere.
TEST(ParseLink, FindsTheHashAsTheReleaseDoes) {
  const char* const url = "https://h.example/a.tar.gz#sha256=00ff&subdirectory=x";
  EXPECT_THAT(hash_of(url, pip("18.1")), Optional(Eq(Hash{"sha256", "00ff"})));
  EXPECT_THAT(hash_of(url, pip("22.3.1")), Optional(Eq(Hash{"sha256", "00ff&subdirectory=x"})));
  EXPECT_THAT(hash_of(url, pip("23.0.1")), Optional(Eq(Hash{"sha256", "00ff&subdirectory=x"})));
  EXPECT_THAT(hash_of(url, pip("23.1")), Optional(Eq(Hash{"sha256", "00ff"})));
  const char* const query = "https://h.example/a.tar.gz?md5=12";
  EXPECT_THAT(hash_of(query, pip("20.0")), Optional(Eq(Hash{"md5", "12"})));
  EXPECT_FALSE(hash_of(query, pip("23.1")));
  EXPECT_FALSE(hash_of("https://h.example/a.tar.gz#sha256=XY", pip("20.0")));
}

TEST(ParseLink, ChoosesAmongThePagesHashes) {
  const std::vector<Hash> beside{{"md5", "1"}, {"sha256", "2"}, {"sha512", "3"}};
  const char* const url = "https://h.example/a.tar.gz";
  EXPECT_THAT(hash_of(url, pip("22.2"), beside), Optional(Eq(Hash{"sha512", "3"})));
  EXPECT_FALSE(hash_of(url, pip("22.3"), beside));
  EXPECT_THAT(hash_of(url, pip("23.0"), beside), Optional(Eq(Hash{"md5", "1"})));
  EXPECT_THAT(hash_of("https://h.example/a.tar.gz#md5=9", newest, beside), Optional(Eq(Hash{"md5", "9"})));
  EXPECT_THAT(hash_of("https://h.example/a.tar.gz#sha256=9", newest, beside), Optional(Eq(Hash{"md5", "1"})));
}

TEST(ParseLink, RefusesWhatPipRaisesOn) {
  EXPECT_FALSE(parse_link("https://[::1/a.tar.gz", newest));
  EXPECT_FALSE(parse_link("https://h.example/a.tar.gz#egg=a[x]", newest));
  EXPECT_TRUE(parse_link("https://h.example/a.tar.gz#egg=a[x]", pip("25.3")));
}

TEST(AbsoluteLink, JoinsAndQuotes) {
  const char* const base = "https://h.example/simple/a/";
  EXPECT_THAT(absolute_link(base, "../../f/a-1.0+x.tar.gz#md5=1", newest),
              Optional(Eq("https://h.example/f/a-1.0%2Bx.tar.gz#md5=1")));
  EXPECT_THAT(absolute_link(base, "/f/a b.zip", newest), Optional(Eq("https://h.example/f/a%20b.zip")));
  EXPECT_THAT(absolute_link(base, "//[::1]:80/a.zip", newest), Optional(Eq("https://[::1]:80/a.zip")));
  EXPECT_THAT(absolute_link(base, "https://o.example/a%2fb@c.zip", newest),
              Optional(Eq("https://o.example/a%2Fb@c.zip")));
  EXPECT_FALSE(absolute_link(base, "//[::1/a.zip", newest));
}

TEST(AbsoluteLink, QuotesAsTheReleaseDoes) {
  const char* const base = "https://h.example/simple/a/";
  EXPECT_THAT(absolute_link(base, "a+b%2fc d\xC3\xA9.zip", pip("19.0")),
              Optional(Eq("https://h.example/simple/a/a+b%2fc%20d%e9.zip")));
  EXPECT_THAT(absolute_link(base, "a+b%2fc d\xC3\xA9.zip", pip("20.0")),
              Optional(Eq("https://h.example/simple/a/a%2Bb/c%20d%C3%A9.zip")));
  EXPECT_THAT(absolute_link(base, "a+b%2fc d\xC3\xA9.zip", pip("20.1")),
              Optional(Eq("https://h.example/simple/a/a%2Bb%2Fc%20d%C3%A9.zip")));
  EXPECT_THAT(absolute_link(base, "a;b c.zip", pip("24.3")),
              Optional(Eq("https://h.example/simple/a/a;b c.zip")));
  EXPECT_THAT(absolute_link(base, "a;b c.zip", pip("25.0")),
              Optional(Eq("https://h.example/simple/a/a%3Bb%20c.zip")));
}

}  // namespace
}  // namespace wheelfit::pipcache
