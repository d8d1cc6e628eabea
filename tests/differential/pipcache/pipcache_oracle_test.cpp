// SPDX-License-Identifier: Apache-2.0
// The same questions to wheelfit and to pip's own code, for many releases of pip; every answer must be the
// same.
#include <gtest/gtest.h>
#include <cstdlib>

#include "differential/pipcache/link_generator.hpp"
#include "differential/pipcache/pips.hpp"
#include "pipcache/cache_key.hpp"
#include "pipcache/index_links.hpp"
#include "pipcache/link.hpp"

namespace wheelfit::pipcache {
namespace {

using nlohmann::json;
using test::LinkGenerator;

class AgainstPip : public ::testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    std::string why;
    pip_ = test::Pip::find(GetParam(), why);
    if (!pip_) GTEST_SKIP() << why;
  }

  std::optional<test::Pip> pip_;
  LinkGenerator generator_;
};

std::vector<Hash> hashes_of(const json& question) {
  std::vector<Hash> hashes;
  for (const json& each : question["hashes"]) hashes.push_back({each[0], each[1]});
  return hashes;
}

json directories_json(const std::vector<std::filesystem::path>& directories) {
  json list = json::array();
  for (const auto& directory : directories) list.push_back(directory.string());
  return list;
}

template <typename Value>
json null_or(const std::optional<Value>& value) {
  return value ? json(*value) : json();
}

// 100,000 take ten seconds for each release: scripts/test asks them beside the real torch (pips.keys).
const int keys = std::getenv("WHEELFIT_ALL_KEYS") != nullptr ? 100'000 : 20'000;
constexpr int keys_of_further_releases = 20'000;  // 10.0.1 and 19.3.1
constexpr int most_faults = 10;

TEST_P(AgainstPip, GivesTheSameDirectories) {
  std::vector<json> questions;
  std::vector<KeyInterpreter> interpreters;
  const bool is_further = GetParam() == "10.0.1" || GetParam() == "19.3.1";
  for (int i = 0; i < (is_further ? keys_of_further_releases : keys); ++i) {
    interpreters.push_back({generator_.pick({"cp", "cp", "cp", "pp", "graalpy"}),
                            generator_.pick({"38", "39", "310", "311", "312", "313"})});
    questions.push_back(
        {{"ask", "key"},
         {"url", generator_.link()},
         {"hashes", generator_.chance(30) ? generator_.hashes() : decltype(generator_.hashes())()},
         {"interpreter", {interpreters.back().name, interpreters.back().version}}});
  }
  const auto answers = pip_->ask(questions);
  int faults = 0;
  for (std::size_t i = 0; i < answers.size() && faults < most_faults; ++i) {
    const auto ours = key_directories(questions[i]["url"].get<std::string>(), hashes_of(questions[i]),
                                      interpreters[i], pip_->version());
    const std::string expected = ours.empty() ? "null" : directories_json(ours).dump();
    if (expected == answers[i]) continue;
    ++faults;
    ADD_FAILURE() << questions[i] << "\n  pip: " << answers[i] << "\n  we:  " << expected;
  }
}

TEST_P(AgainstPip, TakesLinksApartAlike) {
  std::vector<json> questions;
  for (int i = 0; i < 5'000; ++i) {
    questions.push_back(
        {{"ask", "link"},
         {"url", generator_.link()},
         {"hashes", generator_.chance(30) ? generator_.hashes() : decltype(generator_.hashes())()}});
  }
  const auto answers = pip_->ask(questions);
  for (std::size_t i = 0; i < answers.size(); ++i) {
    const auto ours =
        parse_link(questions[i]["url"].get<std::string>(), pip_->version(), hashes_of(questions[i]));
    json answer = json::parse(answers[i]);
    ASSERT_EQ(!ours, answer.is_null()) << questions[i];
    if (!ours) continue;
    // The name is no part of the key; what 19 and earlier made of an escaped slash in it is not followed.
    if (!pip_->is_at_least(20, 0)) answer["file_name"] = ours->file_name;
    EXPECT_EQ(answer, json({{"url", ours->url},
                            {"hash", ours->hash ? json{ours->hash->algorithm, ours->hash->hex} : json()},
                            {"subdirectory", ours->subdirectory},
                            {"file_name", ours->file_name}}))
        << questions[i];
    if (HasFailure() && i > 100) return;
  }
}

