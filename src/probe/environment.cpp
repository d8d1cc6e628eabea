// SPDX-License-Identifier: Apache-2.0
#include "probe/environment.hpp"

#include <algorithm>
#include <charconv>

#include <fmt/core.h>

#include "probe/text_scan.hpp"

namespace wheelfit::probe {
namespace {

std::optional<std::pair<int, int>> major_minor(const Fact<python::Version>& fact) {
  if (!fact.known() || fact->release().size() < 2) return std::nullopt;
  return std::pair{static_cast<int>(fact->major()), static_cast<int>(fact->minor())};
}

std::optional<int> number(std::string_view digits) {
  int value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error != std::errc() || end != digits.data() + digits.size() || value > 999) return std::nullopt;
  return value;
}

}  // namespace

const InstalledDistribution* Interpreter::find(std::string_view normalized_name) const noexcept {
  const auto found =
      std::ranges::lower_bound(distributions, normalized_name, {}, &InstalledDistribution::name);
  return found != distributions.end() && found->name == normalized_name ? &*found : nullptr;
}

std::string_view to_string(TorchBuild build) noexcept {
  switch (build) {
    case TorchBuild::cpu:
      return "cpu";
    case TorchBuild::cuda:
      return "cuda";
    case TorchBuild::rocm:
      return "rocm";
    case TorchBuild::xpu:
      return "xpu";
  }
  return "";
}

std::string ComputeCapability::to_string() const {
  return "sm_" + std::to_string(major) + std::to_string(minor);
}

std::optional<ComputeCapability> parse_compute_capability(std::string_view text) {
  bool prefixed = false;
  for (const std::string_view prefix : {"sm_", "sm"}) {
    if (prefixed || !text.starts_with(prefix)) continue;
    text.remove_prefix(prefix.size());
    prefixed = true;
  }
  // "sm_90a", "sm_120f": code for that very family; what the GPU is, is said by the number.
  if (prefixed && (text.ends_with('a') || text.ends_with('f'))) text.remove_suffix(1);
  const std::size_t dot = text.find('.');
  const bool dotted = dot != std::string_view::npos;
  if (dotted == prefixed || text.size() < 2) return std::nullopt;
  if (!std::ranges::all_of(text, [](char c) { return is_digit(c) || c == '.'; })) return std::nullopt;
  // The minor number is one digit: sm_120 is 12.0.
  const auto major = number(dotted ? text.substr(0, dot) : text.substr(0, text.size() - 1));
  const auto minor = number(dotted ? text.substr(dot + 1) : text.substr(text.size() - 1));
  if (!major || !minor || *major < 1 || *minor > 9) return std::nullopt;
  return ComputeCapability{*major, *minor};
}

std::string driver_text(const python::Version& driver) {
  std::string text;
  for (const std::uint64_t number : driver.release())
    text += text.empty() ? fmt::format("{}", number) : fmt::format(".{:02}", number);
  return text;
}

python::TagTarget tag_target(const Environment& environment) {
  const Interpreter& interpreter = environment.interpreter;
  python::TagTarget target;
  if (interpreter.implementation.known() && *interpreter.implementation == "pypy")
    target.implementation = "pp";
  target.python = major_minor(interpreter.version);
  target.free_threaded = interpreter.free_threaded.value;
  target.platform = interpreter.platform.value;
  target.glibc = major_minor(environment.libc.glibc);
  target.musl = major_minor(environment.libc.musl);
  return target;
}

}  // namespace wheelfit::probe
