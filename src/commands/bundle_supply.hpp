// SPDX-License-Identifier: Apache-2.0
// The wheels of an unpacked bundle as dependencies, as far as this environment's Python admits them.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "bundle/manifest.hpp"
#include "commands/place.hpp"
#include "fetch/fetch.hpp"
#include "install/companions.hpp"
#include "probe/environment.hpp"

namespace wheelfit::commands {

PackedWheel packed_wheel(const bundle::PackedFile& file);

class BundleSupply final : public install::Supply {
 public:
  // The wheels of `manifest` lie in `store`. Throws Error{refused} for a wheel that is none.
  BundleSupply(const bundle::Manifest& manifest, const fetch::Store& store,
               const probe::Environment& environment);

  std::vector<python::Version> versions(const std::string& name) override;
  Text remark(const std::string& name) override;
  std::vector<std::string> requires_dist(const std::string& name, std::size_t offer) override;

  const BroughtWheel& wheel(const install::Companion& companion) const;

 private:
  struct Offer {
    BroughtWheel brought;
    python::Version version;
    std::vector<std::string> requires_dist;
  };
  std::map<std::string, std::vector<Offer>> offers_;
  std::map<std::string, std::string> unfit_;  // the file that this Python does not admit
};

}  // namespace wheelfit::commands
