// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <fmt/ranges.h>

#include "resolve/checks.hpp"

namespace wheelfit::resolve {

namespace {

std::string this_python(const probe::Interpreter& interpreter) {
  std::string name = interpreter.version ? interpreter.version->to_string() : std::string("unknown");
  if (interpreter.free_threaded && *interpreter.free_threaded) name += " (free-threaded)";
  return name;
}

std::string this_platform(const probe::Environment& environment) {
  std::string name = environment.interpreter.platform ? *environment.interpreter.platform : "unknown";
  if (environment.libc.musl) name += " with musl " + environment.libc.musl->to_string();
  return name;
}

void refuse_by_tag(const Question& question, const python::TagVerdict& verdict, Findings& findings) {
  const python::WheelFilename& file = question.candidate.fields.file;
  switch (*verdict.mismatch) {
    case python::TagMismatch::python:
    case python::TagMismatch::abi:
      findings.refuse(
          ReasonCode::python_tag,
          text("is built for {}-{}, this Python is {}", fmt::to_string(fmt::join(file.python_tags, ".")),
               fmt::to_string(fmt::join(file.abi_tags, ".")), this_python(question.environment.interpreter)));
      return;
    case python::TagMismatch::platform:
      findings.refuse(ReasonCode::platform,
                      text("is built for {}, this is {}", fmt::to_string(fmt::join(file.platform_tags, ".")),
                           this_platform(question.environment)));
      return;
    case python::TagMismatch::libc:
      if (question.environment.libc.musl) {
        findings.refuse(ReasonCode::glibc, text("needs glibc, this system has musl {}",
                                                question.environment.libc.musl->to_string()));
      } else if (verdict.needs_glibc && question.environment.libc.glibc) {
        findings.refuse(ReasonCode::glibc,
                        text("needs glibc {}.{}, here is {}", verdict.needs_glibc->first,
                             verdict.needs_glibc->second, question.environment.libc.glibc->to_string()));
      } else {
        findings.refuse(ReasonCode::glibc, text("needs another C library than this system has"));
      }
      return;
  }
}

// A verdict names the nearest miss only; a wheel for another Python may be for another machine as well.
void check_platform_alone(const Question& question, Findings& findings) {
  const python::TagVerdict& verdict = question.tags.any_python;
  if (!verdict.compatible && verdict.mismatch) refuse_by_tag(question, verdict, findings);
}

}  // namespace

void check_tags(const Question& question, Findings& findings) {
  const python::TagVerdict& verdict = question.tags.here;
  if (!verdict.compatible && verdict.mismatch) refuse_by_tag(question, verdict, findings);
  if (verdict.mismatch == python::TagMismatch::python || verdict.mismatch == python::TagMismatch::abi) {
    check_platform_alone(question, findings);
  }

  const auto& wanted = question.candidate.requires_python;
  const auto& version = question.environment.interpreter.version;
  if (wanted && version && !wanted->admits(*version)) {
    findings.refuse(ReasonCode::requires_python,
                    text("requires Python {}, this is {}", wanted->to_string(), version->to_string()));
  }
}

void check_libc(const Question& question, Findings& findings) {
  const auto already = [](const Reason& reason) {
    return reason.code == ReasonCode::glibc || reason.code == ReasonCode::platform;
  };
  if (std::any_of(findings.refusals.begin(), findings.refusals.end(), already)) return;

  const python::TagSet& platforms = question.candidate.fields.file.platform_tags;
  const bool plain_linux = std::any_of(platforms.begin(), platforms.end(),
                                       [](const std::string& tag) { return tag.starts_with("linux_"); });
  const probe::LibC& libc = question.environment.libc;
  if (plain_linux && libc.musl) {
    findings.refuse(ReasonCode::glibc, text("needs glibc, this system has musl {}", libc.musl->to_string()));
    return;
  }
  const auto& needed = question.candidate.knowledge->glibc;
  if (!needed || !libc.glibc || *libc.glibc >= needed->value) return;
  if (question.candidate.knowledge->glibc_certain) {
    findings.refuse(ReasonCode::glibc,
                    text("needs glibc {}, here is {}", needed->value.to_string(), libc.glibc->to_string()),
                    needed->source);
  } else {
    findings.doubt(ReasonCode::glibc,
                   text("was built on glibc {} and may need it, here is {}", needed->value.to_string(),
                        libc.glibc->to_string()),
                   needed->source);
  }
}

}  // namespace wheelfit::resolve
