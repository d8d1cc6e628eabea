// SPDX-License-Identifier: Apache-2.0
// What was done: install, uninstall, verify, fetch; as text and as documents. Pure. docs/output.md has the
// names.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "fetch/fetch.hpp"
#include "install/receipt.hpp"
#include "render/style.hpp"
#include "verify/report.hpp"

namespace wheelfit::render {

enum class InstallOutcome {
  installed,
  already_installed,  // what is there is proven for this environment; nothing was changed
  rolled_back,        // a proof failed; the environment is as it was
  dry_run,            // nothing was changed
};

// References and pointers must outlive the call only.
struct InstallView {
  InstallOutcome outcome = InstallOutcome::installed;
  const install::Receipt& receipt;
  const verify::Report* report = nullptr;  // null: not verified (--no-verify, or a dry run)
  std::vector<std::string> replaced;       // what made room: "flash-attn 2.6.3"
  std::vector<std::string> dependencies{};  // what was missing and came with it: "einops"
};
std::string install_text(const InstallView& view, const Style& style);
nlohmann::ordered_json install_json(const InstallView& view);

// `receipt`: what was installed and from where, null where another installer put it there.
std::string verify_text(const verify::Report& report, const install::Receipt* receipt, const Style& style);
nlohmann::ordered_json verify_json(const verify::Report& report, const install::Receipt* receipt);

struct RemovedDistribution {
  std::string name;
  std::string version;
  std::uint64_t files = 0;
  std::optional<std::uint64_t> bytes;  // freed, where known
};
enum class UninstallOutcome { removed, dry_run };
struct UninstallView {
  UninstallOutcome outcome = UninstallOutcome::removed;
  std::vector<RemovedDistribution> distributions;  // empty: there was nothing to remove
  std::string asked_for;                           // "flash-attn"
};
std::string uninstall_text(const UninstallView& view, const Style& style);
nlohmann::ordered_json uninstall_json(const UninstallView& view);

struct FetchView {
  const fetch::Artifact& artifact;
  const fetch::FetchedFile& file;
};
std::string fetch_text(const FetchView& view, const Style& style);
nlohmann::ordered_json fetch_json(const FetchView& view);

}  // namespace wheelfit::render
