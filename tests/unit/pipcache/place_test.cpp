// SPDX-License-Identifier: Apache-2.0
#include "pipcache/place.hpp"

#include <gmock/gmock.h>
#include <sys/resource.h>

#include <csignal>

#include "base/error.hpp"
#include "pipcache/inventory.hpp"
#include "support/temp_dir.hpp"
#include "system/files.hpp"
#include "system/sha256.hpp"

namespace wheelfit::pipcache {
namespace {

namespace fs = std::filesystem;
using test::TempDir;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

constexpr const char* hash_part = "3d5946f282c12c73dd4bb3c2e3fe199f1a0d0f8cec06df0cccfeee27";

// A cache and a store in one folder.
class Placing : public testing::Test {
 protected:
  fs::path directory() const {
    const std::string hash = hash_part;
    return folder / "cache" / "wheels" / hash.substr(0, 2) / hash.substr(2, 2) / hash.substr(4, 2) /
           (hash.substr(6, 50));
  }

  PlaceRequest request(const std::string& content, const std::string& name = linux_name) const {
    PlaceRequest request;
    request.wheel = folder.write("wheel", content);
    request.target.python = {3, 11};
    request.target.platform = "linux_x86_64";
    request.seed.distribution = "flash-attn";
    request.seed.version = "2.8.3";
    request.seed.file_name = name;
    request.seed.sha256 = system::to_hex(system::sha256_of(content));
    request.seed.directory = directory();
    request.seed.seeded_at = "2026-11-21T00:00:00Z";
    return request;
  }
  fs::path cached(const std::string& name, const std::string& content) const {
    fs::create_directories(directory());
    system::write_file_atomically(directory() / name, content);
    return directory() / name;
  }
  std::vector<std::string> names() const {
    std::vector<std::string> found;
    std::error_code none;
    for (const auto& entry : fs::directory_iterator(directory(), none))
      found.push_back(entry.path().filename().string());
    return found;
  }

