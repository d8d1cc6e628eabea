// SPDX-License-Identifier: Apache-2.0
#include "commands/fingerprint.hpp"

#include <algorithm>

#include <fmt/ranges.h>

#include "python/version.hpp"

namespace wheelfit::commands {

namespace {

std::string written(const Fact<python::Version>& version) {
  return version ? version->to_string() : std::string();
}

// "3.11" of "3.11.7".
std::string minor_of(const std::string& version) {
  const auto parsed = python::Version::parse(version);
  return parsed ? std::to_string(parsed->major()) + "." + std::to_string(parsed->minor()) : version;
}

std::string abi_word(const std::optional<bool>& abi) {
  if (!abi) return {};
  return *abi ? "TRUE" : "FALSE";
}

class Comparison {
 public:
  void compare(std::string_view what, const std::string& promised, const std::string& here, bool grave) {
    if (promised.empty() || here.empty() || promised == here) return;
    // "3.11" promises every 3.11.x, "2.6.0" every build of it.
    if (here.starts_with(promised + ".") || here.starts_with(promised + "+")) return;
    found.push_back({text("the bundle was made for {} {}, here is {}", what, promised, here), grave});
  }
  std::vector<Difference> found;
};

// An older C library lacks what a newer one has; a newer one lacks nothing.
bool is_older(const std::string& here, const std::string& promised) {
  const auto left = python::Version::parse(here);
  const auto right = python::Version::parse(promised);
  return left && right && *left < *right;
}

}  // namespace

bundle::MadeFor fingerprint(const probe::Environment& environment) {
  const probe::Interpreter& interpreter = environment.interpreter;
  const probe::Torch& torch = environment.torch;
  bundle::MadeFor made;
  made.python = written(interpreter.version);
  if (interpreter.abi_tag) made.abi_tag = *interpreter.abi_tag;
  if (interpreter.platform) made.platform = *interpreter.platform;
  made.glibc = written(environment.libc.glibc);
  made.musl = written(environment.libc.musl);
  made.torch = written(torch.version);
  if (torch.build) made.torch_build = std::string(to_string(*torch.build));
  made.torch_device = torch.cuda ? written(torch.cuda) : written(torch.hip);
  if (torch.cxx11_abi) made.cxx11_abi = *torch.cxx11_abi;
  if (environment.accelerators.gpus) {
    made.gpus.emplace();
    for (const probe::Gpu& gpu : *environment.accelerators.gpus) {
      const std::string name = gpu.capability ? gpu.capability->to_string() : gpu.amd_target;
      if (std::ranges::find(*made.gpus, name) == made.gpus->end()) made.gpus->push_back(name);
    }
    std::ranges::sort(*made.gpus);
  }
  if (environment.accelerators.driver) made.driver = probe::driver_text(*environment.accelerators.driver);
  made.distributions_known = !interpreter.distributions.empty();
  return made;
}

std::vector<Difference> differences(const bundle::MadeFor& made_for, const bundle::MadeFor& here) {
  Comparison comparison;
  const bool other_minor = minor_of(made_for.python) != minor_of(here.python);
  comparison.compare("Python", made_for.python, here.python, other_minor);
  if (!other_minor) comparison.compare("ABI", made_for.abi_tag, here.abi_tag, true);
  comparison.compare("platform", made_for.platform, here.platform, true);
  comparison.compare("torch", made_for.torch, here.torch, true);
  comparison.compare("CUDA/HIP", made_for.torch_device, here.torch_device, true);
  comparison.compare("C++11 ABI", abi_word(made_for.cxx11_abi), abi_word(here.cxx11_abi), true);
  comparison.compare("glibc", made_for.glibc, here.glibc, is_older(here.glibc, made_for.glibc));
  comparison.compare("musl", made_for.musl, here.musl, is_older(here.musl, made_for.musl));
  comparison.compare("driver", made_for.driver, here.driver, false);
  if (made_for.gpus && here.gpus) {
    const auto words = [](const std::vector<std::string>& gpus) {
      return gpus.empty() ? std::string("none") : fmt::to_string(fmt::join(gpus, " "));
    };
    comparison.compare("GPU", words(*made_for.gpus), words(*here.gpus), false);
  }
  return comparison.found;
}

}  // namespace wheelfit::commands
