// SPDX-License-Identifier: Apache-2.0
#include "render/bundle.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "render/environment_words.hpp"
#include "render/page.hpp"
#include "render/units.hpp"

namespace wheelfit::render {
namespace {

using Json = nlohmann::ordered_json;

std::string packages_of(const bundle::Manifest& manifest) {
  std::string all;
  for (const bundle::PackedPackage& package : manifest.packages)
    all += (all.empty() ? "" : ", ") + package.name + " " + package.version;
  return all;
}

Text conclusion(const BundleView& view) {
  const std::string name = view.path.filename().string();
  const std::string size = bytes_text(view.size);
  const bool written = view.outcome == BundleOutcome::written;
  const auto needed = static_cast<std::uint64_t>(
      std::ranges::count(view.manifest.files, bundle::Role::dependency, &bundle::PackedFile::role));
  const std::string packages = packages_of(view.manifest);
  if (needed == 0)
    return written ? text("{} is written: {}; {}", name, packages, size)
                   : text("{} holds {}; {}", name, packages, size);
  if (needed == 1)
    return written ? text("{} is written: {} and one wheel that it requires; {}", name, packages, size)
                   : text("{} holds {} and one wheel that it requires; {}", name, packages, size);
  return written ? text("{} is written: {} and {} wheels that it requires; {}", name, packages, needed, size)
                 : text("{} holds {} and {} wheels that it requires; {}", name, packages, needed, size);
}

std::vector<std::string> made_for_words(const bundle::MadeFor& made_for, const Style& style) {
  std::vector<std::string> words;
  const auto add = [&words](const std::string& what, const std::string& value) {
    if (!value.empty()) words.push_back(what + value);
  };
  add("Python ", made_for.python);
  add("torch ", made_for.torch);
  if (made_for.cxx11_abi) words.emplace_back(*made_for.cxx11_abi ? "C++11 ABI TRUE" : "C++11 ABI FALSE");
  add("", made_for.platform);
  add("glibc ", made_for.glibc);
  add("musl ", made_for.musl);
  if (made_for.gpus && made_for.gpus->empty()) words.push_back(said(text("no GPU"), style));
  if (made_for.gpus)
    for (const std::string& gpu : *made_for.gpus) words.push_back(gpu);
  return words;
}

void add_files(const bundle::Manifest& manifest, const Style& style, Page& page) {
  bool first = true;
  for (const bundle::PackedFile& file : manifest.files) {
    const std::string size = bytes_text(file.size);
    const Text aside = file.role == bundle::Role::wheel || file.required_by.empty()
                           ? text("{}, {}", file.source, size)
                           : text("for {}, {}", listed(file.required_by, style), size);
    if (first)
      page.field(text("holds"), file.name, Tone::plain, said(aside, style));
    else
      page.more(file.name, Tone::plain, said(aside, style));
    first = false;
  }
}

void add_decisions(const bundle::Manifest& manifest, const Style& style, Page& page) {
  for (const bundle::PackedPackage& package : manifest.packages) {
    const bool by_symbols = package.proof == "symbols";
    page.field(text("proof"),
               said(by_symbols ? text("{}: every symbol that it needs is exported there", package.name)
                               : text("{}: by its name; its symbols are looked up there", package.name),
                    style),
               by_symbols ? Tone::good : Tone::plain);
    for (const bundle::LackingWheel& lacking : package.lacking)
      page.field(text("lacks"), lacking.requirement + ": " + lacking.reason, Tone::doubtful);
  }
}

}  // namespace

std::string bundle_text(const BundleView& view, const Style& style) {
  Page page(style);
  page.line(said(conclusion(view), style),
            view.outcome == BundleOutcome::written ? Tone::good : Tone::strong);
  page.blank();
  page.field(text("made for"), listed(made_for_words(view.manifest.made_for, style), style));
  add_files(view.manifest, style, page);
  add_decisions(view.manifest, style, page);
  page.field(text("sha256"), view.sha256);
  page.blank();
  page.verbatim(said(text("There: {}", "wheelfit install " + view.path.filename().string()), style));
  return page.text();
}

Json bundle_json(const BundleView& view) {
  return {{"schema_version", 1},
          {"outcome", view.outcome == BundleOutcome::written ? "written" : "listed"},
          {"file", view.path.string()},
          {"size", view.size},
          {"sha256", view.sha256},
          {"manifest", Json::parse(bundle::manifest_to_json(view.manifest))}};
}

}  // namespace wheelfit::render
