// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <charconv>

#include <fmt/ranges.h>

#include "resolve/checks.hpp"

namespace wheelfit::resolve {

namespace {

struct Kernel {
  probe::ComputeCapability built_for;
  char suffix = 0;  // 'a': this very chip; 'f': this family; 0: any later minor
};

// "sm_90a" or, of PTX, "compute_90".
std::optional<Kernel> parse_kernel(const std::string& name) {
  constexpr std::string_view ptx = "compute_";
  const auto capability =
      probe::parse_compute_capability(name.starts_with(ptx) ? "sm_" + name.substr(ptx.size()) : name);
  if (!capability) return std::nullopt;
  const char last = name.back();
  return Kernel{*capability, last == 'a' || last == 'f' ? last : '\0'};
}

// SASS for X.y runs on X.z with z >= y; with 'a' on X.y alone.
bool sass_runs(const std::string& name, const probe::ComputeCapability& gpu) {
  const auto kernel = parse_kernel(name);
  if (!kernel || kernel->built_for.major != gpu.major) return false;
  return kernel->suffix == 'a' ? kernel->built_for.minor == gpu.minor : kernel->built_for.minor <= gpu.minor;
}

// PTX is compiled by the driver for any later GPU; with a suffix it is as bound as SASS.
bool ptx_runs(const std::string& name, const probe::ComputeCapability& gpu) {
  const auto kernel = parse_kernel(name);
  if (!kernel) return false;
  return kernel->suffix != 0 ? sass_runs(name, gpu) : kernel->built_for <= gpu;
}

// The kernels inside, by what is known, else by the architectures in the name.
struct DeviceCode {
  const std::vector<std::string>& sass;
  const std::vector<std::string>& ptx;
  std::string source;
};

std::optional<DeviceCode> device_code(const catalog::Candidate& candidate) {
  const catalog::WheelKnowledge& known = *candidate.knowledge;
  if (known.sass) return DeviceCode{known.sass->value, known.ptx, known.sass->source};
  if (candidate.fields.architectures.empty()) return std::nullopt;
  return DeviceCode{candidate.fields.architectures, known.ptx, "file name"};
}

bool covered(const DeviceCode& code, const probe::ComputeCapability& gpu) {
  const auto any = [&gpu](const std::vector<std::string>& names, auto runs) {
    return std::any_of(names.begin(), names.end(), [&](const std::string& name) { return runs(name, gpu); });
  };
  return any(code.sass, sass_runs) || any(code.ptx, ptx_runs);
}

}  // namespace

const catalog::GpuFloorRow* gpu_floor(const catalog::Recipe& recipe, const python::Version& version) {
  for (const catalog::GpuFloorRow& row : recipe.gpu_floors) {
    if (row.version.admits(version)) return &row;
  }
  return nullptr;
}

void check_gpus(const Question& question, Findings& findings) {
  const auto& gpus = question.environment.accelerators.gpus;
  if (!gpus || gpus->empty()) return;
  const catalog::GpuFloorRow* floor =
      question.recipe != nullptr ? gpu_floor(*question.recipe, question.candidate.fields.version) : nullptr;
  const std::optional<DeviceCode> code = device_code(question.candidate);

  std::vector<std::string> below;
  std::vector<std::string> without;
  std::size_t judged = 0;
  for (const probe::Gpu& gpu : *gpus) {
    if (!gpu.capability) continue;
    ++judged;
    if (floor != nullptr && *gpu.capability < probe::ComputeCapability{floor->major, floor->minor}) {
      below.push_back(gpu.capability->to_string());
    } else if (code && !covered(*code, *gpu.capability)) {
      without.push_back(gpu.capability->to_string());
    }
  }
  if (judged == 0) return;
  const bool none_left = below.size() + without.size() == judged;
  const auto say = [&](Text sentence, const std::string& source) {
    if (none_left)
      findings.refuse(ReasonCode::gpu_arch, std::move(sentence), source);
    else
      findings.doubt(ReasonCode::gpu_arch, std::move(sentence), source);
  };
  if (!below.empty()) {
    say(text("needs compute capability {}.{} or newer, here is {}", floor->major, floor->minor,
             fmt::to_string(fmt::join(below, ", "))),
        floor->source);
  }
  if (!without.empty()) {
    say(text("has kernels for {} only, none for {}", fmt::to_string(fmt::join(code->sass, ", ")),
             fmt::to_string(fmt::join(without, ", "))),
        code->source);
  }
}

void check_reputation(const Question& question, Findings& findings) {
  const catalog::WheelKnowledge& knowledge = *question.candidate.knowledge;
  if (knowledge.bad)
    findings.refuse(ReasonCode::known_bad, text("is known to be bad: {}", knowledge.bad->value),
                    knowledge.bad->source);
  if (knowledge.nightly) {
    findings.doubt(ReasonCode::nightly_built,
                   text("was built on the nightly torch {}, not on the release", knowledge.nightly->value),
                   knowledge.nightly->source);
  }
}

}  // namespace wheelfit::resolve
