// SPDX-License-Identifier: Apache-2.0
// judge() against real loading of objects that are made for one fault each: the loader is asked first, so no
// row holds unless it is so on this machine.
#include <cstdlib>
#include <functional>

#include "made_objects.hpp"
#include "proof/judge.hpp"
#include "real_loader.hpp"

namespace wheelfit::proof {
namespace {

using test::Loading;
using test::MadeObject;

struct Said {
  Verdict verdict;
  std::string words;
};

Said say(const test::RealLoader& loader, const std::filesystem::path& object,
         const std::string& library_path = {}) {
  LibraryCache cache;
  const ImportScope scope = import_scope(cache, {loader.program(), {}, library_path, {}});
  const Loadability ours = judge(scope, object);
  std::string words(to_string(ours.verdict));
  for (const Reason& reason : ours.reasons) words += "; " + reason.text.english();
  return {ours.verdict, words};
}

class MadeObjects : public ::testing::TestWithParam<MadeObject> {};

TEST_P(MadeObjects, AreJudgedAsTheLoaderJudges) {
  const MadeObject& row = GetParam();
  test::ObjectBuilder builder;
  const std::filesystem::path object = row.make(builder);
  const test::RealLoader loader;
  const test::Judgement truth = loader.load(object);
  ASSERT_EQ(truth.loading == Loading::fails, row.truth == Loading::fails) << truth.words;
  const Said said = say(loader, object);
  EXPECT_EQ(said.verdict, row.truth == Loading::fails ? Verdict::refused : Verdict::fits)
      << said.words << "\nreally: " << truth.words;
  EXPECT_THAT(said.words, ::testing::HasSubstr(row.said));
}

INSTANTIATE_TEST_SUITE_P(Symbols, MadeObjects, ::testing::ValuesIn(test::objects_about_symbols()),
                         [](const auto& made) { return made.param.name; });
INSTANTIATE_TEST_SUITE_P(Versions, MadeObjects, ::testing::ValuesIn(test::objects_about_versions()),
                         [](const auto& made) { return made.param.name; });
INSTANTIATE_TEST_SUITE_P(Search, MadeObjects, ::testing::ValuesIn(test::objects_about_search()),
                         [](const auto& made) { return made.param.name; });
INSTANTIATE_TEST_SUITE_P(Kinds, MadeObjects, ::testing::ValuesIn(test::objects_about_kinds()),
                         [](const auto& made) { return made.param.name; });

// LD_LIBRARY_PATH of this process, which the judge's program inherits.
class LibraryPath {
 public:
  explicit LibraryPath(const std::string& value) { setenv("LD_LIBRARY_PATH", value.c_str(), 1); }
  ~LibraryPath() { unsetenv("LD_LIBRARY_PATH"); }
};

// sub/libf.so has what it.so wants, wrong/libf.so has not.
TEST(MadeObjectsInAnEnvironment, LibraryPathComesBehindRpathAndBeforeRunpath) {
  struct Row {
    std::string named, by, library_path;
    Loading truth;
  };
  for (const Row& row : {Row{"wrong", "-Wl,--enable-new-dtags", "sub", Loading::loads},
                         Row{"sub", "-Wl,--enable-new-dtags", "wrong", Loading::fails},
                         Row{"wrong", "-Wl,--disable-new-dtags", "sub", Loading::fails},
                         Row{"sub", "-Wl,--disable-new-dtags", "wrong", Loading::loads}}) {
    SCOPED_TRACE(row.named + " named by " + row.by);
    test::ObjectBuilder builder;
    builder.object("wrong/libf.so", "int other;", "-Wl,-soname,libf.so");
    builder.object("sub/libf.so", "void f(void) {}", "-Wl,-soname,libf.so");
    const auto object =
        builder.object("it.so", "void f(void); void g(void) { f(); }",
                       row.by + " -Wl,-rpath,{dir}/" + row.named + " -L{dir}/sub -Wl,--no-as-needed -lf");
    const test::RealLoader loader;
    const std::string path = (builder / row.library_path).string();
    const LibraryPath set(path);
    const test::Judgement truth = loader.load(object);
    ASSERT_EQ(truth.loading, row.truth) << truth.words;
    const Said said = say(loader, object, path);
    EXPECT_EQ(said.verdict, row.truth == Loading::loads ? Verdict::fits : Verdict::refused) << said.words;
  }
}

TEST(MadeObjectsInAnEnvironment, MuchStaticThreadStorageIsNeverSaidToFit) {
  test::ObjectBuilder builder;
  const auto object = builder.object("it.so", "static __thread char c[100000]; char* g(void) { return c; }",
                                     "-ftls-model=initial-exec");
  const test::RealLoader loader;
  ASSERT_EQ(loader.load(object).loading, Loading::fails);
  EXPECT_EQ(say(loader, object).verdict, Verdict::unproven);
}

}  // namespace
}  // namespace wheelfit::proof
