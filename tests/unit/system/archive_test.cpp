// SPDX-License-Identifier: Apache-2.0
#include "system/archive.hpp"

#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.hpp"
#include "support/archive_builder.hpp"
#include "support/temp_dir.hpp"
#include "system/files.hpp"

namespace wheelfit::system {
namespace {

namespace fs = std::filesystem;
using test::ArchiveMember;
using test::Compression;
using test::make_tar;

constexpr ArchiveLimits roomy{1U << 24U, 1000};

class Memory final : public ByteSource {
 public:
  explicit Memory(std::string bytes) : bytes_(std::move(bytes)) {}
  std::uint64_t size() const override { return bytes_.size(); }
  void read(std::uint64_t offset, std::span<std::byte> into) override {
    if (fails) throw Error(ErrorKind::unreachable, text("the network is away"));
    std::ranges::copy(std::as_bytes(std::span(bytes_)).subspan(offset, into.size()), into.begin());
  }
  bool fails = false;

 private:
  std::string bytes_;
};

template <typename Function>
std::string code_of(const Function& function) {
  try {
    function();
  } catch (const Error& error) {
    return error.kind() == ErrorKind::refused ? error.code() : error.what();
  }
  return "none";
}

std::string unpacking(const std::vector<ArchiveMember>& members, const fs::path& to,
                      ArchiveLimits limits = roomy) {
  return code_of([&] {
    Memory memory(make_tar(members, Compression::zstd));
    ArchiveReader reader(memory, "a.tar.zst", limits);
    unpack_archive(reader, to);
  });
}

TEST(Archive, IsReadInEveryCompression) {
  const std::string big(700'000, 'x');
  for (const auto compression :
       {Compression::none, Compression::gzip, Compression::bzip2, Compression::xz, Compression::zstd}) {
    Memory memory(make_tar({{"a/b.txt", "hello"}, {"run", big, "", "", 0755}}, compression));
    ArchiveReader reader(memory, "a.tar", roomy);
    auto entry = reader.next();
    ASSERT_TRUE(entry);
    EXPECT_EQ(entry->name, "a/b.txt");
    EXPECT_EQ(entry->size, 5U);
    EXPECT_EQ(reader.read(), "hello");
    entry = reader.next();
    ASSERT_TRUE(entry);
    EXPECT_EQ(entry->mode, 0755U);
    EXPECT_EQ(reader.read(), big);
    EXPECT_FALSE(reader.next());
  }
}

TEST(Archive, GoesOverWhatWasNotRead) {
  Memory memory(make_tar({{"a", std::string(300'000, 'a')}, {"b", "b"}}, Compression::bzip2));
  ArchiveReader reader(memory, "a.tar", roomy);
  reader.next();
  ASSERT_TRUE(reader.next());
  EXPECT_EQ(reader.read(), "b");
}

TEST(Archive, NamesInAnyLanguage) {
  Memory memory(make_tar({{"目录/é", "x"}}, Compression::gzip));
  ArchiveReader reader(memory, "a.tar", roomy);
  const auto entry = reader.next();
  ASSERT_TRUE(entry);
  EXPECT_EQ(entry->name, "目录/é");
}

TEST(Archive, SaysWhatLinksAre) {
  Memory memory(make_tar({{"a", "x"}, {"s", "", "a"}, {"h", "", "", "a"}, {"d", "", "", "", 0755, 'd'}},
                         Compression::none));
  ArchiveReader reader(memory, "a.tar", roomy);
  reader.next();
  const auto symlink = reader.next();
  EXPECT_EQ(symlink->kind, ArchiveKind::symlink);
  EXPECT_EQ(symlink->link_target, "a");
  const auto hardlink = reader.next();
  EXPECT_EQ(hardlink->kind, ArchiveKind::hardlink);
  EXPECT_EQ(hardlink->link_target, "a");
  EXPECT_EQ(reader.next()->kind, ArchiveKind::directory);
}

TEST(Archive, RefusesWhatIsNone) {
  for (const std::string& bytes : {std::string("no archive at all"), std::string(),
                                   std::string("PK\x03\x04 a zip"), std::string(3000, 'x')}) {
    EXPECT_EQ(code_of([&] {
                Memory memory(bytes);
                ArchiveReader reader(memory, "a.tar", roomy);
                while (reader.next()) {
                }
              }),
              "not-an-archive")
        << bytes.substr(0, 20);
  }
}

TEST(Archive, RefusesWhatIsCutShort) {
  std::string noise;
  for (unsigned i = 0, state = 1; i < 1'500'000; ++i)
    noise += static_cast<char>((state = state * 1103515245U + 12345U) >> 16U);
  for (const auto compression :
       {Compression::none, Compression::gzip, Compression::bzip2, Compression::xz, Compression::zstd}) {
    std::string bytes = make_tar({{"a", "x"}, {"b", noise}}, compression);
    bytes.resize(bytes.size() * 2 / 3);
    EXPECT_EQ(code_of([&] {
                Memory memory(bytes);
                ArchiveReader reader(memory, "a.tar", roomy);
                while (reader.next()) reader.read();
              }),
              "corrupt")
        << static_cast<int>(compression);
  }
}

TEST(Archive, RefusesMoreThanTheLimits) {
  const test::TempDir folder;
  const std::vector<ArchiveMember> members{{"a", std::string(600, 'a')}, {"b", std::string(600, 'b')}};
  EXPECT_EQ(unpacking(members, folder / "1", {1200, 2}), "none");
  EXPECT_EQ(unpacking(members, folder / "2", {1199, 2}), "too-large");
  EXPECT_EQ(unpacking(members, folder / "3", {1200, 1}), "too-large");
}

TEST(Archive, TheSourcesFaultPassesThrough) {
  Memory memory(make_tar({{"a", std::string(900'000, 'x')}}, Compression::none));
  ArchiveReader reader(memory, "a.tar", roomy);
  reader.next();
  memory.fails = true;
  EXPECT_THAT(code_of([&] { reader.read(); }), testing::HasSubstr("the network is away"));
}

TEST(UnpackArchive, PutsEverythingInItsPlace) {
  const test::TempDir folder;
  const fs::path file = folder.write("a.tar.gz", make_tar({{"p/", "", "", "", 0755, 'd'},
                                                           {"./p/run", "#!", "", "", 0700},
                                                           {"p/deep/x", "x", "", "", 0600},
                                                           {"p/lib.so", "", "deep/x"},
                                                           {"p/up", "", "../p/run"},
                                                           {"p/same", "", "", "p/deep/x"}},
                                                          Compression::gzip));
  unpack_archive(file, folder / "out", roomy);
  EXPECT_EQ(read_file(folder / "out/p/run"), "#!");
  EXPECT_EQ(fs::status(folder / "out/p/run").permissions(), fs::perms(0755));
  EXPECT_EQ(fs::status(folder / "out/p/deep/x").permissions(), fs::perms(0644));
  EXPECT_EQ(fs::read_symlink(folder / "out/p/lib.so"), "deep/x");
  EXPECT_EQ(read_file(folder / "out/p/up"), "#!");
  EXPECT_EQ(read_file(folder / "out/p/same"), "x");
}

TEST(UnpackArchive, RefusesNamesThatLeadOutside) {
  const test::TempDir folder;
  const fs::path to = folder / "out";
  EXPECT_EQ(unpacking({{"../evil", "x"}}, to), "unsafe-name");
  EXPECT_EQ(unpacking({{"/tmp/evil", "x"}}, to), "unsafe-name");
  EXPECT_EQ(unpacking({{"a/../../evil", "x"}}, to), "unsafe-name");
  EXPECT_EQ(unpacking({{"a\\..\\evil", "x"}}, to), "unsafe-name");
  EXPECT_EQ(unpacking({{"..", "", "", "", 0755, 'd'}}, to), "unsafe-name");
  EXPECT_FALSE(fs::exists(folder / "evil"));
}

TEST(UnpackArchive, RefusesLinksThatLeadOutside) {
  const test::TempDir folder;
  folder.write("secret", "s");
  int number = 0;
  const auto code = [&](const std::vector<ArchiveMember>& members) {
    return unpacking(members, folder / std::to_string(++number));
  };
  EXPECT_EQ(code({{"l", "", "../secret"}}), "unsafe-link");
  EXPECT_EQ(code({{"l", "", "/etc/passwd"}}), "unsafe-link");
  EXPECT_EQ(code({{"l", "", "", "../secret"}}), "unsafe-link");
  EXPECT_EQ(code({{"l", "", "", "not-there"}}), "unsafe-link");
  // Each looks harmless: a/b is the folder itself, and a/b/.. is above it.
  EXPECT_EQ(code({{"a/b", "", ".."}, {"c", "", "a/b/.."}}), "unsafe-link");
  EXPECT_EQ(code({{"c", "", "a/b/.."}, {"a/b", "", ".."}}), "unsafe-link");
  EXPECT_EQ(code({{"l", "", "l"}}), "unsafe-link");
}

TEST(UnpackArchive, WritesThroughNoLink) {
  const test::TempDir folder;
  EXPECT_EQ(unpacking({{"l", "", "sub"}, {"l/evil", "x"}}, folder / "1"), "unsafe-name");
  EXPECT_EQ(unpacking({{"l/evil", "x"}, {"l", "", "sub"}}, folder / "2"), "duplicate-name");
  EXPECT_EQ(unpacking({{"l", "", "sub"}, {"l", "x"}}, folder / "3"), "duplicate-name");
}

TEST(UnpackArchive, RefusesTheSameNameTwiceAndDevices) {
  const test::TempDir folder;
  EXPECT_EQ(unpacking({{"a", "1"}, {"./a", "2"}}, folder / "1"), "duplicate-name");
  EXPECT_EQ(unpacking({{"p", "", "", "", 0644, 'p'}}, folder / "2"), "unsafe-kind");
}

}  // namespace
}  // namespace wheelfit::system
