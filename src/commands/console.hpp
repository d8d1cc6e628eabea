// SPDX-License-Identifier: Apache-2.0
// Where a verb puts its results and what it says on the way.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include <nlohmann/json_fwd.hpp>

#include "render/output.hpp"
#include "render/progress_reporter.hpp"
#include "render/style.hpp"

namespace wheelfit::commands {

using AsText = std::function<std::string()>;
using AsJson = std::function<nlohmann::ordered_json()>;

struct Console {
  render::Output& output;
  render::ProgressReporter& report;
  render::Style style;
  bool json = false;

  // One result, as a document or as text, whichever was asked for; only that one is made.
  void show(const AsText& as_text, const AsJson& as_json) const;
};

// Several results of one run. Text is shown as it comes; documents are gathered, so that there is one in the
// end: a single result as it is, more as {"schema_version": 1, "results": [...]}.
class Results {
 public:
  explicit Results(const Console& console);
  ~Results();
  Results(const Results&) = delete;
  Results& operator=(const Results&) = delete;

  void add(const AsText& as_text, const AsJson& as_json);
  void end();

 private:
  const Console& console_;
  std::unique_ptr<nlohmann::ordered_json> documents_;
};

}  // namespace wheelfit::commands
