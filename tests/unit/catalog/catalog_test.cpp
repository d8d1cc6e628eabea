// SPDX-License-Identifier: Apache-2.0
#include "catalog/catalog.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.hpp"
#include "catalog/recipe_reader.hpp"
#include "support/fake_clock.hpp"
#include "support/recording_reporter.hpp"
#include "support/scripted_http.hpp"
#include "support/temp_dir.hpp"

namespace wheelfit::catalog {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

const std::string releases_url = "https://api.github.com/repos/o/x/releases?per_page=100";

std::string asset(const std::string& tag, const std::string& name) {
  return R"({"name": ")" + name +
         R"(", "size": 5, "browser_download_url": "https://github.com/o/x/releases/download/)" + tag + "/" +
         name + "\"}";
}

std::string release(const std::string& tag, const std::string& published, const std::string& assets) {
  return R"({"tag_name": ")" + tag + R"(", "published_at": ")" + published + R"(", "assets": [)" + assets +
         "]}";
}

class CatalogTest : public ::testing::Test {
 protected:
  CatalogTest() {
    recipe = read_recipe(
        "name = \"x-y\"\nsdists = [\"0.9\"]\n"
        "[[source]]\nid = \"official\"\nkind = \"github-releases\"\nrepository = \"o/x\"\ntrust = "
        "\"official\"\n"
        "rows = \"r\"\nrows_as_of = \"2026-01-01\"\n"
        "[[source]]\nid = \"index\"\nkind = \"simple-index\"\ntrust = \"index\"\n"
        "[[known]]\nwhen = { source = \"official\" }\nremark = \"from the maker\"\nsource = \"s\"\n",
        "packages/x-y.toml");
    recipe.sources[0].rows_text =
        "release v1 v2\nx_y-*-cp311-linux_x86_64\nrelease v2\nx_y-1-cp311-linux_x86_64\n";
    request.indexes.index_url = "https://me:secret@index.example/simple";
    request.cache = cache.path();
    http.answer(index_page, "<a href='/f/x_y-1.5-py3-none-any.whl'>w</a><a href='/f/x-y-1.5.tar.gz'>s</a>",
                {{"content-type", "text/html"}});
  }

  Catalog list() { return list_candidates(recipe, request, http, clock, report); }
  std::vector<std::string> names(const Catalog& catalog, std::string_view source) {
    std::vector<std::string> result;
    for (const Shared<Candidate>& candidate : catalog.candidates) {
      if (candidate->source_id == source) result.push_back(candidate->name);
    }
    return result;
  }
  std::vector<std::string> sdist_versions(const Catalog& catalog) {
    std::vector<std::string> result;
    for (const SourceDistribution& sdist : catalog.sdists) result.push_back(sdist.version.to_string());
    return result;
  }
  const SourceStatus& status(const Catalog& catalog, std::string_view id) {
    for (const SourceStatus& each : catalog.sources) {
      if (each.id == id) return each;
    }
    throw std::runtime_error("no such source");
  }

  Recipe recipe;
  ListingRequest request;
  test::ScriptedHttp http;
  test::FakeClock clock;
  test::RecordingReporter report;
  test::TempDir cache;
  const std::string index_page = "https://me:secret@index.example/simple/x-y/";
};

TEST_F(CatalogTest, LiveListingReplacesTheRows) {
  http.answer(
      releases_url,
      "[" +
          release("v3", "2026-03-01T00:00:00Z",
                  asset("v3", "x_y-3-cp311-cp311-linux_x86_64.whl") + "," +
                      asset("v3", "other-3-py3-none-any.whl")) +
          "]",
      {{"link", "<https://api.github.com/p2>; rel=\"next\", <https://api.github.com/p9>; rel=\"last\""}});
  http.answer(
      "https://api.github.com/p2",
      "[" + release("v1", "2026-01-01T00:00:00Z", asset("v1", "x_y-1-cp311-cp311-linux_x86_64.whl")) + "]");
  request.github_token = "t0ken";
  const Catalog catalog = list();
  EXPECT_THAT(names(catalog, "official"),
              ElementsAre("x_y-3-cp311-cp311-linux_x86_64.whl", "x_y-1-cp311-cp311-linux_x86_64.whl"));
  const Candidate& newest = *catalog.candidates.front();
  EXPECT_FALSE(newest.built_in);
  EXPECT_EQ(newest.release, "v3");
  EXPECT_GT(newest.release_order, catalog.candidates[1]->release_order);
  EXPECT_EQ(newest.size, 5U);
  EXPECT_EQ(newest.source, "official");
  EXPECT_EQ(newest.knowledge->remarks.at(0).value, "from the maker");
  EXPECT_TRUE(status(catalog, "official").live);
  EXPECT_TRUE(status(catalog, "official").remark.empty());
  for (const auto& sent : http.requests()) {
    EXPECT_EQ(sent.bearer_token.has_value(), sent.url.starts_with("https://api.github.com/")) << sent.url;
  }
}

