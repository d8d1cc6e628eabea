// SPDX-License-Identifier: Apache-2.0
// From decisions to the content of a bundle: wheels, what they need beside themselves, and what is said of
// both.
#pragma once

#include <filesystem>
#include <vector>

#include "base/reporter.hpp"
#include "bundle/manifest.hpp"
#include "catalog/knowledge.hpp"
#include "commands/decide.hpp"
#include "commands/index_supply.hpp"
#include "commands/obtain.hpp"
#include "commands/settings.hpp"
#include "fetch/fetch.hpp"
#include "install/companions.hpp"
#include "probe/environment.hpp"
#include "proof/wheel_proof.hpp"
#include "system/world.hpp"

namespace wheelfit::commands {

struct Packed {
  bundle::Manifest manifest;
  std::vector<std::filesystem::path> files;  // as manifest.files
};

class Packer {
 public:
  // `http` may be null when offline. All must outlive it.
  Packer(const probe::Environment& environment, const catalog::Knowledge& knowledge, const Settings& settings,
         fetch::Store store, system::World& world, system::HttpClient* http, Reporter& report);

  // Fetches, proves as far as that can be done here, and adds what is missing there. Throws Error{refused}
  // for a wheel whose binary does not fit, or that contradicts what is installed there.
  // The next that fits takes the place of a wheel that its own binary refuses.
  void add(Decided decided);
  Packed take();

 private:
  Obtained obtain_or_make(Decided& decided) const;
  proof::WheelProof examined(const Decided& decided, const Obtained& wheel) const;
  void add_wheel(const Decided& decided, const Obtained& wheel, const proof::WheelProof& proof,
                 bundle::PackedPackage& package);
  void add(const Decided& decided, const Obtained& wheel, const proof::WheelProof& proof);
  void add_companions(const std::string& distribution, const std::vector<std::string>& requires_dist,
                      bundle::PackedPackage& package);
  void add_file(bundle::PackedFile file, const std::filesystem::path& path);
  void add_recipe(const std::string& package);

  const probe::Environment& environment_;
  const catalog::Knowledge& knowledge_;
  const Settings& settings_;
  fetch::Store store_;
  system::World& world_;
  system::HttpClient* http_;
  Reporter& report_;
  install::Premises premises_;
  IndexSupply supply_;
  Packed packed_;
};

}  // namespace wheelfit::commands
