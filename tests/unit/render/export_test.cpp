// SPDX-License-Identifier: Apache-2.0
#include "render/export.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace wheelfit::render {
namespace {

using testing::HasSubstr;
using testing::Not;

class Export : public testing::Test {
 protected:
  Export() {
    environment_.interpreter.version = {python::Version::parse("3.11.7").value(), "test"};
    environment_.torch.version = {python::Version::parse("2.6.0+cu124").value(), "test"};
    view_.wheels.push_back({"some-name", "1.2", "some_name-1.2+cu12-cp311-cp311-linux_x86_64.whl",
                            "https://user:secret@h.example/some_name-1.2%2Bcu12.whl", std::string(64, 'a'),
                            123});
  }
  probe::Environment environment_;
  ExportView view_{environment_, {}};
  const std::string pinned_ =
      "some-name @ https://h.example/some_name-1.2%2Bcu12.whl#sha256=" + std::string(64, 'a') + "\n";
};

TEST_F(Export, WordsAreThoseOfTheCommandLine) {
  for (const char* word : {"requirements", "constraints", "uv", "pylock", "conda", "dockerfile"}) {
    ASSERT_TRUE(export_format(word)) << word;
    EXPECT_EQ(to_string(*export_format(word)), word);
  }
  EXPECT_EQ(export_format("poetry"), std::nullopt);
}

TEST_F(Export, RequirementsHaveTheHashInTheAddressAndNoCredentials) {
  const std::string text = export_text(ExportFormat::requirements, view_);
  EXPECT_THAT(text, HasSubstr("for Python 3.11.7, torch 2.6.0+cu124\n"));
  EXPECT_THAT(text, testing::EndsWith("\n" + pinned_));
  EXPECT_THAT(text, Not(HasSubstr("--hash")));
}

TEST_F(Export, WhatTheWheelRequiresIsPinnedWithItsHashBeside) {
  view_.dependencies = {{"einops", "0.8.0", "einops-0.8.0-py3-none-any.whl", "https://h.example/e.whl",
                         std::string(64, 'b'), 7},
                        {"local-only", "1.0", "", "", "", 0}};
  const std::string pins = "einops==0.8.0  # sha256:" + std::string(64, 'b') + "\nlocal-only==1.0\n";
  EXPECT_THAT(export_text(ExportFormat::requirements, view_), testing::EndsWith(pinned_ + pins));
  EXPECT_THAT(export_text(ExportFormat::conda, view_), HasSubstr("    - local-only==1.0\n"));
  const std::string lock = export_text(ExportFormat::pylock, view_);
  EXPECT_THAT(lock, HasSubstr("name = \"einops\"\nversion = \"0.8.0\"\n"));
  EXPECT_THAT(lock, Not(HasSubstr("local-only")));
  const auto rows = export_json(ExportFormat::requirements, view_)["dependencies"];
  EXPECT_EQ(rows[0]["sha256"], std::string(64, 'b'));
  EXPECT_EQ(rows[1]["sha256"], nullptr);
}

TEST_F(Export, ADockerfileNamesEveryFileByItsHashTwice) {
  view_.wheels.front().imports = {"some_name"};
  view_.dependencies = {{"einops", "0.8.0", "einops-0.8.0-py3-none-any.whl", "https://h.example/e.whl",
                         std::string(64, 'b'), 7},
                        {"local-only", "1.0", "", "", "", 0}};
  const std::string text = export_text(ExportFormat::dockerfile, view_);
  EXPECT_THAT(text, testing::StartsWith("# syntax=docker/dockerfile:1\n"));
  const std::string hash = " --hash=sha256:" + std::string(64, 'a') + "\n";
  EXPECT_THAT(text, HasSubstr("some-name @ https://h.example/some_name-1.2%2Bcu12.whl" + hash));
  EXPECT_THAT(
      text,
      HasSubstr("some-name @ file:///wheelfit/wheels/some_name-1.2%2Bcu12-cp311-cp311-linux_x86_64.whl" +
                hash));
  EXPECT_THAT(text, HasSubstr("einops==0.8.0 --hash=sha256:" + std::string(64, 'b') + "\n"));
  EXPECT_THAT(text, HasSubstr("-c 'import torch, some_name'\n"));
  EXPECT_THAT(text,
              Not(testing::AnyOf(HasSubstr("secret"), HasSubstr("local-only"), HasSubstr("ENTRYPOINT"))));
}

TEST_F(Export, ADockerfileProvesAtTheStartWhatCanBeProven) {
  view_.wheels.front().module = "some_name";
  view_.wheels.front().start_proof = "print('{}')\n";
  const std::string text = export_text(ExportFormat::dockerfile, view_);
  EXPECT_THAT(text, HasSubstr("COPY <<'EOF' /usr/local/share/wheelfit/prove.py\nprint('{}')\nEOF\n"));
  EXPECT_THAT(text, HasSubstr("wheelfit verify some-name --require gpu"));
  EXPECT_THAT(text, HasSubstr("prove.py some_name >&2 || exit 2\n"));
  EXPECT_THAT(text, testing::EndsWith("ENTRYPOINT [\"/usr/local/bin/wheelfit-start\"]\n"));
}

TEST_F(Export, ConstraintsHoldTorchWhereItIs) {
  EXPECT_THAT(export_text(ExportFormat::constraints, view_), HasSubstr("\ntorch==2.6.0\n" + pinned_));
}

TEST_F(Export, CondaTakesItThroughPip) {
  EXPECT_THAT(export_text(ExportFormat::conda, view_),
              HasSubstr("dependencies:\n  - python=3.11\n  - pip\n  - pip:\n    - " + pinned_));
}

TEST_F(Export, TomlIsQuoted) {
  view_.wheels.front().file_name = "a\"b\\c\n.whl";
  EXPECT_THAT(export_text(ExportFormat::pylock, view_), HasSubstr("name = \"a\\\"b\\\\c\\u000A.whl\"\n"));
}

TEST_F(Export, WhatIsNotKnownIsLeftOut) {
  const probe::Environment nothing;
  const ExportView view{nothing, view_.wheels};
  EXPECT_THAT(export_text(ExportFormat::constraints, view), Not(HasSubstr("torch==")));
  EXPECT_THAT(export_text(ExportFormat::pylock, view), Not(HasSubstr("requires-python")));
  EXPECT_THAT(export_text(ExportFormat::conda, view), HasSubstr("  - python\n"));
}

TEST_F(Export, TheDocumentHoldsTheTextToo) {
  const auto document = export_json(ExportFormat::uv, view_);
  EXPECT_EQ(document["format"], "uv");
  EXPECT_EQ(document["packages"][0]["size"], 123);
  EXPECT_EQ(document["text"], export_text(ExportFormat::uv, view_));
}

}  // namespace
}  // namespace wheelfit::render
