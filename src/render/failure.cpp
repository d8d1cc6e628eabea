// SPDX-License-Identifier: Apache-2.0
#include "render/failure.hpp"

#include <nlohmann/json.hpp>

namespace wheelfit::render {
namespace {

std::string_view to_string(ErrorKind kind) noexcept {
  switch (kind) {
    case ErrorKind::usage:
      return "usage";
    case ErrorKind::refused:
      return "refused";
    case ErrorKind::unreachable:
      return "unreachable";
    case ErrorKind::machine:
      return "machine";
    case ErrorKind::internal:
      return "internal";
    case ErrorKind::interrupted:
      return "interrupted";
  }
  return "internal";
}

std::vector<std::string> english(const std::vector<Text>& sentences) {
  std::vector<std::string> all;
  for (const Text& sentence : sentences) all.push_back(sentence.english());
  return all;
}

}  // namespace

std::string error_text(const Error& error, const Style& style) {
  // A label and its sentence are one line here, so that logs can be searched for "error: ...".
  std::string page = painted(said(text("error"), style) + ":", Tone::bad, style) + " " +
                     said(error.sentence(), style) + "\n";
  for (const Text& doing : error.context()) {
    page += "  " + painted(said(text("while"), style) + " " + said(doing, style), Tone::dim, style) + "\n";
  }
  for (const Text& cure : error.cures()) {
    page += painted(said(text("hint"), style) + ":", Tone::good, style) + " " + said(cure, style) + "\n";
  }
  return page;
}

nlohmann::ordered_json error_json(const Error& error) {
  nlohmann::ordered_json document;
  document["schema_version"] = 1;
  auto& fields = document["error"];
  fields["kind"] = to_string(error.kind());
  fields["sentence"] = error.sentence().english();
  fields["context"] = english(error.context());
  fields["cures"] = english(error.cures());
  fields["code"] = error.code();
  fields["exit_code"] = static_cast<int>(exit_code_for(error.kind()));
  return document;
}

}  // namespace wheelfit::render
