// SPDX-License-Identifier: Apache-2.0
#include "commands/console.hpp"

#include <nlohmann/json.hpp>

namespace wheelfit::commands {

void Console::show(const AsText& as_text, const AsJson& as_json) const {
  if (json) {
    output.document(as_json());
  } else {
    output.result(as_text());
  }
}

Results::Results(const Console& console)
    : console_(console),
      documents_(std::make_unique<nlohmann::ordered_json>(nlohmann::ordered_json::array())) {}

Results::~Results() = default;

void Results::add(const AsText& as_text, const AsJson& as_json) {
  if (console_.json)
    documents_->push_back(as_json());
  else
    console_.output.result(as_text());
}

void Results::end() {
  if (!console_.json) return;
  if (documents_->size() == 1) return console_.output.document(documents_->front());
  nlohmann::ordered_json document;
  document["schema_version"] = 1;
  document["results"] = *documents_;
  console_.output.document(document);
}

}  // namespace wheelfit::commands
