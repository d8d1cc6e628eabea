// SPDX-License-Identifier: Apache-2.0
#include "render/failure.hpp"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

namespace wheelfit::render {
namespace {

Error full_error() {
  Error error = Error(ErrorKind::unreachable, text("{} did not answer", "index.example"),
                      {"set HTTPS_PROXY", "wheelfit plan --offline"})
                    .with_code("offline");
  error.add_context("reading the listing");
  error.add_context("installing x.whl");
  return error;
}

TEST(ErrorText, NamesTheErrorItsContextAndTheCures) {
  EXPECT_EQ(error_text(full_error(), {}),
            "error: index.example did not answer\n"
            "  while installing x.whl\n"
            "  while reading the listing\n"
            "hint: set HTTPS_PROXY\n"
            "hint: wheelfit plan --offline\n");
}

TEST(ErrorText, IsOneLineWhereNothingElseIsKnown) {
  EXPECT_EQ(error_text(Error(ErrorKind::internal, "a fault"), {}), "error: a fault\n");
}

TEST(ErrorText, SaysTheSameInColour) {
  Style style;
  style.colour = true;
  EXPECT_EQ(error_text(Error(ErrorKind::internal, "a fault"), style), "\x1b[31merror:\x1b[0m a fault\n");
}

TEST(ErrorJson, HasEveryField) {
  EXPECT_EQ(error_json(full_error()), nlohmann::ordered_json::parse(R"({"schema_version": 1, "error": {
              "kind": "unreachable", "sentence": "index.example did not answer",
              "context": ["installing x.whl", "reading the listing"],
              "cures": ["set HTTPS_PROXY", "wheelfit plan --offline"], "code": "offline", "exit_code": 3}})"));
}

TEST(ErrorJson, NamesEveryKindAndItsExitCode) {
  const std::vector<std::tuple<ErrorKind, std::string, int>> kinds = {
      {ErrorKind::usage, "usage", 64},
      {ErrorKind::refused, "refused", 2},
      {ErrorKind::unreachable, "unreachable", 3},
      {ErrorKind::machine, "machine", 4},
      {ErrorKind::internal, "internal", 4},
      {ErrorKind::interrupted, "interrupted", 130}};
  for (const auto& [kind, name, code] : kinds) {
    const auto document = error_json(Error(kind, "x"));
    EXPECT_EQ(document["error"]["kind"], name);
    EXPECT_EQ(document["error"]["exit_code"], code);
  }
}

}  // namespace
}  // namespace wheelfit::render