  static constexpr const char* linux_name = "flash_attn-2.8.3-cp311-cp311-linux_x86_64.whl";
  static constexpr const char* manylinux_name = "flash_attn-2.8.3-cp311-cp311-manylinux_2_5_x86_64.whl";
  TempDir folder;
  Ledger ledger{folder / "store"};
};

TEST_F(Placing, PutsTheWheelAndTakesItOutAgain) {
  PlaceRequest wanted = request("a wheel");
  wanted.seed.origin = "{\"url\": \"x\"}";
  const Seed seed = place(wanted, ledger);
  EXPECT_THAT(names(), UnorderedElementsAre(linux_name, "origin.json"));
  EXPECT_EQ(test::read_text(directory() / linux_name), "a wheel");
  EXPECT_EQ(test::read_text(directory() / "origin.json"), wanted.seed.origin);
  EXPECT_THAT(ledger.read(), ElementsAre(seed));
  EXPECT_EQ(state_of(seed), SeedState::in_place);

  const Undone undone = undo(seed, ledger);
  EXPECT_EQ(undone.before, SeedState::in_place);
  EXPECT_THAT(ledger.read(), IsEmpty());
  EXPECT_TRUE(fs::is_empty(folder / "cache" / "wheels")) << "what is empty goes";
}

TEST_F(Placing, KeepsWhatMadeRoomAndGivesItBack) {
  cached(manylinux_name, "pip's own");
  cached("flash_attn-2.8.3-cp310-cp310-linux_x86_64.whl", "for another Python");
  cached("other-1.0-cp311-cp311-linux_x86_64.whl", "another distribution");
  cached("origin.json", "before");
  PlaceRequest wanted = request("a wheel");
  wanted.seed.origin = "mine";
  place(wanted, ledger);
  EXPECT_THAT(names(),
              UnorderedElementsAre(linux_name, "origin.json", "flash_attn-2.8.3-cp310-cp310-linux_x86_64.whl",
                                   "other-1.0-cp311-cp311-linux_x86_64.whl"));
  const Undone undone = undo(ledger.read().front(), ledger);
  EXPECT_THAT(undone.restored, ElementsAre(manylinux_name));
  EXPECT_EQ(test::read_text(directory() / manylinux_name), "pip's own");
  EXPECT_EQ(test::read_text(directory() / "origin.json"), "before");
  EXPECT_FALSE(fs::exists(directory() / linux_name));
  EXPECT_TRUE(fs::is_empty(ledger.directory() / "kept"));
}

TEST_F(Placing, ALaterSeedTakesOverWhatTheEarlierOneReplaced) {
  cached(linux_name, "pip's own");
  place(request("for torch 2.4"), ledger);
  const Seed later = place(request("for torch 2.6"), ledger);
  ASSERT_EQ(later.replaced.size(), 1U);
  EXPECT_EQ(test::read_text(directory() / linux_name), "for torch 2.6");
  EXPECT_THAT(ledger.read(), ElementsAre(later));
  EXPECT_THAT(undo(later, ledger).restored, ElementsAre(linux_name));
  EXPECT_EQ(test::read_text(directory() / linux_name), "pip's own");
}

TEST_F(Placing, TheSameAgainChangesNothing) {
  place(request("a wheel"), ledger);
  const Seed again = place(request("a wheel"), ledger);
  EXPECT_THAT(again.replaced, IsEmpty());
  EXPECT_THAT(names(), ElementsAre(linux_name));
  undo(again, ledger);
  EXPECT_FALSE(fs::exists(directory()));
}

TEST_F(Placing, LinksWhatBelongsToTheStoreAndCopiesWhatDoesNot) {
  PlaceRequest wanted = request("a wheel");
  place(wanted, ledger);
  EXPECT_EQ(fs::hard_link_count(wanted.wheel), 1U);
  wanted.sharing = Sharing::linked;
  place(wanted, ledger);
  EXPECT_EQ(fs::hard_link_count(wanted.wheel), 2U);
  place(wanted, ledger);  // both are names of one file by now
  EXPECT_THAT(names(), ElementsAre(linux_name));
}

TEST_F(Placing, DoesNotTakeOutWhatSomebodyElsePutThere) {
  const Seed seed = place(request("a wheel"), ledger);
  cached(linux_name, "built by pip since");
  EXPECT_EQ(state_of(seed), SeedState::changed);
  EXPECT_EQ(undo(seed, ledger).before, SeedState::changed);
  EXPECT_EQ(test::read_text(directory() / linux_name), "built by pip since");
  EXPECT_THAT(ledger.read(), IsEmpty());
}

TEST_F(Placing, WhatThePurgeOfACacheTookIsForgotten) {
  const Seed seed = place(request("a wheel"), ledger);
  fs::remove_all(folder / "cache");
  EXPECT_EQ(state_of(seed), SeedState::gone);
  EXPECT_EQ(undo(seed, ledger).before, SeedState::gone);
  EXPECT_FALSE(fs::exists(folder / "cache"));
}

TEST_F(Placing, WritesNowhereElse) {
  PlaceRequest wanted = request("a wheel");
  wanted.seed.directory = folder / "elsewhere";
  EXPECT_THROW(place(wanted, ledger), Error);
  EXPECT_FALSE(fs::exists(folder / "elsewhere"));
}

// A kill at any moment is a run that stops there: each state that it can leave is made by hand.
TEST_F(Placing, RecoverTakesBackWhatWasNotInPlaceYet) {
  cached(linux_name, "pip's own");
  PlaceRequest wanted = request("a wheel");
  ledger.begin(wanted.seed);
  cached(".wheelfit.part", "half a wh");
  recover(ledger);
  EXPECT_THAT(names(), ElementsAre(linux_name));
  EXPECT_EQ(test::read_text(directory() / linux_name), "pip's own");
  EXPECT_THAT(ledger.read(), IsEmpty());
  EXPECT_THAT(ledger.read_begun(), IsEmpty());
}

TEST_F(Placing, RecoverFinishesWhatWasInPlace) {
  cached(manylinux_name, "pip's own");
  Seed seed = request("a wheel").seed;
  seed.origin = "mine";
  seed.replaced.push_back({manylinux_name, system::to_hex(system::sha256_of("pip's own")), "kept/x/y/z.whl"});
  ledger.begin(seed);
  cached(linux_name, "a wheel");
  recover(ledger);
  EXPECT_THAT(names(), UnorderedElementsAre(linux_name, "origin.json"));
  EXPECT_THAT(ledger.read(), ElementsAre(seed));
}

TEST_F(Placing, RecoverKeepsTheEarlierEntryOfTheDirectory) {
  const Seed earlier = place(request("for torch 2.4"), ledger);
  ledger.begin(request("for torch 2.6").seed);
  recover(ledger);
  EXPECT_THAT(ledger.read(), ElementsAre(earlier));
  EXPECT_EQ(state_of(earlier), SeedState::in_place);
}

// As a full disk does: the write fails half way.
TEST_F(Placing, AFullDiskLeavesTheCacheAsItWas) {
  cached(linux_name, "pip's own");
  const PlaceRequest wanted = request(std::string(1 << 20, 'x'));
  rlimit before{};
  ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &before), 0);
  const auto old = std::signal(SIGXFSZ, SIG_IGN);
  const rlimit small{65536, before.rlim_max};
  setrlimit(RLIMIT_FSIZE, &small);
  EXPECT_THROW(place(wanted, ledger), Error);
  setrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, old);
  EXPECT_THAT(names(), ElementsAre(linux_name));
  EXPECT_EQ(test::read_text(directory() / linux_name), "pip's own");
  EXPECT_THAT(ledger.read(), IsEmpty());
  EXPECT_THAT(ledger.read_begun(), IsEmpty());
}

