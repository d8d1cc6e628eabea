// SPDX-License-Identifier: Apache-2.0
#include "pipcache/relabel.hpp"

#include <gmock/gmock.h>

#include "base/error.hpp"
#include "install/install.hpp"
#include "python/record.hpp"
#include "support/temp_dir.hpp"
#include "support/wheel_builder.hpp"
#include "system/files.hpp"
#include "system/zip.hpp"

namespace wheelfit::pipcache {
namespace {

using test::TempDir;
using test::WheelBuilder;

python::Version version(std::string_view text) { return python::Version::parse(text).value(); }

constexpr const char* label = "2.8.3+cu12torch2.4cxx11abiFALSE";

WheelBuilder labelled(const std::string& metadata_version = label) {
  WheelBuilder wheel("flash_attn", metadata_version);
  wheel.file("flash_attn/__init__.py", "__version__ = '2.8.3'\n");
  wheel.file("flash_attn_2_cuda.so", std::string(100000, 'x') + "not compressible", 0100755);
  wheel.metadata_line("Requires-Dist: torch");
  return wheel;
}

std::vector<system::ZipEntry> members(const std::filesystem::path& wheel) {
  return system::ZipReader(wheel).entries();
}

std::string member(const std::filesystem::path& wheel, const std::string& name) {
  system::ZipReader zip(wheel);
  return zip.read(zip.find(name).value());
}

TEST(RelabelledName, ReplacesVersionAndLabelAndNothingElse) {
  EXPECT_EQ(relabelled_name("flash_attn-2.8.3+cu12torch2.4cxx11abiFALSE-cp311-cp311-linux_x86_64.whl",
                            version("2.8.3")),
            "flash_attn-2.8.3-cp311-cp311-linux_x86_64.whl");
  EXPECT_EQ(relabelled_name("flash_attn-2.8.3.post1+cu.12.8-1build-cp311-cp311-linux_x86_64.whl",
                            version("2.8.3.post1")),
            "flash_attn-2.8.3.post1-1build-cp311-cp311-linux_x86_64.whl");
}

TEST(Relabel, MakesMetadataDirectoryAndRecordSayThePlainVersion) {
  const TempDir folder;
  const auto wheel = labelled().write_to(folder.path());
  const auto to = folder.path() / "new.whl";
  const Relabelled relabelled = relabel(wheel, wheel.filename().string(), version("2.8.3"), to);
  EXPECT_TRUE(relabelled.rewritten);
  EXPECT_EQ(relabelled.metadata_version, label);
  EXPECT_EQ(relabelled.file_name, "flash_attn-2.8.3-py3-none-any.whl");

  const install::WheelSummary summary = install::inspect_wheel(to, relabelled.file_name);
  EXPECT_EQ(summary.version, "2.8.3");
  EXPECT_THAT(summary.requires_dist, testing::ElementsAre("torch"));
  EXPECT_NO_THROW(install::check_hashes(to, relabelled.file_name));
  EXPECT_THAT(member(to, "flash_attn-2.8.3.dist-info/METADATA"), testing::HasSubstr("\nVersion: 2.8.3\n"));
  EXPECT_THAT(member(to, "flash_attn-2.8.3.dist-info/METADATA"), testing::Not(testing::HasSubstr("cu12")));
  const auto record = python::parse_record(member(to, "flash_attn-2.8.3.dist-info/RECORD"));
  for (const python::RecordEntry& row : record.value())
    EXPECT_THAT(row.path, testing::Not(testing::HasSubstr("cu12")));
}

TEST(Relabel, CopiesTheOtherMembersAsTheyAreCompressed) {
  const TempDir folder;
  const auto wheel = labelled().write_to(folder.path());
  relabel(wheel, wheel.filename().string(), version("2.8.3"), folder.path() / "new.whl");
  for (const system::ZipEntry& before : members(wheel)) {
    if (before.name.find(".dist-info/") != std::string::npos) continue;
    const auto after = members(folder.path() / "new.whl");
    EXPECT_THAT(after, testing::Contains(before)) << before.name;
  }
}

TEST(Relabel, GivesTheSameBytesEveryTime) {
  const TempDir folder;
  const auto wheel = labelled().write_to(folder.path());
  for (const char* name : {"one.whl", "two.whl"})
    relabel(wheel, wheel.filename().string(), version("2.8.3"), folder.path() / name);
  EXPECT_EQ(system::read_file(folder.path() / "one.whl"), system::read_file(folder.path() / "two.whl"));
}

TEST(Relabel, RenamesTheDataDirectoryAndLeavesOutSignatures) {
  const TempDir folder;
  WheelBuilder builder = labelled();
  builder.file(std::string("flash_attn-") + label + ".data/scripts/run", "#!python\n", 0100755);
  builder.unrecorded_file(builder.dist_info() + "/RECORD.jws", "{}");
  const auto wheel = builder.write_to(folder.path());
  const auto to = folder.path() / "new.whl";
  relabel(wheel, wheel.filename().string(), version("2.8.3"), to);
  std::vector<std::string> names;
  for (const system::ZipEntry& entry : members(to)) names.push_back(entry.name);
  EXPECT_THAT(names, testing::Contains("flash_attn-2.8.3.data/scripts/run"));
  EXPECT_THAT(names, testing::Not(testing::Contains(testing::HasSubstr("RECORD.jws"))));
  EXPECT_NO_THROW(install::check_hashes(to, "flash_attn-2.8.3-py3-none-any.whl"));
}

TEST(Relabel, LeavesAnOfficialWheelAlone) {
  const TempDir folder;
  const auto wheel = labelled("2.8.3").write_to(folder.path());
  const std::string name = std::string("flash_attn-") + label + "-cp311-cp311-linux_x86_64.whl";
  const Relabelled relabelled = relabel(wheel, name, version("2.8.3"), folder.path() / "new.whl");
  EXPECT_FALSE(relabelled.rewritten);
  EXPECT_EQ(relabelled.file_name, "flash_attn-2.8.3-cp311-cp311-linux_x86_64.whl");
  EXPECT_FALSE(std::filesystem::exists(folder.path() / "new.whl"));
}

TEST(Relabel, GivesALabelWhereOneIsAskedFor) {
  const TempDir folder;
  const auto wheel = labelled("2.8.3").write_to(folder.path());
  const auto to = folder.path() / "new.whl";
  const Relabelled relabelled = relabel(wheel, wheel.filename().string(), version("2.8.3+mine"), to);
  EXPECT_TRUE(relabelled.rewritten);
  EXPECT_EQ(install::inspect_wheel(to, relabelled.file_name).version, "2.8.3+mine");
}

TEST(Relabel, RefusesAnotherVersion) {
  const TempDir folder;
  const auto wheel = labelled().write_to(folder.path());
  try {
    relabel(wheel, wheel.filename().string(), version("2.8.2"), folder.path() / "new.whl");
    FAIL() << "taken";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), "version");
  }
}

}  // namespace
}  // namespace wheelfit::pipcache