TEST_F(CatalogTest, OfASeveralTimesPublishedNameTheNewestReleaseCounts) {
  const std::string name = "x_y-1-cp311-cp311-linux_x86_64.whl";
  http.answer(releases_url, "[" + release("late", "2026-01-01T00:00:00Z", asset("late", name)) + "," +
                                release("later", "2026-02-01T00:00:00Z", asset("later", name)) + "]");
  const Catalog catalog = list();
  ASSERT_THAT(names(catalog, "official"), ElementsAre(name));
  EXPECT_EQ(catalog.candidates.front()->release, "later");
}

TEST_F(CatalogTest, RateLimitFallsBackToTheRows) {
  http.answer(releases_url, "{}", {{"x-ratelimit-remaining", "0"}, {"x-ratelimit-reset", "1785546000"}}, 403);
  const Catalog catalog = list();
  EXPECT_THAT(names(catalog, "official"),
              ElementsAre("x_y-2-cp311-cp311-linux_x86_64.whl", "x_y-1-cp311-cp311-linux_x86_64.whl"));
  EXPECT_TRUE(catalog.candidates.front()->built_in);
  EXPECT_EQ(catalog.candidates.front()->url,
            "https://github.com/o/x/releases/download/v2/x_y-2-cp311-cp311-linux_x86_64.whl");
  EXPECT_EQ(catalog.candidates[1]->release, "v2") << "the newest release that holds it";
  const SourceStatus& official = status(catalog, "official");
  EXPECT_FALSE(official.live);
  EXPECT_FALSE(official.reachable);
  EXPECT_EQ(official.wheels, 2U);
  EXPECT_EQ(official.remark.english(),
            "listing not read (api.github.com limits how often it may be asked, until 2026-08-01 01:00 UTC); "
            "built-in list of 2026-01-01 used");
}

TEST_F(CatalogTest, UnreachableAndMalformedFallBackToo) {
  http.fail(releases_url, "api.github.com has no address");
  EXPECT_THAT(status(list(), "official").remark.english(), HasSubstr("api.github.com has no address"));
  http.answer(releases_url, "<html>blocked</html>");
  EXPECT_THAT(names(list(), "official"), ::testing::SizeIs(2));
  const Catalog catalog = list();
  EXPECT_THAT(status(catalog, "official").remark.english(), HasSubstr("not a list of releases"));
}

TEST_F(CatalogTest, OlderListingStaysWhenTheSourceFails) {
  http.answer(releases_url,
              "[" + release("v9", "2026-03-01T00:00:00Z", asset("v9", "x_y-9-py3-none-any.whl")) + "]");
  http.fail(releases_url, "the line is dead");
  list();
  clock.sleep(std::chrono::hours(1));
  const Catalog catalog = list();
  EXPECT_THAT(names(catalog, "official"), ::testing::SizeIs(3)) << "what was read, and what only is built in";
  EXPECT_FALSE(status(catalog, "official").live);
  EXPECT_THAT(status(catalog, "official").remark.english(), HasSubstr("the line is dead"));
  EXPECT_THAT(status(catalog, "official").remark.english(), HasSubstr("2026-08-01 00:00 UTC"));
}

TEST_F(CatalogTest, OfflineAsksNobody) {
  request.offline = true;
  const Catalog catalog = list();
  EXPECT_THAT(http.urls(), IsEmpty());
  EXPECT_THAT(names(catalog, "official"), ::testing::SizeIs(2));
  EXPECT_TRUE(status(catalog, "official").reachable);
  EXPECT_EQ(status(catalog, "official").remark.english(), "offline; built-in list of 2026-01-01 used");
  EXPECT_THAT(sdist_versions(catalog), ElementsAre("0.9"));
}

TEST_F(CatalogTest, TheIndexGivesWheelsAndSources) {
  http.status(releases_url, 404);
  const Catalog catalog = list();
  EXPECT_THAT(names(catalog, "index"), ElementsAre("x_y-1.5-py3-none-any.whl"));
  const Candidate& wheel = *catalog.candidates.back();
  EXPECT_EQ(wheel.url, "https://me:secret@index.example/f/x_y-1.5-py3-none-any.whl");
  EXPECT_EQ(wheel.source, "index");
  EXPECT_EQ(wheel.trust, Trust::index);
  EXPECT_THAT(sdist_versions(catalog), ElementsAre("1.5"));
  EXPECT_EQ(catalog.sdists.front().url, "https://me:secret@index.example/f/x-y-1.5.tar.gz");
  EXPECT_EQ(catalog.sdists.front().file_name, "x-y-1.5.tar.gz");
  for (const SourceStatus& each : catalog.sources)
    EXPECT_THAT(each.remark.english(), Not(HasSubstr("secret")));
  for (const auto& sent : http.requests()) {
    if (sent.url != index_page) continue;
    EXPECT_THAT(sent.headers, ::testing::Contains(::testing::Pair(
                                  "Accept", ::testing::StartsWith("application/vnd.pypi.simple.v1+json, "))));
  }
}

