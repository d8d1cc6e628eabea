// SPDX-License-Identifier: Apache-2.0
#include "render/seed.hpp"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

namespace wheelfit::render {
namespace {

using testing::HasSubstr;
using testing::Not;

pipcache::Seed seed() {
  pipcache::Seed seed;
  seed.distribution = "some-name";
  seed.version = "1.2";
  seed.file_name = "some_name-1.2-py3-none-any.whl";
  seed.made_from = "some_name-1.2+cu12-py3-none-any.whl";
  seed.python = "cp311";
  seed.pip = "24.3.1";
  seed.torch = "2.6.0+cu124";
  seed.directory = "/cache/wheels/aa/bb/cc/dd";
  return seed;
}

TEST(SeedList, SaysWhatIsInItsPlaceAndWhatIsNot) {
  const pipcache::Seed one = seed();
  const std::string text = seed_list_text({{one, pipcache::SeedState::in_place},
                                           {one, pipcache::SeedState::gone},
                                           {one, pipcache::SeedState::changed}},
                                          {});
  EXPECT_THAT(text, HasSubstr("3 wheels are seeded\n"));
  EXPECT_THAT(text, HasSubstr("some-name 1.2 for cp311, pip 24.3.1, torch 2.6.0+cu124\n"));
  EXPECT_THAT(text, HasSubstr("it is in pip's cache no more\n"));
  EXPECT_THAT(text, HasSubstr("something else has taken its place\n"));
  EXPECT_EQ(seed_list_json({{one, pipcache::SeedState::changed}})["seeds"][0]["state"], "changed");
}

TEST(SeedUndo, SaysWhatWasDone) {
  const std::string text = seed_undo_text({{seed(), pipcache::SeedState::in_place, {"old.whl"}}}, false, {});
  EXPECT_THAT(text, HasSubstr("some-name 1.2 is taken out of pip's cache\n"));
  EXPECT_THAT(text, HasSubstr("put back: old.whl\n"));
  EXPECT_THAT(seed_undo_text({{seed(), pipcache::SeedState::changed, {}}}, false, {}),
              HasSubstr("it stays and is forgotten"));
  EXPECT_THAT(seed_undo_text({}, false, {}), HasSubstr("there is nothing to undo"));
}

TEST(SeedText, NamesWhatMadeRoom) {
  const probe::Environment environment;
  SeedView view{.environment = environment};
  view.distribution = "some-name";
  view.version = "1.2";
  view.wheel = "some_name-1.2-py3-none-any.whl";
  view.proven = true;
  view.places.push_back({"/cache/wheels/aa", "https://files.example/some_name-1.2.tar.gz", {"old.whl"}});
  const std::string text = seed_text(view, {});
  EXPECT_THAT(text, HasSubstr("old.whl  kept for `wheelfit seed --undo`"));
  EXPECT_THAT(text, HasSubstr("every symbol that it needs is exported here"));
  EXPECT_EQ(seed_json(view)["places"][0]["replaced"][0], "old.whl");
}

TEST(SeedText, ShowsNothingOfAWheelThatPipWouldNotUse) {
  const probe::Environment environment;
  SeedView view{.environment = environment, .outcome = SeedOutcome::not_used};
  view.distribution = "some-name";
  view.wheel = "some_name-1.2-py3-none-any.whl";
  view.will_be_used = false;
  view.reasons = {{"uv", why_not_uv()}};
  view.commands = {"pip install some-name"};
  view.cures = {text("wheelfit seed --for uv {}", "some-name")};
  const std::string words = seed_text(view, {});
  EXPECT_THAT(words, HasSubstr("uv cannot be seeded"));
  EXPECT_THAT(words, HasSubstr("Instead: wheelfit seed --for uv some-name\n"));
  EXPECT_THAT(words, Not(HasSubstr("pip install")));
  EXPECT_FALSE(seed_json(view)["will_be_used"]);
}

TEST(SeedAudit, SaysWhatWasRemoved) {
  const probe::Environment environment;
  AuditView view{environment, "/cache", 3, {}};
  view.rows.push_back({"/cache/wheels/a/x-1-py3-none-any.whl", 5, {}, resolve::Proof::symbols, true});
  const std::string text = seed_audit_text(view, {});
  EXPECT_THAT(text, HasSubstr("1 of 3 cached wheels, built for another torch, CUDA or Python, are removed"));
  EXPECT_THAT(text, Not(HasSubstr("--evict")));
}

}  // namespace
}  // namespace wheelfit::render
