// SPDX-License-Identifier: Apache-2.0
#include "system/zip.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.hpp"
#include "support/temp_dir.hpp"
#include "zip_builder.hpp"

namespace wheelfit::system {
namespace {

std::string varied(std::size_t size) {
  std::string text;
  std::uint32_t state = 1;
  while (text.size() < size) {
    state = state * 1664525U + 1013904223U;
    text += std::to_string(state >> 20U) + (state % 7 == 0 ? "\n" : " ");
  }
  text.resize(size);
  return text;
}

std::string text_of(const std::vector<std::byte>& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

class Zip : public testing::Test {
 protected:
  ZipReader open(const std::vector<ZipMember>& members) { return open_bytes(zip_bytes(members)); }
  ZipReader open_bytes(const std::string& bytes) { return ZipReader(directory_.write("a.whl", bytes)); }

  // The code of the Error that `action` throws; "" when it throws none.
  template <typename Action>
  std::string code_of(Action action) {
    try {
      action();
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::refused);
      EXPECT_THAT(error.sentence().english(), testing::HasSubstr("a.whl"));
      return error.code();
    }
    return "";
  }
  std::string code_of_extracting(const std::vector<ZipMember>& members) {
    return code_of([&] {
      ZipReader reader = open(members);
      reader.extract(0, [](auto) {});
    });
  }

  test::TempDir directory_;
};

TEST_F(Zip, ListsEntriesInDirectoryOrder) {
  const ZipReader reader = open({{.name = "b.py", .content = "print()"}, {.name = "a/c.py", .content = ""}});
  ASSERT_EQ(reader.entries().size(), 2U);
  EXPECT_EQ(reader.entries()[0].name, "b.py");
  EXPECT_EQ(reader.entries()[0].size, 7U);
  EXPECT_EQ(reader.entries()[0].method, 8);
  EXPECT_EQ(reader.entries()[1].name, "a/c.py");
  EXPECT_EQ(reader.find("a/c.py"), 1U);
  EXPECT_EQ(reader.find("none"), std::nullopt);
}

TEST_F(Zip, ReadsStoredAndDeflatedEntries) {
  const std::string long_text = varied(700'000);  // several buffers
  ZipReader reader = open({{.name = "stored", .content = long_text, .deflated = false},
                           {.name = "deflated", .content = long_text},
                           {.name = "empty", .content = ""}});
  EXPECT_EQ(reader.read(0), long_text);
  EXPECT_EQ(reader.read(1), long_text);
  EXPECT_EQ(reader.read(2), "");
  EXPECT_EQ(reader.read(1), long_text) << "an entry can be read again";
}

TEST_F(Zip, HandsOutPiecesOfBoundedSize) {
  ZipReader reader = open({{.name = "zeros", .content = std::string(5'000'000, '\0')}});
  std::size_t largest = 0;
  reader.extract(0, [&](std::span<const std::byte> piece) { largest = std::max(largest, piece.size()); });
  EXPECT_LE(largest, 256U * 1024U);
  EXPECT_GT(reader.entries()[0].size, 200 * reader.entries()[0].compressed_size)
      << "the ratio is there to see";
}

TEST_F(Zip, ReadsZip64Fields) {
  ZipReader reader = open({{.name = "big", .content = "small after all", .zip64 = true}});
  EXPECT_EQ(reader.entries()[0].size, 15U);
  EXPECT_EQ(reader.read(0), "small after all");
}

TEST_F(Zip, TellsModes) {
  const ZipReader reader = open({{.name = "link", .content = "/etc/passwd", .unix_mode = 0120777},
                                 {.name = "script", .content = "#!", .unix_mode = 0100755},
                                 {.name = "plain", .content = "x", .unix_mode = 0100644},
                                 {.name = "folder/", .content = "", .deflated = false, .unix_mode = 040755}});
  EXPECT_TRUE(reader.entries()[0].is_symlink());
  EXPECT_TRUE(reader.entries()[1].is_executable());
  EXPECT_FALSE(reader.entries()[2].is_executable());
  EXPECT_FALSE(reader.entries()[2].is_symlink());
  EXPECT_TRUE(reader.entries()[3].is_directory());
  EXPECT_FALSE(reader.entries()[3].is_executable());
}

TEST_F(Zip, RefusesDuplicateNames) {
  const std::vector<ZipMember> members{
      {.name = "one", .content = "1"}, {.name = "twice", .content = "2"}, {.name = "twice", .content = "3"}};
  EXPECT_EQ(code_of([&] { open(members); }), "duplicate-name");
  const ZipReader unchecked(directory_ / "a.whl", ZipChecks::reopened);
  EXPECT_EQ(unchecked.entries().size(), 3U);
}

TEST_F(Zip, RefusesWhatIsNotAZip) {
  EXPECT_EQ(code_of([&] { open_bytes("<html>404</html>"); }), "not-a-zip");
  EXPECT_EQ(code_of([&] { open_bytes(""); }), "not-a-zip");
}

TEST_F(Zip, RefusesATruncatedFile) {
  const std::string whole = zip_bytes({{.name = "a", .content = varied(50'000)}});
  EXPECT_EQ(code_of([&] { open_bytes(whole.substr(0, whole.size() / 2)); }), "truncated");
  EXPECT_EQ(code_of([&] { open_bytes(whole.substr(0, whole.size() - 10)); }), "truncated");
}

TEST_F(Zip, RefusesALocalHeaderWithAnotherName) {
  EXPECT_EQ(code_of([&] { open({{.name = "good.py", .content = "x", .local_name = "evil.py"}}); }),
            "headers-disagree");
}

TEST_F(Zip, RefusesALocalHeaderWithAnotherSize) {
  EXPECT_EQ(code_of([&] { open({{.name = "a", .content = "xyz", .local_size_claimed = 2}}); }),
            "headers-disagree");
}

// libzip says then that there is no such file; it is the archive's fault, not the machine's.
TEST_F(Zip, RefusesAnOffsetThatIsSaidToStandInAZip64FieldThatIsNotThere) {
  std::string bytes = zip_bytes({{.name = "a", .content = "x"}});
  const std::size_t entry = bytes.rfind("PK\x01\x02");
  bytes.replace(entry + 42, 4, "\xff\xff\xff\xff");
  EXPECT_EQ(code_of([&] { open_bytes(bytes); }), "headers-disagree");
}

TEST_F(Zip, RefusesADirectoryThatPointsOutsideTheFile) {
  std::string bytes = zip_bytes({{.name = "a", .content = "x"}});
  bytes[bytes.size() - 6] = '\x7f';  // the directory's offset
  EXPECT_THAT(code_of([&] { open_bytes(bytes); }), testing::AnyOf("headers-disagree", "truncated"));
}

TEST_F(Zip, RefusesAWrongCrc) {
  EXPECT_EQ(code_of_extracting({{.name = "a", .content = "content", .crc_claimed = 1}}), "corrupt");
  EXPECT_EQ(code_of_extracting({{.name = "a", .content = "content", .deflated = false, .crc_claimed = 1}}),
            "corrupt");
}

TEST_F(Zip, RefusesMoreDataThanPromisedBeforeHandingItOut) {
  const std::vector<ZipMember> bomb{
      {.name = "a", .content = std::string(3'000'000, 'x'), .size_claimed = 10}};
  std::size_t handed_out = 0;
  EXPECT_EQ(code_of([&] { open(bomb).extract(0, [&](auto piece) { handed_out += piece.size(); }); }),
            "corrupt");
  EXPECT_LE(handed_out, 10U);
}

TEST_F(Zip, RefusesLessDataThanPromised) {
  EXPECT_EQ(code_of_extracting({{.name = "a", .content = "content", .size_claimed = 100}}), "corrupt");
}

TEST_F(Zip, RefusesDataThatIsNotDeflate) {
  EXPECT_EQ(code_of_extracting({{.name = "a", .content = "content", .raw_data = std::string(50, '\xff')}}),
            "corrupt");
}

TEST_F(Zip, RefusesDataThatEndsInMidStream) {
  const std::string stored_block_header(
      "\x00\x10\x00\xef\xff"
      "abc",
      8);  // promises 16 bytes
  EXPECT_EQ(
      code_of_extracting({{.name = "a", .content = "0123456789abcdef", .raw_data = stored_block_header}}),
      "corrupt");
}

TEST_F(Zip, RefusesEncryptedEntries) {
  const std::vector<ZipMember> secret{{.name = "a", .content = "content", .flags = 1}};
  EXPECT_TRUE(open(secret).entries()[0].encrypted);
  EXPECT_EQ(code_of_extracting(secret), "encrypted");
}

TEST_F(Zip, RefusesOtherMethods) {
  EXPECT_EQ(code_of_extracting({{.name = "a", .content = "content", .method_claimed = 12}}), "compression");
}

TEST_F(Zip, ReadRefusesMoreThanItsLimit) {
  EXPECT_EQ(code_of([&] { open({{.name = "a", .content = varied(5000)}}).read(0, 4999); }), "corrupt");
}

TEST_F(Zip, PassesOnWhatTheSinkThrows) {
  ZipReader reader = open({{.name = "a", .content = "content"}});
  EXPECT_THROW(reader.extract(0, [](auto) { throw std::runtime_error("full"); }), std::runtime_error);
  EXPECT_EQ(reader.read(0), "content") << "and stays usable";
}

TEST_F(Zip, SaysThatAMissingFileCannotBeRead) {
  try {
    ZipReader reader(directory_ / "missing.whl");
    FAIL() << "must throw";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::machine);
    EXPECT_THAT(error.sentence().english(), testing::HasSubstr("No such file"));
  }
}

TEST_F(Zip, SurvivesEveryDamagedByte) {
  const std::string whole =
      zip_bytes({{.name = "a.py", .content = varied(300)}, {.name = "b", .content = "b", .deflated = false}});
  for (std::size_t at = 0; at < whole.size(); ++at) {
    std::string damaged = whole;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x55);
    code_of([&] {
      ZipReader reader = open_bytes(damaged);
      for (std::size_t index = 0; index < reader.entries().size(); ++index)
        reader.extract(index, [](auto) {});
    });
  }
}

TEST_F(Zip, ReadsNoMoreThanTheBeginningThatIsAskedFor) {
  const std::string long_text = varied(700'000);
  ZipReader reader = open({{.name = "stored", .content = long_text, .deflated = false},
                           {.name = "deflated", .content = long_text},
                           {.name = "short", .content = "abc"}});
  for (const std::size_t index : {0U, 1U})
    for (const std::size_t wanted : {0U, 1U, 4096U, 300'000U, 700'000U, 800'000U})
      EXPECT_EQ(text_of(reader.read_beginning(index, wanted)), long_text.substr(0, wanted)) << wanted;
  EXPECT_EQ(text_of(reader.read_beginning(2, 100)), "abc");
}

TEST_F(Zip, ABeginningDoesNotSeeDamageBehindIt) {
  const std::vector<ZipMember> wrong_crc{{.name = "a", .content = varied(5000), .crc_claimed = 1}};
  EXPECT_EQ(open(wrong_crc).read_beginning(0, 100).size(), 100U);
  EXPECT_EQ(code_of([&] { (void)open(wrong_crc).read_beginning(0, 5000); }), "corrupt");
  const std::vector<ZipMember> bomb{{.name = "a", .content = std::string(90'000, 'x'), .size_claimed = 10}};
  EXPECT_EQ(code_of([&] { (void)open(bomb).read_beginning(0, 90'000); }), "corrupt");
  const std::vector<ZipMember> no_deflate{{.name = "a", .content = "x", .raw_data = std::string(50, '\xff')}};
  EXPECT_EQ(code_of([&] { (void)open(no_deflate).read_beginning(0, 1); }), "corrupt");
}

}  // namespace
}  // namespace wheelfit::system