TEST_P(AgainstPip, ResolvesAndQuotesHrefsAlike) {
  std::vector<json> questions;
  for (int i = 0; i < 10'000; ++i) {
    questions.push_back({{"ask", "absolute"}, {"base", generator_.base()}, {"href", generator_.href()}});
  }
  const auto answers = pip_->ask(questions);
  int faults = 0;
  for (std::size_t i = 0; i < answers.size() && faults < most_faults; ++i) {
    auto ours = absolute_link(questions[i]["base"].get<std::string>(),
                              questions[i]["href"].get<std::string>(), pip_->version());
    // from_element() makes the link, too.
    if (ours && pip_->is_at_least(22, 3) && !parse_link(*ours, pip_->version())) ours.reset();
    const json answer = json::parse(answers[i]);
    if (null_or(ours) == answer) continue;
    ++faults;
    ADD_FAILURE() << questions[i] << "\n  pip: " << answer << "\n  we:  " << null_or(ours);
  }
}

json links_json(const IndexPage& page, const KeyInterpreter& interpreter, const test::Pip& pip) {
  const auto links = page_links(page, pip.version());
  if (!links) return json::array();
  json list = json::array();
  for (const PageLink& link : *links) {
    list.push_back(
        {{"url", link.url},
         {"requires_python",
          link.requires_python && !link.requires_python->empty() ? json(*link.requires_python) : json()},
         {"yanked", pip.is_at_least(19, 2) ? null_or(link.yanked) : json()},
         {"directories",
          directories_json(key_directories(link.url, link.hashes, interpreter, pip.version()))}});
  }
  return list;
}

TEST_P(AgainstPip, ReadsPagesAlike) {
  constexpr const char* json_type = "application/vnd.pypi.simple.v1+json";
  std::vector<json> questions{{{"ask", "key"},
                               {"url", "https://h.example/a"},
                               {"hashes", json::array()},
                               {"interpreter", {"cp", "311"}}}};
  for (int i = 0; i < 1'000; ++i) {
    const bool is_json = pip_->is_at_least(22, 2) && generator_.chance(50);
    questions.push_back({{"ask", "page"},
                         {"page", is_json ? generator_.json_page() : generator_.html_page()},
                         {"content_type", is_json ? json_type : "text/html; charset=utf-8"},
                         {"url", generator_.base()}});
  }
  const auto answers = pip_->ask(questions);
  int faults = 0;
  for (std::size_t i = 1; i < answers.size() && faults < most_faults; ++i) {
    const json answer = json::parse(answers[i]);
    if (answer.is_null()) continue;  // one link that pip raises on costs it the page
    const std::string bytes = questions[i]["page"];
    const std::string type = questions[i]["content_type"];
    const std::string url = questions[i]["url"];
    const json ours = links_json({bytes, type, url}, {"cp", "311"}, *pip_);
    if (ours == answer) continue;
    ++faults;
    ADD_FAILURE() << questions[i] << "\n  pip: " << answer << "\n  we:  " << ours;
  }
}

IndexWish wish_of(const json& question) {
  IndexWish wish;
  wish.package = question["package"];
  wish.specifiers = python::SpecifierSet::parse(question["specifiers"].get<std::string>()).value();
  wish.prereleases = question["prereleases"];
  wish.python = python::Version::parse("3.11.7").value();
  wish.target.python = {3, 11};
  wish.target.free_threaded = false;
  wish.target.platform = "any";
  return wish;
}

TEST_P(AgainstPip, ChoosesAlike) {
  if (!pip_->is_at_least(20, 0)) GTEST_SKIP() << "its finder has no parts that can be asked";
  std::vector<json> questions;
  for (int i = 0; i < 1'000; ++i) {
    questions.push_back({{"ask", "choice"},
                         {"package", "some-pkg"},
                         {"python", {3, 11, 7}},
                         {"specifiers", generator_.pick({"", "", "==1.1", "<2", "==2.*", ">=1.0,<3",
                                                         "==2.0rc1", ">=2.0.dev0", "!=1.1", "==1.0+local"})},
                         {"prereleases", generator_.chance(20)},
                         {"page", generator_.page_of("some_pkg")},
                         {"content_type", "text/html"},
                         {"url", "https://i.example/simple/some-pkg/"}});
  }
  const auto answers = pip_->ask(questions);
  int faults = 0;
  for (std::size_t i = 0; i < answers.size() && faults < most_faults; ++i) {
    const std::string bytes = questions[i]["page"];
    const auto links =
        page_links({bytes, "text/html", "https://i.example/simple/some-pkg/"}, pip_->version());
    const auto choice = choose_link(links.value(), wish_of(questions[i]), pip_->version());
    const json ours = choice ? json(choice->link.url) : json();
    if (ours == json::parse(answers[i])) continue;
    ++faults;
    ADD_FAILURE() << questions[i] << "\n  pip: " << answers[i] << "\n  we:  " << ours;
  }
}

INSTANTIATE_TEST_SUITE_P(Releases, AgainstPip, ::testing::ValuesIn(test::pip_releases()),
                         [](const auto& each) {
                           std::string name = each.param;
                           for (char& c : name) c = c == '.' ? '_' : c;
                           return name;
                         });

}  // namespace
}  // namespace wheelfit::pipcache
