// SPDX-License-Identifier: Apache-2.0
#include "commands/subject.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.hpp"
#include "install/receipt.hpp"
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

TEST(Subject, AReceiptNamesItsWheelAndItsHash) {
  const test::TempDir folder;
  install::Receipt receipt;
  receipt.distribution = "demo";
  receipt.url = "https://h.example/demo-1.0%2Bcu12-py3-none-any.whl";
  receipt.wheel = "demo-1.0+cu12-py3-none-any.whl";
  receipt.sha256 = std::string(64, 'a');
  folder.write("WHEELFIT.json", install::receipt_to_json(receipt));
  const auto wheel = std::get<RemoteWheel>(parse_subject("WHEELFIT.json", folder.path()));
  EXPECT_EQ(wheel.url, receipt.url);
  EXPECT_EQ(wheel.file_name, receipt.wheel);
  EXPECT_EQ(wheel.sha256, receipt.sha256);
}

TEST(Subject, AReceiptWithoutAnAddressSaysSo) {
  const test::TempDir folder;
  install::Receipt receipt;
  receipt.distribution = "demo";
  receipt.wheel = "demo-1.0-py3-none-any.whl";
  folder.write("WHEELFIT.json", install::receipt_to_json(receipt));
  folder.write("other.json", "{}");
  EXPECT_THROW(parse_subject("WHEELFIT.json", folder.path()), Error);
  EXPECT_THROW(parse_subject("other.json", folder.path()), Error);
  EXPECT_THROW(parse_subject("nowhere.json", folder.path()), Error);
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
