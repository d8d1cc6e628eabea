// SPDX-License-Identifier: Apache-2.0
#include "index/page.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace wheelfit::index {
namespace {

using ::testing::ElementsAre;
using ::testing::Eq;
using ::testing::Optional;
using ::testing::Pair;
using ::testing::SizeIs;

TEST(HtmlPage, KeepsWhatIsWritten) {
  const HtmlPage page = parse_html(
                            "<html><head><base href='/f/'><base href='/g/'></head><body><A HREF=' "
                            "a%20b.zip#md5=1&amp;x ' data-yanked "
                            "data-requires-python='&gt;=3.8'>x</A><!-- <a href=no></a> --><a name=x>y</a>")
                            .value();
  EXPECT_THAT(page.base, Optional(Eq("/f/")));
  ASSERT_THAT(page.anchors, SizeIs(2));
  EXPECT_THAT(page.anchors[0].href, Optional(Eq(" a%20b.zip#md5=1&x ")));
  EXPECT_THAT(page.anchors[0].requires_python, Optional(Eq(">=3.8")));
  EXPECT_THAT(page.anchors[0].yanked, Optional(Eq("")));
  EXPECT_FALSE(page.anchors[1].href);
}

TEST(HtmlPage, RefusesAnotherApiVersionAndWhatIsNoHtml) {
  EXPECT_TRUE(parse_html("<meta name='pypi:repository-version' content='1.4'><a href=x>x</a>"));
  EXPECT_FALSE(parse_html("<meta name='pypi:repository-version' content='2.0'><a href=x>x</a>"));
  EXPECT_FALSE(parse_html("no page"));
}

TEST(JsonPage, KeepsTheOrderOfTheHashes) {
  const JsonPage page = parse_json(R"({"files": [{"url": "x.zip", "filename": "x.zip", "size": 7,
      "hashes": {"sha256": "1", "md5": "2", "blake2b": "3"}, "requires-python": ">=3.8", "core-metadata": {"sha256": "4"}},
      {"url": 1, "hashes": [], "core-metadata": true}, "text"]})")
                            .value();
  ASSERT_THAT(page.files, SizeIs(3));
  EXPECT_THAT(page.files[0].hashes, ElementsAre(Pair("sha256", "1"), Pair("md5", "2"), Pair("blake2b", "3")));
  EXPECT_THAT(page.files[0].size, Optional(Eq(7U)));
  EXPECT_THAT(page.files[0].core_metadata, Optional(ElementsAre(Pair("sha256", "4"))));
  EXPECT_FALSE(page.files[1].url);
  EXPECT_THAT(page.files[1].core_metadata, Optional(SizeIs(0)));
  EXPECT_EQ(page.files[2], JsonFile());
}

TEST(JsonPage, TakesWhatIsTruthyForYanked) {
  const auto yanked = [](const char* value) {
    return parse_json(std::string(R"({"files": [{"yanked": )") + value + "}]}").value().files.front().yanked;
  };
  EXPECT_THAT(yanked("true"), Optional(Eq("")));
  EXPECT_THAT(yanked("\"broken\""), Optional(Eq("broken")));
  EXPECT_FALSE(yanked("false"));
  EXPECT_FALSE(yanked("\"\""));
  EXPECT_FALSE(yanked("null"));
}

TEST(JsonPage, RefusesAnotherApiVersionAndWhatIsNoPage) {
  EXPECT_TRUE(parse_json(R"({"meta": {"api-version": "1.4"}, "files": []})"));
  EXPECT_FALSE(parse_json(R"({"meta": {"api-version": "2.0"}, "files": []})"));
  EXPECT_FALSE(parse_json(R"({"name": "x"})"));
  EXPECT_FALSE(parse_json("{"));
}

TEST(PageKind, IsWhatTheServerSaysOrWhatItLooksLike) {
  EXPECT_TRUE(is_json("application/vnd.pypi.simple.v1+json", "<html>"));
  EXPECT_TRUE(is_json("Application/JSON; charset=utf-8", ""));
  EXPECT_FALSE(is_json("text/html", "{}"));
  EXPECT_TRUE(is_json("", " {}"));
  EXPECT_FALSE(is_json("", ""));
  EXPECT_FALSE(is_json("application/octet-stream", "<a>"));
}

}  // namespace
}  // namespace wheelfit::index
