// SPDX-License-Identifier: Apache-2.0
#include "verify/verify.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "base/activity.hpp"
#include "base/embedded_data.hpp"
#include "python/record.hpp"
#include "system/files.hpp"
#include "verify/documents.hpp"
#include "verify/modules.hpp"

namespace wheelfit::verify {
namespace {

std::string embedded_script(std::string_view path) {
  for (const EmbeddedFile& file : embedded_files()) {
    if (file.path == path) return std::string(file.text);
  }
  throw Error(ErrorKind::internal, text("{} is missing in this executable", path));
}

std::vector<std::string> modules_of(const VerifyRequest& request) {
  if (!request.imports.empty()) return request.imports;
  const auto content = system::read_file_if_any(request.dist_info / "RECORD", 256U << 20U);
  if (!content) return {};
  const auto record = python::parse_record(*content);
  return record ? top_level_modules(*record) : std::vector<std::string>();
}

// -c, not a file: nothing has to be written. A crash, a time-out and an interpreter that cannot be started
// are all outcomes that the report shows.
system::ProcessResult run_script(const VerifyRequest& request, const std::string& script,
                                 const nlohmann::json& argument, system::ProcessRunner& processes) {
  system::Command command;
  command.arguments = {request.interpreter.string(), "-c", script, argument.dump()};
  command.timeout = request.timeout;
  try {
    return processes.run(command);
  } catch (const Error& error) {
    system::ProcessResult never_started;
    never_started.exit_code = 127;
    never_started.error = error.sentence().english();
    return never_started;
  }
}

void check_imports(const VerifyRequest& request, const std::vector<std::string>& modules,
                   system::ProcessRunner& processes, Report& report) {
  if (modules.empty() && !request.needs_torch) {
    report.not_proven.push_back(text("{} has no module that could be imported", request.distribution));
    return;
  }
  const nlohmann::json argument = {{"modules", modules}, {"torch_first", request.needs_torch}};
  read_imports(run_script(request, embedded_script("verify/imports.py"), argument, processes), modules,
               request.needs_torch, report);
}

void check_numbers(const VerifyRequest& request, system::ProcessRunner& processes, Report& report) {
  if (request.script.empty()) return;
  if (!report.imported) {
    report.not_proven.push_back("the numbers were not proven: an import failed");
  } else if (!request.use_gpu) {
    report.not_proven.push_back("the numbers were not proven: the GPU was not to be used");
  } else {
    const nlohmann::json argument = {{"module", request.module}, {"forward_only", request.forward_only}};
    read_attention(run_script(request, request.script, argument, processes), report);
  }
}

}  // namespace

Report verify(const VerifyRequest& request, system::ProcessRunner& processes, Reporter& reporter) {
  Report report;
  report.distribution = request.distribution;
  report.version = request.version;
  const Activity verifying(reporter, text("Verifying {} {}", request.distribution, request.version));
  report.checks = check_record(request.dist_info);
  report.failed = std::any_of(report.checks.begin(), report.checks.end(),
                              [](const Check& check) { return check.result == CheckResult::failed; });
  check_imports(request, modules_of(request), processes, report);
  check_numbers(request, processes, report);
  return report;
}

}  // namespace wheelfit::verify
