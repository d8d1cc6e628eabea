// SPDX-License-Identifier: Apache-2.0
// What a download that fails says.
#pragma once

#include <exception>
#include <vector>

#include "base/error.hpp"
#include "fetch/fetch.hpp"
#include "fetch/source.hpp"

namespace wheelfit::fetch {

Error wrong_size(const Artifact& artifact, std::uint64_t is);
Error wrong_hash(const Artifact& artifact, const std::string& is);
Error wrong_range(const Artifact& artifact, const std::string& url);
Error answered(const std::string& url, int status);
Error keeps_changing(const std::string& url);

Text sentence_of(const std::exception_ptr& fault);
bool is_transient(const std::exception_ptr& fault);
// Not the source's fault, but the machine's, the user's or ours: it ends the download.
bool ends_everything(const std::exception_ptr& fault);

// Of the only source, or what became of each.
[[noreturn]] void throw_all_failed(const Artifact& artifact, const std::vector<Source>& sources);

}  // namespace wheelfit::fetch