TEST_F(CatalogTest, AnIndexWithoutThePackageHasAnswered) {
  request.indexes.index_url = "https://empty.example/simple/";
  http.status("https://empty.example/simple/x-y/", 404);
  http.status(releases_url, 404);
  const Catalog catalog = list();
  EXPECT_TRUE(status(catalog, "index").reachable);
  EXPECT_EQ(status(catalog, "index").remark.english(), "has no x-y");
  EXPECT_THAT(sdist_versions(catalog), ElementsAre("0.9"));
}

TEST_F(CatalogTest, ExtraIndexesAndFindLinksAreReadToo) {
  http.status(releases_url, 404);
  request.indexes.extra_index_urls = {"https://extra.example/s/"};
  http.answer("https://extra.example/s/x-y/",
              R"({"files": [{"filename": "x_y-4-py3-none-any.whl", "url": "w.whl"}]})",
              {{"content-type", "application/vnd.pypi.simple.v1+json"}});
  const test::TempDir folder;
  folder.write("x_y-5-py3-none-any.whl", "abc");
  folder.write("x_y-5.whl", "no wheel name");
  folder.write("z-5-py3-none-any.whl", "other package");
  folder.write("x_y-5.1.tar.gz", "source");
  const auto page = folder.write("page/links.html", "<a href='x_y-6-py3-none-any.whl'>x</a>");
  request.indexes.find_links = {folder.path().string(), "file://" + page.string(),
                                "https://flat.example/all.html", (folder / "none").string()};
  http.answer("https://flat.example/all.html", "<a href='sub/x_y-7-py3-none-any.whl'>x</a>");
  const Catalog catalog = list();
  EXPECT_THAT(names(catalog, "extra-index"), ElementsAre("x_y-4-py3-none-any.whl"));
  EXPECT_THAT(names(catalog, "find-links"),
              ElementsAre("x_y-5-py3-none-any.whl", "x_y-6-py3-none-any.whl", "x_y-7-py3-none-any.whl"));
  const Candidate& last = *catalog.candidates.back();
  EXPECT_EQ(last.url, "https://flat.example/sub/x_y-7-py3-none-any.whl");
  EXPECT_EQ(last.source, "index");
  EXPECT_FALSE(catalog.sources.back().reachable) << "a directory that is not there";
  EXPECT_THAT(sdist_versions(catalog), ::testing::Contains("5.1"));
}

TEST_F(CatalogTest, OnlyTheSourceAskedFor) {
  for (const std::string only : {"index", "official", "community"}) {
    http.status(releases_url, 404);
    request.only_source = only;
    const Catalog catalog = list();
    EXPECT_EQ(catalog.sources.size(), only == "community" ? 0U : 1U) << only;
    for (const SourceStatus& each : catalog.sources) EXPECT_EQ(each.id, only);
  }
}

TEST_F(CatalogTest, AMirrorServesDownloadsToo) {
  http.answer(releases_url,
              "[" + release("v9", "2026-03-01T00:00:00Z", asset("v9", "x_y-9-py3-none-any.whl")) + "]");
  request.github = "https://mirror.example/github";
  EXPECT_EQ(list().candidates.front()->url,
            "https://mirror.example/github/o/x/releases/download/v9/x_y-9-py3-none-any.whl");
}

TEST_F(CatalogTest, ReportsItsWork) {
  http.status(releases_url, 404);
  list();
  ASSERT_EQ(report.work().size(), 1U);
  EXPECT_EQ(report.work().front().what, "Looking for wheels of x-y");
  EXPECT_TRUE(report.work().front().finished);
}

TEST_F(CatalogTest, AWheelGivenByHandIsKnownByItsPublisher) {
  const Candidate by_name =
      candidate_from_file_name("x_y-2-cp311-cp311-linux_x86_64.whl", "", "file", &recipe);
  EXPECT_EQ(by_name.source, "file");
  EXPECT_EQ(by_name.knowledge->remarks.size(), 1U);
  const Candidate by_address = candidate_from_file_name(
      "x_y-7-py3-none-any.whl", "https://github.com/o/x/releases/download/v7/x_y-7-py3-none-any.whl", "url",
      &recipe);
  EXPECT_EQ(by_address.knowledge->remarks.size(), 1U);
  EXPECT_TRUE(
      candidate_from_file_name("x_y-8-py3-none-any.whl", "", "file", &recipe).knowledge->remarks.empty());
  EXPECT_TRUE(candidate_from_file_name("x_y-2-cp311-cp311-linux_x86_64.whl", "", "file", nullptr)
                  .knowledge->remarks.empty());
  EXPECT_THROW(candidate_from_file_name("x_y-8.zip", "", "file", &recipe), Error);
}

}  // namespace
}  // namespace wheelfit::catalog
