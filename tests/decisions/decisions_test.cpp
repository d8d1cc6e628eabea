// SPDX-License-Identifier: Apache-2.0
// Every row of decisions.tsv, offline and by what is built in.
#include <algorithm>
#include <fstream>
#include <sstream>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.hpp"
#include "catalog/catalog.hpp"
#include "probe/target.hpp"
#include "python/package_name.hpp"
#include "python/requirement.hpp"
#include "resolve/decision.hpp"
#include "support/recording_reporter.hpp"

namespace wheelfit {
namespace {

struct Row {
  int line = 0;
  std::string target;
  std::string requirement;
  std::string trust;
  std::string expected;
  std::string verdict;
  std::string source;
};

std::vector<Row> table() {
  std::ifstream in(DECISIONS_TABLE);
  std::vector<Row> rows;
  std::string text;
  for (int line = 1; std::getline(in, text); ++line) {
    if (text.empty() || text.front() == '#') continue;
    std::vector<std::string> columns;
    std::istringstream fields(text);
    for (std::string column; std::getline(fields, column, '\t');) columns.push_back(column);
    if (columns.size() != 6)
      throw std::runtime_error("line " + std::to_string(line) + " has not six columns");
    rows.push_back({line, columns[0], columns[1], columns[2], columns[3], columns[4], columns[5]});
  }
  return rows;
}

class NoNetwork final : public system::HttpClient {
 public:
  system::HttpResponse get(const system::HttpRequest& request) override {
    ADD_FAILURE() << "asked the network for " << request.url;
    return {};
  }
  system::HttpResponse stream(const system::HttpRequest& request, const system::HeadSink&,
                              const system::BodySink&) override {
    return get(request);
  }
};

const catalog::Knowledge& knowledge() {
  static const catalog::Knowledge loaded = catalog::load_knowledge(std::nullopt);
  return loaded;
}

const catalog::Catalog& catalog_of(const catalog::Recipe& recipe) {
  static std::map<std::string, catalog::Catalog> lists;
  const auto found = lists.find(recipe.name);
  if (found != lists.end()) return found->second;
  NoNetwork network;
  SilentReporter silent;
  system::RealClock clock;
  catalog::ListingRequest request;
  request.offline = true;
  return lists.emplace(recipe.name, catalog::list_candidates(recipe, request, network, clock, silent))
      .first->second;
}

bool has_ground(const resolve::Judgement& judgement, ReasonCode code) {
  return std::any_of(judgement.reasons.begin(), judgement.reasons.end(),
                     [code](const Reason& reason) { return reason.code == code; });
}

// The nearest miss that is no mere matter of policy: of the wished version, from an admitted publisher.
const resolve::Judgement* telling_miss(const std::vector<resolve::Judgement>& judgements) {
  const std::vector<std::vector<ReasonCode>> passed_over{
      {ReasonCode::trust, ReasonCode::version}, {ReasonCode::trust}, {}};
  for (const std::vector<ReasonCode>& codes : passed_over) {
    for (const resolve::Judgement& judgement : judgements) {
      const bool skip = std::any_of(codes.begin(), codes.end(),
                                    [&](ReasonCode code) { return has_ground(judgement, code); });
      if (!skip) return &judgement;
    }
  }
  return nullptr;
}

std::string answer(const resolve::Decision& decision) {
  if (decision.chosen) return decision.chosen->judgement.candidate->name;
  if (!decision.reasons.empty()) return "none:" + std::string(to_string(decision.reasons.front().code));
  const resolve::Judgement* miss = telling_miss(decision.judgements);
  return miss == nullptr ? "none:" : "none:" + std::string(to_string(miss->reasons.front().code));
}

std::string all_reasons(const resolve::Decision& decision) {
  std::string text;
  for (std::size_t i = 0; i < std::min<std::size_t>(decision.judgements.size(), 3); ++i) {
    const resolve::Judgement& judgement = decision.judgements[i];
    text += "\n  " + judgement.candidate->name;
    for (const Reason& reason : judgement.reasons) {
      text += "\n    " + std::string(to_string(reason.code)) + ": " + reason.text.english();
    }
  }
  return text;
}

class Decisions : public testing::TestWithParam<Row> {};

TEST_P(Decisions, AreWhatTheFactsSay) {
  const Row& row = GetParam();
  const auto requirement = python::Requirement::parse(row.requirement);
  ASSERT_TRUE(requirement.has_value());
  const catalog::Recipe* recipe = knowledge().find(python::normalized_name(requirement->name));
  ASSERT_NE(recipe, nullptr);
  resolve::Wishes wishes;
  wishes.version = requirement->specifiers;
  wishes.trust = *catalog::parse_trust(row.trust);
  wishes.offline = true;

  const resolve::Decision decision = resolve::resolve(probe::environment_from_spec(row.target), *recipe,
                                                      catalog_of(*recipe), knowledge(), wishes, std::nullopt);

  EXPECT_EQ(answer(decision), row.expected) << row.target << ' ' << row.requirement << " (line " << row.line
                                            << ", " << row.source << ")" << all_reasons(decision);
  const resolve::Verdict verdict =
      decision.chosen ? decision.chosen->judgement.verdict : resolve::Verdict::refused;
  EXPECT_EQ(to_string(verdict), row.verdict) << row.target << all_reasons(decision);
}

INSTANTIATE_TEST_SUITE_P(Table, Decisions, testing::ValuesIn(table()),
                         [](const auto& row) { return "line" + std::to_string(row.param.line); });

TEST(DecisionsTable, HasRowsAndSources) {
  EXPECT_GE(table().size(), 60U);
  for (const Row& row : table()) EXPECT_FALSE(row.source.empty()) << "line " << row.line;
}

}  // namespace
}  // namespace wheelfit
