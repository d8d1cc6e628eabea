// SPDX-License-Identifier: Apache-2.0
// From a wheel or shared object, wherever it lies, to what its binary proves in an environment.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/reporter.hpp"
#include "catalog/recipe.hpp"
#include "commands/addresses.hpp"
#include "install/install.hpp"
#include "probe/environment.hpp"
#include "proof/prove_wheel.hpp"
#include "proof/wheel_proof.hpp"
#include "system/world.hpp"
#include "system/zip.hpp"

namespace wheelfit::commands {

// What a wheel must hold to be what it says that it is.
struct Expected {
  bool code = false;                           // compiled code
  const catalog::Recipe* stands_in = nullptr;  // or none, for it is that recipe's fallback
};

Expected expected_of(const catalog::Recipe& recipe, const catalog::Candidate& candidate);

struct Examination {
  proof::WheelProof proof;
  std::uint64_t bytes_read = 0;
  std::uint64_t size = 0;  // of the wheel
  Text remark;             // why no more could be read; may be empty
};

class Examiner {
 public:
  // `http` may be null when offline. All must outlive it.
  Examiner(const probe::Environment& environment, const system::World& world, system::HttpClient* http)
      : environment_(environment), world_(world), http_(http) {}

  // Of a candidate, as far as a stranger's copy of it could be proven here.
  fetch::Artifact artifact_of(const catalog::Candidate& candidate, const NetworkSettings& network,
                              std::vector<std::string>* left_out = nullptr) const;

  // A wheel file: unpacked into a temporary directory as far as it is compiled code. Throws Error{refused}
  // for a bad archive.
  Examination wheel(const std::filesystem::path& file, const Expected& expected) const;
  // A shared object that stays where it is.
  Examination object(const std::filesystem::path& file) const;
  // By its first bytes: of a remote wheel by ranges. Extent `nothing` and a remark where it cannot be read
  // so. Throws Error{unreachable}, and Error{refused} for a bad archive.
  Examination beginning(const std::filesystem::path& file, const Expected& expected) const;
  Examination beginning(const fetch::Artifact& artifact, const Expected& expected) const;
  // A wheel that has been unpacked, but is not in its place yet; `site` is where its modules will be.
  proof::WheelProof unpacked(const std::vector<install::StagedFile>& files, const std::filesystem::path& site,
                             const Expected& expected) const;

  // Whether symbols can be looked up at all: the environment is here, with its files.
  bool has_files() const;

 private:
  proof::WheelProof staged(const proof::StagedCode& code) const;
  Examination first_bytes_at(const fetch::Address& address, const std::string& file_name,
                             const Expected& expected) const;
  proof::WheelProof first_bytes(system::ZipReader& zip, const Expected& expected) const;
  proof::GpuQuestion gpus() const;
  std::string soabi() const;
  proof::PythonProcess process() const;

  const probe::Environment& environment_;
  const system::World& world_;
  system::HttpClient* http_;
};

}  // namespace wheelfit::commands
