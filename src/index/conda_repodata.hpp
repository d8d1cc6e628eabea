// SPDX-License-Identifier: Apache-2.0
// repodata.json of a conda channel's subdir (docs/formats/conda.md). Some hundred megabytes list everything
// that the channel holds, so it is read in one pass, and of one package alone.
#pragma once

#include <cstdint>
#include <istream>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include "base/error.hpp"

namespace wheelfit::index {

struct CondaRecord {
  std::string file_name;  // the key
  std::string name;
  std::string version;
  std::string build;
  std::int64_t build_number = 0;
  std::vector<std::string> depends;
  std::string sha256;
  std::optional<std::uint64_t> size;
  std::string noarch;  // "python", "generic"; "" otherwise

  friend bool operator==(const CondaRecord&, const CondaRecord&) = default;
};

struct CondaRepodata {
  std::string base_url;  // of the files, where they are elsewhere
  std::vector<CondaRecord> records;

  friend bool operator==(const CondaRepodata&, const CondaRepodata&) = default;
};

// `package`: its conda name.
tl::expected<CondaRepodata, ParseError> parse_conda_repodata(std::istream& bytes, std::string_view package);
// In the same format, so that what is kept is read like what came.
std::string write_conda_repodata(const CondaRepodata& repodata);

}  // namespace wheelfit::index