TEST_F(Placing, EvictingTakesTheEmptyDirectoriesAlong) {
  const fs::path wheel = cached(linux_name, "a wheel");
  cached("origin.json", "{}");
  remove_cached(wheel);
  EXPECT_FALSE(fs::exists(directory()));
  EXPECT_TRUE(fs::exists(folder / "cache" / "wheels"));
}

TEST_F(Placing, InventorySeesWheelsInPlacesOfACacheOnly) {
  cached(linux_name, "a wheel");
  cached("notes.txt", "no wheel");
  folder.write("cache/wheels/elsewhere/other-1.0-py3-none-any.whl", "");
  folder.write("cache/http/aa/bb/cc/third-1.0-py3-none-any.whl", "");
  const auto found = inventory(folder / "cache");
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found.front().file.filename(), linux_name);
  EXPECT_EQ(found.front().size, 7U);
  EXPECT_THAT(inventory(folder / "nothing"), IsEmpty());
}

TEST(SeedJson, IsReadBackAsItWasAndNothingElseIs) {
  Seed seed;
  seed.distribution = "flash-attn";
  seed.version = "2.8.3";
  seed.file_name = "flash_attn-2.8.3-cp311-cp311-linux_x86_64.whl";
  seed.directory = "/c/wheels/3d/59/46/f282c12c73dd4bb3c2e3fe199f1a0d0f8cec06df0cccfeee27";
  seed.size = 5;
  seed.rewritten = true;
  seed.replaced.push_back({"a-1-py3-none-any.whl", "ab", "kept/x"});
  seed.origin_before = "{}";
  EXPECT_EQ(seed_from_json(seed_to_json(seed)), seed);
  EXPECT_EQ(seed_from_json("[]"), std::nullopt);
  EXPECT_EQ(seed_from_json("{}"), std::nullopt);
  EXPECT_EQ(seed_from_json("{\"schema_version\": \"1\"}"), std::nullopt);
  Seed outside = seed;
  outside.directory = "/home/me";
  EXPECT_EQ(seed_from_json(seed_to_json(outside)), std::nullopt);
  outside = seed;
  outside.directory = "/c/wheels/3d/59/46/f282c12c73dd4bb3c2e3fe199f1a0d0f8cec06df0cccfeee27/../..";
  EXPECT_EQ(seed_from_json(seed_to_json(outside)), std::nullopt);
  outside = seed;
  outside.replaced.front().kept = "../../etc/passwd";
  EXPECT_EQ(seed_from_json(seed_to_json(outside)), std::nullopt);
  outside = seed;
  outside.file_name = "../x.whl";
  EXPECT_EQ(seed_from_json(seed_to_json(outside)), std::nullopt);
}

}  // namespace
}  // namespace wheelfit::pipcache
