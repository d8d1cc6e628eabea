// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include <fmt/core.h>

#include "render/check.hpp"
#include "render/environment_words.hpp"
#include "render/page.hpp"
#include "render/units.hpp"

namespace wheelfit::render {
namespace {

using proof::Extent;
using resolve::Verdict;

constexpr std::size_t most_missing = 5;
constexpr std::size_t most_libraries = 12;

void add_conclusion(const CheckView& view, const Style& style, Page& page) {
  switch (view.verdict) {
    case Verdict::fits:
      if (view.proof.modules.empty())
        page.line(said(text("{} fits: it holds no compiled code", view.file), style), Tone::good);
      else
        page.line(said(text("{} fits: every symbol that it needs is exported here", view.file), style),
                  Tone::good);
      break;
    case Verdict::unproven:
      page.line(said(text("{} may fit: it is not proven", view.file), style), Tone::doubtful);
      break;
    case Verdict::refused:
      page.line(said(text("{} does not fit", view.file), style), Tone::bad);
      break;
  }
}

void add_reasons(const CheckView& view, const Style& style, Page& page) {
  bool first = true;
  for (const Reason& reason : view.reasons) {
    const Tone tone = view.verdict == Verdict::refused    ? Tone::bad
                      : view.verdict == Verdict::unproven ? Tone::doubtful
                                                          : Tone::plain;
    const std::string words = said(reason.text, style);
    if (std::exchange(first, false))
      page.field(view.verdict == Verdict::fits ? text("note") : text("because"), words, tone);
    else
      page.more(words, tone);
  }
}

void add_environment(const probe::Environment& environment, const Style& style, Page& page) {
  page.field(text("found"),
             listed({python_words(environment, style), torch_words(environment.torch, style)}, style));
  page.more(listed({libc_words(environment.libc, style), gpu_words(environment.accelerators, style),
                    driver_words(environment.accelerators, style)},
                   style));
}

// Over all modules; the newest of each family.
std::map<std::string, std::string> versions_of(const proof::WheelProof& proof) {
  const auto newer = [](const std::string& left, const std::string& right) {
    return left.size() != right.size() ? left.size() > right.size() : left > right;
  };
  std::map<std::string, std::string> versions;
  for (const proof::ModuleProof& module : proof.modules) {
    for (const auto& [family, version] : module.loadability.needs.newest_versions) {
      std::string& newest = versions[family];
      if (newest.empty() || newer(version, newest)) newest = version;
    }
  }
  return versions;
}

std::vector<std::string> direct_libraries(const proof::WheelProof& proof) {
  std::set<std::string> names;
  for (const proof::ModuleProof& module : proof.modules) {
    const std::string own = module.member.substr(module.member.rfind('/') + 1);
    for (const proof::NeededLibrary& library : module.loadability.needs.libraries)
      if (library.wanted_by == own || proof.modules.size() == 1) names.insert(library.name);
  }
  return {names.begin(), names.end()};
}

void add_needs(const proof::WheelProof& proof, const Style& style, Page& page) {
  if (proof.modules.empty()) return;
  std::size_t symbols = 0;
  for (const proof::ModuleProof& module : proof.modules) symbols += module.loadability.needs.symbols;
  std::vector<std::string> parts;
  parts.push_back(said(text("{} symbols", symbols), style));
  for (const auto& [family, version] : versions_of(proof))
    parts.push_back(fmt::format("{} {}", family, version));
  page.field(text("needs"), listed(parts, style));
  std::vector<std::string> libraries = direct_libraries(proof);
  if (libraries.empty()) return;
  if (libraries.size() > most_libraries) {
    const std::size_t more = libraries.size() - most_libraries;
    libraries.resize(most_libraries);
    libraries.push_back(said(text("and {} more", more), style));
  }
  page.more(listed(libraries, style));
}

void add_missing(const proof::WheelProof& proof, const Style& style, Page& page) {
  std::size_t count = 0;
  for (const proof::ModuleProof& module : proof.modules) {
    for (const proof::MissingReference& missing : module.loadability.missing) {
      const std::string version = missing.version.empty() ? "" : "@" + missing.version;
      const std::string& name = missing.demangled.empty() ? missing.symbol : missing.demangled;
      if (count == 0)
        page.field(text("missing"), name + version);
      else if (count < most_missing)
        page.more(name + version);
      ++count;
    }
  }
  if (count > most_missing) page.more(said(text("and {} more", count - most_missing), style), Tone::dim);
}

void add_interfaces(const proof::WheelProof& proof, const Style& style, Page& page) {
  std::vector<std::string> parts;
  if (proof.stable_python_abi) parts.push_back(said(text("Python's stable ABI"), style));
  if (proof.stable_torch_abi)
    parts.push_back(said(text("torch's stable ABI"), style));
  else if (proof.uses_torch)
    parts.push_back(said(text("torch's C++ interface, which changes between its minor releases"), style));
  if (!parts.empty()) page.field(text("uses"), listed(parts, style));
}

void add_gpu_code(const CheckView& view, const Style& style, Page& page) {
  const proof::DeviceCode& code = view.proof.device_code;
  std::vector<std::string> offers = code.sass;
  for (const std::string& ptx : code.ptx) offers.push_back("PTX " + ptx);
  offers.insert(offers.end(), code.gfx.begin(), code.gfx.end());
  if (!offers.empty()) {
    page.field(text("GPU code"), listed(offers, style), Tone::plain,
               said(text("{} modules", code.modules), style));
  }
  for (const std::string& damage : code.damage) page.more(damage, Tone::doubtful);
  for (const proof::GpuProof& gpu : view.proof.gpus) {
    if (gpu.modules == 0) continue;
    page.field(Text(fmt::format("sm_{}{}", gpu.gpu.major, gpu.gpu.minor)),
               said(text("{} of {} modules run: {} as machine code, {} as PTX", gpu.by_sass + gpu.by_ptx,
                         gpu.modules, gpu.by_sass, gpu.by_ptx),
                    style));
  }
}

void add_reading(const CheckView& view, const Style& style, Page& page) {
  if (view.proof.extent == Extent::first_bytes || !view.remark.empty()) {
    page.field(text("read"),
               said(text("{} of {}", bytes_text(view.bytes_read), bytes_text(view.size)), style));
    if (!view.remark.empty()) page.more(said(view.remark, style), Tone::dim);
  }
  std::set<std::string> seen;
  for (const proof::ModuleProof& module : view.proof.modules) {
    for (const Text& note : module.loadability.not_covered) {
      const std::string words = said(note, style);
      if (!seen.insert(words).second) continue;
      if (seen.size() == 1)
        page.field(text("not proven"), words, Tone::dim);
      else
        page.more(words, Tone::dim);
    }
  }
}

}  // namespace

std::string check_text(const CheckView& view, const Style& style) {
  Page page(style);
  add_conclusion(view, style, page);
  page.blank();
  add_reasons(view, style, page);
  add_missing(view.proof, style, page);
  add_environment(view.environment, style, page);
  add_needs(view.proof, style, page);
  add_interfaces(view.proof, style, page);
  add_gpu_code(view, style, page);
  add_reading(view, style, page);
  return page.text();
}

}  // namespace wheelfit::render
