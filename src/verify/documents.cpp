// SPDX-License-Identifier: Apache-2.0
#include "verify/documents.hpp"

#include <cstring>
#include <optional>

#include <nlohmann/json.hpp>

namespace wheelfit::verify {
namespace {

using Json = nlohmann::json;

std::optional<Json> document_of(const system::ProcessResult& child) {
  const std::size_t end = child.output.find_last_not_of("\r\n");
  if (end == std::string::npos) return std::nullopt;
  const std::size_t start = child.output.rfind('\n', end);
  const std::string line = child.output.substr(start == std::string::npos ? 0 : start + 1, end + 1);
  Json document = Json::parse(line, nullptr, false);
  return document.is_object() ? std::optional(std::move(document)) : std::nullopt;
}

std::string string_at(const Json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

double number_at(const Json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_number() ? found->get<double>() : 0.0;
}

const Json& list_at(const Json& object, const char* key) {
  static const Json empty = Json::array();
  const auto found = object.find(key);
  return found != object.end() && found->is_array() ? *found : empty;
}

// "wheelfit: importing X" on standard error: the last one was under way.
std::string module_under_way(const std::string& error) {
  static constexpr std::string_view marker = "wheelfit: importing ";
  const std::size_t at = error.rfind(marker);
  if (at == std::string::npos) return {};
  const std::size_t start = at + marker.size();
  return error.substr(start, error.find('\n', start) - start);
}

void add(Report& report, std::string name, CheckResult result, Text detail) {
  report.failed = report.failed || result == CheckResult::failed;
  report.checks.push_back({std::move(name), result, std::move(detail)});
}

// True when the module came.
bool add_import(Report& report, const Json& module) {
  const bool imported = module.value("imported", Json()) == true;
  const std::string version = string_at(module, "version");
  Text detail =
      imported ? (version.empty() ? Text() : text("version {}", version)) : Text(string_at(module, "error"));
  add(report, "import " + string_at(module, "name"), imported ? CheckResult::passed : CheckResult::failed,
      std::move(detail));
  return imported;
}

CheckResult result_of(const Json& check) {
  const std::string result = string_at(check, "result");
  if (result == "passed") return CheckResult::passed;
  return result == "not_checked" ? CheckResult::not_checked : CheckResult::failed;
}

std::string last_line(const std::string& text_of_child) {
  const std::size_t end = text_of_child.find_last_not_of(" \r\n");
  if (end == std::string::npos) return {};
  const std::size_t start = text_of_child.rfind('\n', end);
  return text_of_child.substr(start == std::string::npos ? 0 : start + 1,
                              end - (start == std::string::npos ? 0 : start + 1) + 1);
}

}  // namespace

Text how_it_ended(const system::ProcessResult& child) {
  if (child.timed_out) return "it did not end within the time limit and was killed";
  if (child.signal) {
    const char* abbreviation = ::sigabbrev_np(*child.signal);
    const char* description = ::sigdescr_np(*child.signal);
    return text("the process crashed: it was ended by SIG{} ({})",
                abbreviation != nullptr ? abbreviation : "?",
                description != nullptr ? description : "unknown signal");
  }
  const std::string line = last_line(child.error);
  if (line.empty()) return text("the interpreter ended with status {}", child.exit_code.value_or(-1));
  return text("the interpreter ended with status {}: {}", child.exit_code.value_or(-1), line);
}

void read_imports(const system::ProcessResult& child, const std::vector<std::string>& modules,
                  bool torch_first, Report& report) {
  const auto document = document_of(child);
  if (!document) {
    const std::string module = module_under_way(child.error);
    const std::string named = !module.empty()    ? module
                              : !modules.empty() ? modules.front()
                                                 : std::string("torch");
    add(report, "import " + named, CheckResult::failed, how_it_ended(child));
    return;
  }
  bool all = true;
  if (torch_first) {
    const auto torch = document->find("torch");
    all = torch != document->end() && torch->is_object() && add_import(report, *torch);
  }
  std::size_t came = 0;
  for (const Json& module : list_at(*document, "modules"))
    came += module.is_object() && add_import(report, module) ? 1U : 0U;
  report.imported = all && came == modules.size();
}

void read_attention(const system::ProcessResult& child, Report& report) {
  const auto document = document_of(child);
  if (!document) {
    add(report, "attention", CheckResult::failed, how_it_ended(child));
    return;
  }
  report.gpu = string_at(*document, "gpu");
  const std::string reason = string_at(*document, "reason");
  if (!reason.empty()) {
    add(report, "attention", CheckResult::not_checked, Text(reason));
    report.not_proven.push_back(text("the numbers were not proven: {}", reason));
  }
  bool any = false;
  bool all = true;
  for (const Json& check : list_at(*document, "checks")) {
    if (!check.is_object()) continue;
    const CheckResult result = result_of(check);
    any = any || result == CheckResult::passed;
    all = all && result != CheckResult::failed;
    add(report, string_at(check, "name"), result, Text(string_at(check, "detail")));
  }
  report.computed = any && all;
  for (const Json& row : list_at(*document, "timings")) {
    if (!row.is_object()) continue;
    report.timings.push_back(
        {string_at(row, "shape"), number_at(row, "milliseconds"), number_at(row, "sdpa_milliseconds")});
  }
}

}  // namespace wheelfit::verify
