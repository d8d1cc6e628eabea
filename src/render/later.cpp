// SPDX-License-Identifier: Apache-2.0
#include "render/later.hpp"

#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include "render/json_fields.hpp"
#include "render/page.hpp"
#include "render/plan_command.hpp"

namespace wheelfit::render {
namespace {

const char* word_of(LaterOutcome outcome) {
  switch (outcome) {
    case LaterOutcome::left:
      return "left-for-later";
    case LaterOutcome::waiting:
      return "waiting";
    case LaterOutcome::nothing:
      return "nothing-to-do";
  }
  return "";
}

std::string in_shell(const std::vector<std::string>& command) {
  std::string line;
  for (const std::string& word : command) line += (line.empty() ? "" : " ") + shell_quoted(word);
  return line;
}

}  // namespace

std::string entry_point(const std::vector<std::string>& command) {
  const nlohmann::json form{"/bin/sh", "-c", in_shell(command) + " >&2 && exec \"$@\"", "start"};
  std::string words;
  for (const auto& word : form) words += (words.empty() ? "" : ", ") + word.dump();
  return "ENTRYPOINT [" + words + "]";
}

std::string later_text(const LaterView& view, const Style& style) {
  Page page(style);
  const std::string what = fmt::format("{}", fmt::join(view.subjects, " "));
  switch (view.outcome) {
    case LaterOutcome::left:
      page.line(said(text("Left for the first start on a machine with a GPU: {}", what), style), Tone::good);
      page.blank();
      page.field(text("note"), view.note.string());
      page.field(text("there"), in_shell(view.command), Tone::strong);
      page.blank();
      page.verbatim(entry_point(view.command), Tone::strong);
      break;
    case LaterOutcome::waiting:
      page.line(said(text("No GPU is here: {} waits for a machine that has one", what), style),
                Tone::doubtful);
      page.blank();
      page.field(text("note"), view.note.string());
      page.field(text("hint"), said(text("was the container started without its GPUs?"), style));
      page.under("wheelfit install --finish --require import", Tone::good);
      break;
    case LaterOutcome::nothing:
      page.line(said(text("Nothing was left for later here: there is nothing to do"), style), Tone::good);
      break;
  }
  return page.text();
}

nlohmann::ordered_json later_json(const LaterView& view) {
  nlohmann::ordered_json document;
  document["schema_version"] = 1;
  document["outcome"] = word_of(view.outcome);
  document["subjects"] = view.subjects;
  document["note"] = view.note.string();
  document["command"] = view.command;
  document["entry_point"] = or_null(view.command.empty() ? std::string() : entry_point(view.command));
  return document;
}

}  // namespace wheelfit::render
