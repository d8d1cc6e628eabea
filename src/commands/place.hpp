// SPDX-License-Identifier: Apache-2.0
// A wheel file becomes an installed, proven distribution, or the environment is as it was.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/exit_code.hpp"
#include "commands/console.hpp"
#include "commands/decide.hpp"
#include "commands/examine.hpp"
#include "commands/obtain.hpp"
#include "install/install.hpp"
#include "probe/environment.hpp"
#include "render/outcome.hpp"
#include "system/world.hpp"
#include "verify/report.hpp"

namespace wheelfit::commands {

// The whole binary speaks against a wheel that was chosen by its name or its first bytes.
class ProofRefusal final : public Error {
 public:
  ProofRefusal(Error error, proof::WheelProof proof) : Error(std::move(error)), proof_(std::move(proof)) {}
  const proof::WheelProof& proof() const noexcept { return proof_; }

 private:
  proof::WheelProof proof_;
};

// A dependency that was brought along, and lies here.
struct BroughtWheel {
  std::filesystem::path path;
  PackedWheel wheel;
};

// How a wheel came that came in a bundle.
struct Brought {
  std::vector<BroughtWheel> companions;  // what is missing here; becomes visible with the wheel, at once
  install::BundleMark bundle;
};

struct Placed {
  render::InstallOutcome outcome = render::InstallOutcome::installed;
  install::Receipt receipt;
  std::optional<verify::Report> report;
  std::vector<std::string> replaced;      // "flash-attn 2.6.3"
  std::vector<std::string> dependencies;  // distributions that were added with it
  ExitCode code = ExitCode::done;
  bool symbols_proven = false;
};

class Placer {
 public:
  // All must outlive the placer.
  Placer(const probe::Environment& environment, const install::Destination& destination,
         const catalog::Knowledge& knowledge, const Settings& settings, system::World& world,
         Reporter& report)
      : environment_(environment),
        destination_(destination),
        knowledge_(knowledge),
        settings_(settings),
        world_(world),
        report_(report) {}

  // Checks the wheel, adds missing dependencies through the environment's own installer, installs, proves;
  // what fails its proof is rolled back (unless --keep), the dependencies with it. Throws Error for a bad
  // wheel and ProofRefusal, with the environment unchanged.
  // What was `brought` along is all that is added: no installer is asked then.
  Placed place(const Decided& decided, const Obtained& wheel, const Brought* brought = nullptr);
  // For what is installed and proven already, but on no GPU: where one is wanted and here, it is proven on it
  // now, and its receipt says so. Throws Error{refused} where that fails; nothing is taken back.
  Placed what_is_there(const Decided& decided);

 private:
  install::InstallRequest request_for(const Decided& decided, const Obtained& wheel,
                                      const std::string& package, Placed& placed) const;
  void examine(const std::vector<install::StagedFile>& files, const Expected& expected,
               const std::string& file_name, Placed& placed) const;
  install::InstallRequest request_for(const BroughtWheel& companion, const install::BundleMark& bundle,
                                      const install::WheelSummary& summary) const;
  void add_companions(const Brought& brought, std::vector<install::InstallRequest>& requests,
                      Placed& placed) const;
  // The first request is the wheel's own.
  void put(const Decided& decided, const std::vector<install::InstallRequest>& requests, Placed& placed);
  void prove_what_is_there(const probe::InstalledDistribution& there, Placed& placed);
  void prove_or_undo(const Decided& decided, install::Transaction& transaction, Placed& placed);

  const probe::Environment& environment_;
  const install::Destination& destination_;
  const catalog::Knowledge& knowledge_;
  const Settings& settings_;
  system::World& world_;
  Reporter& report_;
};

// What a dry run would have done.
Placed planned_only(const Decided& decided, const probe::Environment& environment);

// The results of one run: one document, or one text after the other. Returns the worst exit code.
ExitCode show(const std::vector<Placed>& placed, const Console& console);

}  // namespace wheelfit::commands
