// SPDX-License-Identifier: Apache-2.0
// What a row of a conda channel says of its package, in the words that wheels are judged by. Pure.
#pragma once

#include <optional>
#include <string>

#include "catalog/candidate.hpp"
#include "index/conda_repodata.hpp"

namespace wheelfit::catalog {

// `subdir`: "linux-64". Tags, torch, CUDA and glibc are those of `depends`; nullopt for a row that no Python
// package could come of.
std::optional<Candidate> conda_candidate(const index::CondaRecord& record, const std::string& subdir);

}  // namespace wheelfit::catalog
