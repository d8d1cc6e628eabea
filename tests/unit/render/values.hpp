// SPDX-License-Identifier: Apache-2.0
// Hand-made values that the renderers' tests share.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "catalog/catalog.hpp"
#include "probe/environment.hpp"
#include "python/specifier.hpp"
#include "resolve/decision.hpp"

namespace wheelfit::test {

inline python::Version version(std::string_view text) { return python::Version::parse(text).value(); }

inline probe::Environment plain_environment() {
  probe::Environment environment;
  environment.origin = {"local", "VIRTUAL_ENV"};
  environment.interpreter.executable = {"/opt/venv/bin/python", "VIRTUAL_ENV"};
  environment.interpreter.kind = {"venv", "pyvenv.cfg"};
  environment.interpreter.version = {version("3.11.7"), "pyvenv.cfg"};
  environment.interpreter.platform = {"linux_x86_64", "ELF header"};
  environment.torch.installed = {true, "torch/version.py"};
  environment.torch.version = {version("2.6.0+cu124"), "torch/version.py"};
  environment.torch.build = {probe::TorchBuild::cuda, "torch/version.py"};
  environment.torch.cuda = {version("12.4"), "torch/version.py"};
  environment.torch.cxx11_abi = {false, "libc10.so"};
  environment.libc.glibc = {version("2.36"), "libc.so.6"};
  environment.accelerators.driver = {version("550.54.14"), "/proc/driver/nvidia/version"};
  environment.accelerators.driver_cuda = {version("12.4"), "libcuda.so.1"};
  probe::Gpu gpu{"NVIDIA H200", probe::ComputeCapability{9, 0}, "", 150'000'000'000};
  environment.accelerators.gpus = {{gpu, gpu}, "/proc/driver/nvidia/gpus"};
  return environment;
}

inline resolve::Judgement judgement(std::string name, std::string_view upstream, resolve::Verdict verdict,
                                    std::vector<Reason> reasons = {}) {
  catalog::Candidate wheel;
  wheel.name = std::move(name);
  wheel.source_id = "official";
  wheel.source = "official";
  wheel.trust = catalog::Trust::official;
  wheel.fields.version = version(upstream);
  wheel.fields.file.version = version(upstream);
  resolve::Judgement judged;
  judged.candidate = std::move(wheel);
  judged.verdict = verdict;
  judged.reasons = std::move(reasons);
  return judged;
}

inline Reason reason(ReasonCode code, Text text) { return {code, std::move(text), ""}; }

// A wheel that fits, two different refusals and one that repeats a refusal.
inline resolve::Decision fitting_decision() {
  resolve::Decision decision;
  decision.package = "flash-attn";
  const Reason torch =
      reason(ReasonCode::torch_minor, text("is made for torch {}, here is {}", "2.5", "2.6.0+cu124"));
  const Reason python =
      reason(ReasonCode::python_tag, text("is built for {}-{}, this Python is {}", "cp310", "cp310", "3.11"));
  resolve::Judgement best =
      judgement("flash_attn-2.7.4.post1+cu12torch2.6cxx11abiFALSE-cp311-cp311-linux_x86_64.whl",
                "2.7.4.post1", resolve::Verdict::fits);
  catalog::Candidate& wheel = best.candidate.edit();
  wheel.fields.torch = version("2.6");
  wheel.url = "https://user:secret@github.com/x/releases/download/v2.7.4.post1/" + wheel.name;
  wheel.size = 183'000'000;
  wheel.sha256 = std::string(64, 'a');
  decision.judgements = {best, judgement("near-1.whl", "2.7.4.post1", resolve::Verdict::refused, {torch}),
                         judgement("near-2.whl", "2.7.4.post1", resolve::Verdict::refused, {torch}),
                         judgement("far.whl", "2.5.3", resolve::Verdict::refused, {python}),
                         judgement("farther.whl", "2.5.3", resolve::Verdict::refused, {python, torch})};
  decision.chosen = {resolve::Rung::wheel, best, resolve::Proof::symbols};
  decision.ladder = {{resolve::Rung::installed, false, text("is not installed")},
                     {resolve::Rung::wheel, true, text("fits")},
                     {resolve::Rung::build, false, text("needs the word --build")}};
  decision.upstream_guess = {
      "https://github.com/x/releases/download/v2.8.3/flash_attn-2.8.3+cu12torch2.6.whl", false,
      text("pip would build it")};
  decision.forecast.download_bytes = 183'000'000;
  return decision;
}

inline resolve::Decision empty_decision() {
  resolve::Decision decision = fitting_decision();
  decision.judgements.erase(decision.judgements.begin());
  decision.chosen.reset();
  decision.forecast = {};
  decision.hints = {text("torch 2.5 would make 12 wheels fit")};
  return decision;
}

inline const std::vector<catalog::SourceStatus>& no_sources() {
  static const std::vector<catalog::SourceStatus> none;
  return none;
}

}  // namespace wheelfit::test
