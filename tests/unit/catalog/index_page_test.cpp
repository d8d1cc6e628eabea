// SPDX-License-Identifier: Apache-2.0
#include "catalog/index_page.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "catalog/github_releases.hpp"

namespace wheelfit::catalog {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

const std::string digest(64, 'b');
constexpr const char* page_address = "https://index.example/simple/x/";

std::vector<IndexFile> json_files(const std::string& page) {
  return parse_simple_json(page, page_address).value();
}
std::vector<IndexFile> html_files(const std::string& page, const char* address = page_address) {
  return parse_simple_html(page, address).value();
}

TEST(SimpleJson, ReadsEveryField) {
  const auto files = json_files(
      R"({"meta": {"api-version": "1.1"}, "name": "x", "files": [{"filename": "x-1-py3-none-any.whl",
          "url": "../../files/x-1-py3-none-any.whl#frag", "hashes": {"md5": "0", "sha256": ")" +
      digest + R"("}, "size": 17, "requires-python": ">=3.9", "yanked": "broken",
          "core-metadata": {"sha256": ")" +
      digest + R"("}}]})");
  ASSERT_EQ(files.size(), 1U);
  const std::string url = "https://index.example/files/x-1-py3-none-any.whl";
  EXPECT_EQ(files[0], (IndexFile{"x-1-py3-none-any.whl", url, digest, 17, ">=3.9", "broken",
                                 url + ".metadata", digest}));
}

TEST(SimpleJson, TakesTheOlderNameOfCoreMetadata) {
  const auto files = json_files(
      R"({"files": [{"filename": "a", "url": "a", "dist-info-metadata": true, "yanked": true},
                    {"filename": "b", "url": "b", "dist-info-metadata": false, "yanked": false}]})");
  ASSERT_EQ(files.size(), 2U);
  EXPECT_EQ(files[0].core_metadata_url, "https://index.example/simple/x/a.metadata");
  EXPECT_EQ(files[0].core_metadata_sha256, std::nullopt);
  EXPECT_EQ(files[0].yanked, "");
  EXPECT_EQ(files[1].core_metadata_url, std::nullopt);
  EXPECT_EQ(files[1].yanked, std::nullopt);
}

TEST(SimpleJson, LeavesOutWhatIsNoFile) {
  EXPECT_THAT(
      json_files(R"({"files": [1, null, {}, {"url": 4}, {"filename": "a/b", "url": "x"}, {"url": "y/"}]})"),
      IsEmpty());
  const auto odd =
      json_files(R"({"files": [{"filename": "a", "url": "a", "hashes": {"sha256": "zz"}, "size": -1,
                                            "requires-python": null, "core-metadata": []}]})");
  ASSERT_EQ(odd.size(), 1U);
  EXPECT_EQ(odd[0].sha256, std::nullopt);
  EXPECT_EQ(odd[0].size, std::nullopt);
  EXPECT_EQ(odd[0].requires_python, std::nullopt);
}

TEST(SimpleJson, SaysWhatIsWrong) {
  for (const char* page : {"", "[", "[]", "4", R"({"files": {}})", "{}", "<html>"}) {
    EXPECT_FALSE(parse_simple_json(page, page_address)) << page;
  }
  EXPECT_THAT(
      parse_simple_json(R"({"meta": {"api-version": "2.0"}, "files": []})", page_address).error().message,
      HasSubstr("2.0"));
  EXPECT_FALSE(parse_simple_json(std::string(200000, '['), page_address))
      << "deep nesting must not cost stack";
}

TEST(SimpleHtml, ReadsEveryAttribute) {
  const auto files = html_files(
      "<!DOCTYPE html><html><head><meta name=\"pypi:repository-version\" content=\"1.1\"></head><body>"
      "<a href=\"/files/x-1%2Bcu12-py3-none-any.whl#sha256=" +
      digest +
      "\" data-requires-python=\"&gt;=3.9,&lt;4\" "
      "data-yanked=\"a &amp; b\" data-core-metadata=\"sha256=" +
      digest + "\">x</a></body></html>");
  ASSERT_EQ(files.size(), 1U);
  const std::string url = "https://index.example/files/x-1%2Bcu12-py3-none-any.whl";
  EXPECT_EQ(files[0], (IndexFile{"x-1+cu12-py3-none-any.whl", url, digest, std::nullopt, ">=3.9,<4", "a & b",
                                 url + ".metadata", digest}));
}

