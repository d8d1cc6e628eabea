// SPDX-License-Identifier: Apache-2.0
// Where a wheel can be had: at its own address, and at the mirrors that the settings name. Pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "catalog/candidate.hpp"
#include "commands/settings.hpp"
#include "fetch/fetch.hpp"
#include "system/environment_variables.hpp"

namespace wheelfit::commands {

// What is known of a file beforehand, apart from where it lies: how much a stranger's copy of it is worth.
enum class Vouched {
  by_hash,
  by_size,  // and by a proof that is still to come
  not_at_all,
};
Vouched vouched(const catalog::Candidate& candidate) noexcept;

// `url` may be one that --github has rewritten already. The mirrors of a site that is not theirs do not
// count. Where nothing vouches for the file, only its publisher's own address is left, and `left_out` (may be
// null) gets the others.
std::vector<fetch::Address> addresses_of(const std::string& url, Vouched vouched,
                                         const NetworkSettings& network,
                                         const system::EnvironmentVariables& variables,
                                         std::vector<std::string>* left_out = nullptr);

// The candidate as something to fetch: where it says itself, and with mirrors.
fetch::Artifact artifact_of(const catalog::Candidate& candidate);
fetch::Artifact artifact_of(const catalog::Candidate& candidate, Vouched vouched,
                            const NetworkSettings& network, const system::EnvironmentVariables& variables,
                            std::vector<std::string>* left_out = nullptr);

}  // namespace wheelfit::commands
