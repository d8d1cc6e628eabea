// SPDX-License-Identifier: Apache-2.0
#include <utility>

#include "render/environment_words.hpp"
#include "render/outcome.hpp"
#include "render/page.hpp"
#include "render/units.hpp"
#include "render/verify_words.hpp"
#include "system/url.hpp"

namespace wheelfit::render {
namespace {

struct Conclusion {
  Text sentence;
  Tone tone = Tone::good;
};

Conclusion conclusion_of(const verify::Report& report, const std::string& what) {
  if (report.failed) return {text("{} failed its proof", what), Tone::bad};
  if (report.computed) return {text("{} is proven: it computes right on {}", what, report.gpu), Tone::good};
  if (report.imported) return {text("{} is proven by import, not on a GPU", what), Tone::doubtful};
  return {text("{} is not proven here", what), Tone::doubtful};
}

Conclusion conclusion_of(const InstallView& view) {
  const std::string what = view.receipt.distribution + " " + view.receipt.version;
  switch (view.outcome) {
    case InstallOutcome::dry_run:
      return {text("{} would be installed; nothing was changed", what), Tone::plain};
    case InstallOutcome::already_installed:
      return {text("{} is installed and proven already; nothing was changed", what), Tone::good};
    case InstallOutcome::rolled_back:
      return {text("{} failed its proof and was taken out again; the environment is as it was", what),
              Tone::bad};
    case InstallOutcome::installed:
      break;
  }
  if (view.report == nullptr) {
    return {text("{} is installed; its files are checked, its import is not", what), Tone::doubtful};
  }
  const verify::Report& report = *view.report;
  if (report.failed) return {text("{} is installed and failed its proof", what), Tone::bad};
  if (report.computed)
    return {text("{} is installed and proven: it computes right on {}", what, report.gpu), Tone::good};
  if (report.imported)
    return {text("{} is installed and proven by import, not on a GPU", what), Tone::doubtful};
  return {text("{} is installed and not proven here", what), Tone::doubtful};
}

std::string source_words(const install::Receipt& receipt) {
  return receipt.url.empty() ? receipt.source : receipt.source + ", " + system::redacted(receipt.url);
}

void add_receipt(const install::Receipt& receipt, const Style& style, Page& page) {
  if (!receipt.wheel.empty()) page.field(text("wheel"), receipt.wheel);
  if (!receipt.source.empty()) page.field(text("from"), source_words(receipt));
  if (receipt.bundle)
    page.field(text("bundle"), receipt.bundle->file, Tone::plain, "sha256 " + receipt.bundle->sha256);
  if (!receipt.sha256.empty()) page.field(text("sha256"), receipt.sha256);
  if (receipt.files > 0) {
    page.field(
        text("files"),
        said(plural(receipt.files, text("{} file, {}", receipt.files, bytes_text(receipt.installed_bytes)),
                    text("{} files, {}", receipt.files, bytes_text(receipt.installed_bytes))),
             style));
  }
  std::vector<std::string> companions;
  if (!receipt.python.empty()) companions.push_back("Python " + receipt.python);
  if (!receipt.torch.empty()) companions.push_back("torch " + receipt.torch);
  if (!receipt.torch_cuda.empty()) companions.push_back("CUDA " + receipt.torch_cuda);
  if (!companions.empty()) page.field(text("for"), listed(companions, style));
}

// What is proven of what was there before: the receipt's own word.
void add_proofs(const install::Receipt& receipt, const Style& style, Page& page) {
  std::vector<std::string> held;
  for (const install::ProofRecord& proof : receipt.proofs) {
    if (proof.passed) held.push_back(proof.kind);
  }
  if (!held.empty()) page.field(text("proven by"), listed(held, style), Tone::good);
}

}  // namespace

std::string install_text(const InstallView& view, const Style& style) {
  Page page(style);
  const Conclusion conclusion = conclusion_of(view);
  page.line(said(conclusion.sentence, style), conclusion.tone);
  page.blank();
  add_receipt(view.receipt, style, page);
  if (!view.replaced.empty()) {
    const bool done = view.outcome == InstallOutcome::installed;
    page.field(done ? text("replaced") : text("in its place"), listed(view.replaced, style));
  }
  if (!view.dependencies.empty() && view.outcome != InstallOutcome::rolled_back)
    page.field(text("with it"), listed(view.dependencies, style));
  if (view.report == nullptr) {
    add_proofs(view.receipt, style, page);
  } else {
    add_verification(*view.report, style, page);
  }
  return page.text();
}

std::string verify_text(const verify::Report& report, const install::Receipt* receipt, const Style& style) {
  Page page(style);
  const Conclusion conclusion = conclusion_of(report, report.distribution + " " + report.version);
  page.line(said(conclusion.sentence, style), conclusion.tone);
  page.blank();
  add_verification(report, style, page);
  if (receipt != nullptr) {
    add_receipt(*receipt, style, page);
  } else {
    page.field(text("receipt"), said(text("none: it was not installed by wheelfit"), style), Tone::dim);
  }
  return page.text();
}

std::string uninstall_text(const UninstallView& view, const Style& style) {
  Page page(style);
  if (view.distributions.empty()) {
    page.line(said(text("{} is not installed here; there is nothing to remove", view.asked_for), style));
  }
  const bool removed = view.outcome == UninstallOutcome::removed;
  for (const RemovedDistribution& gone : view.distributions) {
    const std::string what = gone.name + " " + gone.version;
    const std::string files =
        said(plural(gone.files, text("{} file", gone.files), text("{} files", gone.files)), style);
    const std::string freed = gone.bytes ? bytes_text(*gone.bytes) : "";
    page.line(said(removed ? text("{} is removed: {}", what, listed({files, freed}, style))
                           : text("{} would be removed: {}; nothing was changed", what,
                                  listed({files, freed}, style)),
                   style),
              removed ? Tone::good : Tone::plain);
  }
  return page.text();
}

std::string fetch_text(const FetchView& view, const Style& style) {
  Page page(style);
  const std::string size = bytes_text(view.file.size);
  page.line(said(view.file.from_store ? text("{} is in the store already, {}", view.artifact.file_name, size)
                                      : text("{} is fetched, {}", view.artifact.file_name, size),
                 style),
            Tone::good);
  page.blank();
  page.field(text("file"), view.file.path.string());
  page.field(text("sha256"), view.file.sha256, Tone::plain,
             said(view.artifact.sha256 ? text("as promised") : text("nothing to compare with"), style));
  const std::string url = system::redacted(view.artifact.url());
  if (!url.empty()) page.field(text("from"), url);
  if (!view.file.from_store && view.file.bytes_transferred < view.file.size) {
    page.field(text("transferred"),
               said(text("{}, the rest was here", bytes_text(view.file.bytes_transferred)), style));
  }
  return page.text();
}

}  // namespace wheelfit::render
