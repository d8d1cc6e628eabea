// SPDX-License-Identifier: Apache-2.0
// A wheel that says the version its sdist has. pip refuses a cached wheel whose METADATA names another
// version than the sdist, a local label included; what only the file name says does not matter to it
// (docs/formats/pip-cache.md).
#pragma once

#include <filesystem>
#include <string>

#include "python/version.hpp"

namespace wheelfit::pipcache {

struct Relabelled {
  std::string file_name;         // "flash_attn-2.8.3-cp311-cp311-linux_x86_64.whl"
  bool rewritten = false;        // false: the content is right as it is
  std::string metadata_version;  // as METADATA said it before
};

// The name with `version` in place of the version and label that it carries. `file_name` must be a wheel's.
std::string relabelled_name(const std::string& file_name, const python::Version& version);

// What relabel() would do. `wheel` must have passed install::inspect_wheel under `file_name`. Throws
// Error{refused} where METADATA names quite another version than `version` with any label.
Relabelled relabelling(const std::filesystem::path& wheel, const std::string& file_name,
                       const python::Version& version);

// The same, and writes the rewritten wheel to `to`, where there is something to rewrite: the name of
// .dist-info and .data, METADATA's Version, RECORD. Every other member is copied as it is compressed;
// signatures of RECORD, which hold no more, are left out. The same wheel gives the same bytes.
Relabelled relabel(const std::filesystem::path& wheel, const std::string& file_name,
                   const python::Version& version, const std::filesystem::path& to);

}  // namespace wheelfit::pipcache
