// SPDX-License-Identifier: Apache-2.0
#include "commands/later_note.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace wheelfit::commands {
namespace {

Settings unusual() {
  Settings settings;
  settings.sources.trust = catalog::Trust::community;
  settings.rungs.fallback = "sdpa";
  settings.rungs.only = resolve::Rung::wheel;
  settings.proof.required = Proof::import;
  settings.proof.verify = false;
  settings.store.keep = false;
  settings.environment.break_system_packages = true;
  return settings;
}

TEST(LaterNote, ComesBackAsItWasWritten) {
  LaterNote note = note_of(unusual());
  note.subjects = {"flash-attn==2.8.3", "/wheels/a b.whl"};
  note.made_by = "wheelfit 0.1.0";
  note.made_at = "2026-11-21T15:00:00Z";
  const auto read = later_note_from_json(later_note_to_json(note));
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(*read, note);
  note.subjects.clear();
  note.bundle = "/opt/flash.bundle";
  note.bundle_sha256 = std::string(64, 'a');
  EXPECT_EQ(later_note_from_json(later_note_to_json(note)).value(), note);
}

TEST(LaterNote, ItsOptionsCountForTheRunThatFinishes) {
  const Settings settings = with_note({}, note_of(unusual()));
  EXPECT_EQ(settings.sources.trust, catalog::Trust::community);
  EXPECT_EQ(settings.rungs.fallback, "sdpa");
  EXPECT_EQ(settings.rungs.only, resolve::Rung::wheel);
  EXPECT_EQ(settings.proof.required, Proof::import);
  EXPECT_FALSE(settings.proof.verify);
  EXPECT_FALSE(settings.store.keep);
  EXPECT_TRUE(settings.environment.break_system_packages);
}

TEST(LaterNote, NothingOfAddressesIsKept) {
  Settings settings;
  settings.sources.index_url = "https://user:hunter2@index.example/simple/";
  settings.network.proxy = "http://user:hunter2@proxy.example";
  EXPECT_THAT(later_note_to_json(note_of(settings)), testing::Not(testing::HasSubstr("hunter2")));
}

TEST(LaterNote, WhatIsNoneIsRefused) {
  LaterNote note = note_of({});
  EXPECT_FALSE(later_note_from_json(later_note_to_json(note)));  // names nothing
  note.subjects = {"flash-attn"};
  note.bundle = "/b";
  EXPECT_FALSE(later_note_from_json(later_note_to_json(note)));  // names both
  EXPECT_FALSE(later_note_from_json("{"));
  EXPECT_FALSE(later_note_from_json("[]"));
  EXPECT_FALSE(later_note_from_json(R"({"schema_version": 2})"));
  EXPECT_FALSE(later_note_from_json(R"({"schema_version": 1, "subjects": 3})"));
}

}  // namespace
}  // namespace wheelfit::commands
