// SPDX-License-Identifier: Apache-2.0
#include "bundle/bundle_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.hpp"
#include "bundles.hpp"
#include "support/recording_reporter.hpp"
#include "system/files.hpp"
#include "system/zip_writer.hpp"

namespace wheelfit::bundle::test {
namespace {

namespace fs = std::filesystem;
using wheelfit::test::TempDir;

SilentReporter silent;

// Opens and unpacks; the code of what was refused, "" where all went well.
std::string code_of(const fs::path& file, const fs::path& into) {
  try {
    BundleReader reader(file);
    reader.unpack([&](const PackedFile& packed) { return into / packed.name; }, silent);
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::refused) << error.what();
    EXPECT_FALSE(error.cures().empty()) << error.what();
    return error.code();
  }
  return "";
}

// An archive of any members, the manifest's JSON first.
fs::path archive(const TempDir& folder, const Manifest& manifest, std::vector<system::StoredMember> members) {
  members.insert(members.begin(), {std::string(manifest_name), manifest_to_json(manifest), {}});
  system::write_zip(folder / "made.bundle", members);
  return folder / "made.bundle";
}

system::StoredMember member(const wheelfit::test::WheelBuilder& wheel) {
  return {std::string(wheels_folder) + wheel.file_name(), wheel.bytes(), {}};
}

TEST(Bundle, WhatWasPackedComesOut) {
  const TempDir folder;
  const TempDir out;
  const fs::path file = write_demo(folder, demo_manifest());
  EXPECT_TRUE(looks_like_bundle(file));
  EXPECT_EQ(BundleReader(file).manifest(), demo_manifest());
  EXPECT_EQ(code_of(file, out.path()), "");
  EXPECT_EQ(system::read_file(out / demo_wheel().file_name()), demo_wheel().bytes());
  EXPECT_EQ(system::read_file(out / needed_wheel().file_name()), needed_wheel().bytes());
}

TEST(Bundle, IsTheSameForTheSameInput) {
  const TempDir one;
  const TempDir other;
  EXPECT_EQ(system::read_file(write_demo(one, demo_manifest())),
            system::read_file(write_demo(other, demo_manifest())));
}

TEST(Bundle, IsRecognisedByItsFirstBytes) {
  const TempDir folder;
  const fs::path file = write_demo(folder, demo_manifest());
  fs::rename(file, folder / "another.name");
  EXPECT_TRUE(looks_like_bundle(folder / "another.name"));
  EXPECT_FALSE(looks_like_bundle(demo_wheel().write_to(folder.path())));
  EXPECT_FALSE(looks_like_bundle(folder / "nothing"));
  EXPECT_FALSE(looks_like_bundle(folder.path()));
}

TEST(Bundle, EveryPrefixIsRefused) {
  const TempDir folder;
  const std::string whole = system::read_file(write_demo(folder, demo_manifest()));
  for (std::size_t size = 0; size < whole.size(); size += 1 + size / 7) {
    const TempDir out;
    folder.write("cut.bundle", whole.substr(0, size));
    EXPECT_NE(code_of(folder / "cut.bundle", out.path()), "") << size << " of " << whole.size();
  }
}

TEST(Bundle, EveryFlippedByteOfTheWheelsIsRefused) {
  const TempDir folder;
  const std::string whole = system::read_file(write_demo(folder, demo_manifest()));
  const std::size_t first = whole.find(demo_wheel().bytes());
  ASSERT_NE(first, std::string::npos);
  for (std::size_t at = first; at < whole.size(); at += 13) {
    const TempDir out;
    std::string bytes = whole;
    bytes[at] = static_cast<char>(bytes[at] ^ 1);
    folder.write("bad.bundle", bytes);
    // A few bytes of the directory (times, attributes) mean nothing to anybody.
    if (code_of(folder / "bad.bundle", out.path()).empty()) {
      EXPECT_EQ(system::read_file(out / demo_wheel().file_name()), demo_wheel().bytes()) << at;
      EXPECT_EQ(system::read_file(out / needed_wheel().file_name()), needed_wheel().bytes()) << at;
    }
  }
}

TEST(Bundle, AnotherFileUnderAPromisedNameIsRefused) {
  const TempDir folder;
  const TempDir out;
  Manifest manifest = demo_manifest();
  manifest.files[1].sha256 = std::string(64, '0');
  EXPECT_EQ(code_of(write_demo(folder, manifest), out.path()), "sha256-mismatch");
}

TEST(Bundle, SizesThatLieAreRefusedBeforeAnythingIsWritten) {
  for (const std::uint64_t size : {std::uint64_t{1}, std::uint64_t{1} << 50U}) {
    const TempDir folder;
    const TempDir out;
    Manifest manifest = demo_manifest();
    manifest.files[0].size = size;
    EXPECT_EQ(code_of(write_demo(folder, manifest), out.path()), "bundle-content");
    EXPECT_TRUE(fs::is_empty(out.path()));
  }
}

TEST(Bundle, HoldsWhatItsManifestNamesAndNothingElse) {
  const TempDir out;
  const auto refused = [&](std::vector<system::StoredMember> members) {
    const TempDir folder;
    return code_of(archive(folder, demo_manifest(), std::move(members)), out.path());
  };
  EXPECT_EQ(refused({member(demo_wheel())}), "bundle-content");
  EXPECT_EQ(refused({}), "bundle-content");
  EXPECT_EQ(refused({member(needed_wheel()), member(demo_wheel())}), "bundle-content");
  EXPECT_EQ(refused({member(demo_wheel()), member(needed_wheel()), {"../../evil.py", "x", {}}}),
            "bundle-content");
  EXPECT_EQ(
      refused({{"wheels/../" + demo_wheel().file_name(), demo_wheel().bytes(), {}}, member(needed_wheel())}),
      "bundle-content");
  EXPECT_TRUE(fs::is_empty(out.path()));
}

TEST(Bundle, ALaterVersionIsNamedAsSuch) {
  const TempDir folder;
  const TempDir out;
  system::write_zip(folder / "later.bundle", {{std::string(manifest_name), R"({"schema_version": 7})", {}}});
  EXPECT_EQ(code_of(folder / "later.bundle", out.path()), "bundle-schema");
  system::write_zip(folder / "odd.bundle", {{std::string(manifest_name), "not JSON", {}}});
  EXPECT_EQ(code_of(folder / "odd.bundle", out.path()), "bundle-manifest");
  system::write_zip(folder / "zip.bundle", {{"something.json", "{}", {}}});
  EXPECT_EQ(code_of(folder / "zip.bundle", out.path()), "no-bundle");
}

TEST(Bundle, ANameThatIsThereTwiceIsRefused) {
  const TempDir folder;
  const TempDir out;
  std::string bytes = system::read_file(write_demo(folder, demo_manifest()));
  const std::string from = std::string(wheels_folder) + needed_wheel().file_name();
  const std::string to = std::string(wheels_folder) + demo_wheel().file_name();
  ASSERT_EQ(from.size(), to.size());
  for (std::size_t at = bytes.find(from); at != std::string::npos; at = bytes.find(from, at))
    bytes.replace(at, to.size(), to);
  folder.write("twice.bundle", bytes);
  EXPECT_EQ(code_of(folder / "twice.bundle", out.path()), "duplicate-name");
}

}  // namespace
}  // namespace wheelfit::bundle::test