TEST(SimpleHtml, LinksAreRelativeToTheBase) {
  EXPECT_EQ(html_files("<base href=\"https://cdn.example/p/\"><a href='x.whl'>x</a>").at(0).url,
            "https://cdn.example/p/x.whl");
  EXPECT_EQ(html_files("<base href=\"../p/\"><a href='x.whl'>x</a>").at(0).url,
            "https://index.example/simple/p/x.whl");
  EXPECT_EQ(html_files("<a href=' ../../x.whl '>x</a>", "https://mirror.example/moved/simple/x/").at(0).url,
            "https://mirror.example/moved/x.whl");
}

TEST(SimpleHtml, TakesOtherSpellings) {
  const auto files = html_files(
      "<A HREF=x.whl data-dist-info-metadata=true data-yanked>x</A><a>no link</a><a href='y/'>d</a>");
  ASSERT_EQ(files.size(), 1U);
  EXPECT_EQ(files[0].core_metadata_url, "https://index.example/simple/x/x.whl.metadata");
  EXPECT_EQ(files[0].core_metadata_sha256, std::nullopt);
  EXPECT_EQ(files[0].yanked, "");
  EXPECT_EQ(html_files("<a href='x.whl#md5=1&sha256=" + digest + "'>x</a>").at(0).sha256, digest);
}

TEST(SimpleHtml, SurvivesWhatIsNoIndex) {
  EXPECT_FALSE(parse_simple_html("", page_address));
  EXPECT_FALSE(parse_simple_html("not found", page_address));
  EXPECT_FALSE(parse_simple_html("<meta name='pypi:repository-version' content='2.0'><a href='x'>x</a>",
                                 page_address));
  EXPECT_THAT(html_files("<<<<>>><a href=\"\xff\xfe\">\x01</b></a>"), ::testing::SizeIs(::testing::Le(1U)));
  std::string deep;
  for (int i = 0; i < 20000; ++i) deep += "<div>";
  EXPECT_LE(html_files(deep + "<a href='x.whl'>x</a>").size(), 1U);
}

TEST(Sha256Text, IsHexadecimalInEitherCase) {
  EXPECT_EQ(sha256_text(std::string(64, 'A')), std::string(64, 'a'));
  EXPECT_EQ(sha256_text(std::string(63, 'a')), std::nullopt);
  EXPECT_EQ(sha256_text(std::string(64, 'g')), std::nullopt);
}

TEST(GithubReleases, ReadWheelsOnly) {
  const auto releases = parse_github_releases(
      R"([{"tag_name": "v2", "published_at": "2026-01-02T03:04:05Z", "draft": false, "assets": [
            {"name": "x-2-py3-none-any.whl", "size": 9, "digest": "sha256:)" +
      digest +
      R"(", "browser_download_url": "https://github.com/o/x/releases/download/v2/x-2-py3-none-any.whl"},
            {"name": "x-2.tar.gz", "browser_download_url": "https://github.com/a"},
            {"name": "y.whl", "state": "starter", "browser_download_url": "https://github.com/b"},
            {"name": "z.whl", "digest": null, "browser_download_url": "https://github.com/c"}, 5]},
          {"tag_name": "v3", "draft": true, "assets": []}, {"tag_name": null}])");
  ASSERT_TRUE(releases) << releases.error().message;
  ASSERT_EQ(releases->size(), 1U);
  const GithubRelease& release = releases->front();
  EXPECT_EQ(release.tag, "v2");
  EXPECT_EQ(release.published, "2026-01-02T03:04:05Z");
  ASSERT_EQ(release.wheels.size(), 2U);
  EXPECT_EQ(release.wheels[0].sha256, digest);
  EXPECT_EQ(release.wheels[0].size, 9U);
  EXPECT_EQ(release.wheels[1].sha256, std::nullopt);
}

TEST(GithubReleases, SayWhatIsWrong) {
  for (const char* page : {"", "{", R"({"message": "Bad credentials"})", "[4]"}) {
    EXPECT_FALSE(parse_github_releases(page)) << page;
  }
}

}  // namespace
}  // namespace wheelfit::catalog
