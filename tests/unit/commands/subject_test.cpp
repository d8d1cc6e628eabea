// SPDX-License-Identifier: Apache-2.0
#include "commands/subject.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.hpp"
#include "support/temp_dir.hpp"

namespace wheelfit::commands {
namespace {

using testing::ElementsAre;

TEST(Subject, ARequirementIsOne) {
  const Subject subject = parse_subject("Flash_Attn==2.6.3", "/");
  const auto& requirement = std::get<python::Requirement>(subject);
  EXPECT_EQ(requirement.name, "Flash_Attn");
  EXPECT_EQ(requirement.specifiers.to_string(), "==2.6.3");
}

TEST(Subject, AFileIsFoundFromTheCurrentDirectory) {
  const test::TempDir folder;
  folder.write("demo-1.0-py3-none-any.whl", "");
  const Subject subject = parse_subject("demo-1.0-py3-none-any.whl", folder.path());
  EXPECT_EQ(std::get<LocalWheel>(subject).path, folder / "demo-1.0-py3-none-any.whl");
}

TEST(Subject, AFileThatIsNotThereIsWrongUsage) {
  try {
    parse_subject("demo-1.0-py3-none-any.whl", "/nowhere");
    FAIL() << "nothing was thrown";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::usage);
    EXPECT_EQ(error.sentence().english(), "there is no file demo-1.0-py3-none-any.whl");
  }
}

TEST(Subject, AnAddressIsDecodedAndItsHashKept) {
  const Subject subject =
      parse_subject("https://h.example/a/demo-1.0%2Bcu12-py3-none-any.whl?x=1#sha256=abc&y=2", "/");
  const auto& wheel = std::get<RemoteWheel>(subject);
  EXPECT_EQ(wheel.url, "https://h.example/a/demo-1.0%2Bcu12-py3-none-any.whl?x=1");
  EXPECT_EQ(wheel.file_name, "demo-1.0+cu12-py3-none-any.whl");
  EXPECT_EQ(wheel.sha256, "abc");
}

TEST(Subject, ADirectReferenceIsAnAddress) {
  const Subject subject = parse_subject("demo @ https://h.example/demo-1.0-py3-none-any.whl", "/");
  EXPECT_EQ(std::get<RemoteWheel>(subject).file_name, "demo-1.0-py3-none-any.whl");
}

TEST(Subject, AnAddressThatIsNoWheelIsRefused) {
  EXPECT_THROW(parse_subject("https://h.example/demo-1.0.tar.gz", "/"), Error);
  EXPECT_THROW(parse_subject("==2.0", "/"), Error);
}

TEST(Subject, PercentCodingGoesBothWays) {
  EXPECT_EQ(percent_encoded_path("/a b/demo-1.0+cu12-\xc3\xa9.whl"), "/a%20b/demo-1.0%2Bcu12-%C3%A9.whl");
  EXPECT_EQ(percent_decoded(percent_encoded_path("/a b/%2B+\xc3\xa9")), "/a b/%2B+\xc3\xa9");
  EXPECT_EQ(percent_decoded("100%"), "100%");
}

TEST(RequirementsFile, NamesAreTakenAndOptionsSkipped) {
  const test::TempDir folder;
  const auto file =
      folder.write("requirements.txt",
                   "# comment\n--index-url https://index.example/simple\n\nnumpy # why\n"
                   "demo==1.0 \\\n    --hash=sha256:abc\n-r other.txt\nother>=2 ; python_version > '3'\n");
  EXPECT_THAT(read_requirements_file(file),
              ElementsAre("numpy", "demo==1.0", "other>=2 ; python_version > '3'"));
  EXPECT_THROW(read_requirements_file(folder / "missing.txt"), Error);
}

}  // namespace
}  // namespace wheelfit::commands
