// SPDX-License-Identifier: Apache-2.0
#include "pipcache/index_links.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace wheelfit::pipcache {
namespace {

using ::testing::ElementsAre;
using ::testing::SizeIs;

python::Version version(const char* text) { return python::Version::parse(text).value(); }

const python::Version newest = version("26.3");

std::vector<std::string> urls_of(const IndexPage& page, const python::Version& pip) {
  std::vector<std::string> urls;
  const auto links = page_links(page, pip).value();
  for (const PageLink& link : links) urls.push_back(link.url);
  return urls;
}

TEST(PageLinks, AreResolvedAgainstTheFinalAddressOrTheBase) {
  const char* const url = "https://i.example/moved/simple/a/";
  EXPECT_THAT(
      urls_of({"<a href='../../f/a 1.zip#md5=1'></a><a></a><a href=''></a>", "text/html", url}, newest),
      ElementsAre("https://i.example/moved/f/a%201.zip#md5=1"));
  EXPECT_THAT(urls_of({"<base href='https://m.example/x/'><a href='a.zip'></a>", "text/html", url}, newest),
              ElementsAre("https://m.example/x/a.zip"));
}

// An empty <base> was one to the releases that read pages with html5lib.
TEST(PageLinks, TakeAnEmptyBaseAsTheReleaseDoes) {
  const IndexPage page{"<base href=''><a href='a.zip'></a>", "text/html", "https://i.example/a/"};
  EXPECT_THAT(urls_of(page, version("21.3")), ElementsAre("a.zip"));
  EXPECT_THAT(urls_of(page, version("22.0")), ElementsAre("https://i.example/a/a.zip"));
}

TEST(PageLinks, OfJsonCarryTheirHashes) {
  const IndexPage page{
      R"({"files": [{"url": "a.zip", "hashes": {"sha256": "1", "md5": "2"}, "yanked": true}]})",
      "application/vnd.pypi.simple.v1+json", "https://i.example/a/"};
  const auto links = page_links(page, newest).value();
  ASSERT_THAT(links, SizeIs(1));
  EXPECT_THAT(links[0].hashes, ElementsAre(Hash{"sha256", "1"}, Hash{"md5", "2"}));
  EXPECT_EQ(links[0].yanked, "");
  EXPECT_FALSE(page_links(page, version("22.1")));
}

class ChooseLink : public ::testing::Test {
 public:
  ChooseLink() {
    wish_.package = "some-pkg";
    wish_.python = version("3.11.7");
    wish_.target.python = {3, 11};
    wish_.target.platform = "linux_x86_64";
    wish_.target.glibc = {2, 36};
  }

  ChooseLink& add(const char* name, std::optional<std::string> yanked = std::nullopt,
                  std::optional<std::string> requires_python = std::nullopt) {
    links_.push_back(
        {std::string("https://f.example/") + name, {}, std::move(requires_python), std::move(yanked)});
    return *this;
  }
  void want(const char* specifiers) { wish_.specifiers = python::SpecifierSet::parse(specifiers).value(); }
  std::string chosen(const python::Version& pip = newest) {
    const auto choice = choose_link(links_, wish_, pip);
    return choice ? choice->held.file_name : "";
  }

  std::vector<PageLink> links_;
  IndexWish wish_;
};

TEST_F(ChooseLink, TakesTheNewestThatSuits) {
  add("some_pkg-1.0.tar.gz").add("some.pkg-2.0.tar.gz").add("some_pkg_x-3.0.tar.gz").add("some_pkg-4.0.exe");
  add("some_pkg-5.0.tar.gz", std::nullopt, ">=3.12")
      .add("some_pkg-6.0rc1.tar.gz")
      .add("some_pkg-7.0.tar.gz", "broken");
  EXPECT_EQ(chosen(), "some.pkg-2.0.tar.gz");
  wish_.prereleases = true;
  EXPECT_EQ(chosen(), "some_pkg-6.0rc1.tar.gz");
  wish_.ignore_requires_python = true;
  want("<6.0.dev0");
  EXPECT_EQ(chosen(), "some_pkg-5.0.tar.gz");
  want("==7.0");
  EXPECT_EQ(chosen(), "some_pkg-7.0.tar.gz");
  want(">=7.0");
  EXPECT_EQ(chosen(), "");
}

TEST_F(ChooseLink, PrefersAWheelOfTheSameVersion) {
  add("some_pkg-1.0.tar.gz")
      .add("some_pkg-1.0-cp311-cp311-linux_x86_64.whl")
      .add("some_pkg-1.0-py3-none-any.whl");
  EXPECT_EQ(chosen(), "some_pkg-1.0-cp311-cp311-linux_x86_64.whl");
  wish_.wheels = false;
  EXPECT_EQ(chosen(), "some_pkg-1.0.tar.gz");
  wish_.wheels = true;
  wish_.sources = false;
  want("==2.0");
  EXPECT_EQ(chosen(), "");
}

TEST_F(ChooseLink, PrefersAnOlderWheelOnlyWhereItIsTold) {
  add("some_pkg-1.0-py3-none-any.whl")
      .add("some_pkg-2.0.tar.gz")
      .add("some_pkg-3.0-cp27-cp27m-linux_x86_64.whl");
  EXPECT_EQ(chosen(), "some_pkg-2.0.tar.gz");
  wish_.prefer_binary = true;
  EXPECT_EQ(chosen(), "some_pkg-1.0-py3-none-any.whl");
}

// Sources of one version are all alike to pip: the place on the page decides, and the new resolver turned it
// round.
TEST_F(ChooseLink, TakesTheLastSourceOfAVersionSince20_3) {
  add("some_pkg-1.0.tar.gz").add("some_pkg-1.0.zip");
  EXPECT_EQ(chosen(version("20.2")), "some_pkg-1.0.tar.gz");
  EXPECT_EQ(chosen(version("20.3")), "some_pkg-1.0.zip");
}

TEST_F(ChooseLink, TakesYankedFilesAsTheReleaseDoes) {
  add("some_pkg-1.0.tar.gz", "");
  EXPECT_EQ(chosen(version("19.1")), "some_pkg-1.0.tar.gz");
  EXPECT_EQ(chosen(version("21.3")), "some_pkg-1.0.tar.gz");
  EXPECT_EQ(chosen(version("22.0")), "");
  want("===1.0");
  EXPECT_EQ(chosen(version("22.0")), "some_pkg-1.0.tar.gz");
}

TEST_F(ChooseLink, TakesPrereleasesForWantOfBetterAsTheReleaseDoes) {
  add("some_pkg-1.0rc1.tar.gz");
  EXPECT_EQ(chosen(version("25.3")), "some_pkg-1.0rc1.tar.gz");
  want("<2");
  EXPECT_EQ(chosen(version("25.3")), "");
  EXPECT_EQ(chosen(version("26.0")), "some_pkg-1.0rc1.tar.gz");
}

}  // namespace
}  // namespace wheelfit::pipcache
