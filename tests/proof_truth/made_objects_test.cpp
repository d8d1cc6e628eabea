// SPDX-License-Identifier: Apache-2.0
// judge() against real loading of objects that are made for one fault each: the loader is asked first, so no
// row holds unless it is so on this machine.
#include <functional>

#include "made_objects.hpp"
#include "proof/judge.hpp"
#include "real_loader.hpp"

namespace wheelfit::proof {
namespace {

using test::Loading;
using test::MadeObject;

class MadeObjects : public ::testing::TestWithParam<MadeObject> {};

TEST_P(MadeObjects, AreJudgedAsTheLoaderJudges) {
  const MadeObject& row = GetParam();
  test::ObjectBuilder builder;
  const std::filesystem::path object = row.make(builder);
  const test::RealLoader loader;
  const test::Judgement truth = loader.load(object);
  ASSERT_EQ(truth.loading == Loading::fails, row.truth == Loading::fails) << truth.words;
  LibraryCache cache;
  const ImportScope scope = import_scope(cache, {loader.program(), {}, {}, {}});
  const Loadability ours = judge(scope, object);
  std::string said(to_string(ours.verdict));
  for (const Reason& reason : ours.reasons) said += "; " + reason.text.english();
  EXPECT_EQ(ours.verdict, row.truth == Loading::fails ? Verdict::refused : Verdict::fits)
      << said << "\nreally: " << truth.words;
  EXPECT_THAT(said, ::testing::HasSubstr(row.said));
}

INSTANTIATE_TEST_SUITE_P(Symbols, MadeObjects, ::testing::ValuesIn(test::objects_about_symbols()),
                         [](const auto& made) { return made.param.name; });
INSTANTIATE_TEST_SUITE_P(Versions, MadeObjects, ::testing::ValuesIn(test::objects_about_versions()),
                         [](const auto& made) { return made.param.name; });
INSTANTIATE_TEST_SUITE_P(Search, MadeObjects, ::testing::ValuesIn(test::objects_about_search()),
                         [](const auto& made) { return made.param.name; });
INSTANTIATE_TEST_SUITE_P(Kinds, MadeObjects, ::testing::ValuesIn(test::objects_about_kinds()),
                         [](const auto& made) { return made.param.name; });

}  // namespace
}  // namespace wheelfit::proof
