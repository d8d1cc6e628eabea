// SPDX-License-Identifier: Apache-2.0
// The file itself: a zip archive, nothing in it compressed, whose first member is the manifest
// (docs/formats/bundle.md).
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "base/reporter.hpp"
#include "bundle/manifest.hpp"
#include "system/zip.hpp"

namespace wheelfit::bundle {

// By its first bytes: false for a file that is not there, and for a wheel.
bool looks_like_bundle(const std::filesystem::path& file);

// `wheels`: where manifest.files lie, in their order. The same input gives the same bytes; the file is whole
// under its name, or not there. Throws Error{machine}.
void write_bundle(const std::filesystem::path& file, const Manifest& manifest,
                  const std::vector<std::filesystem::path>& wheels);

// Where a wheel of a bundle is to lie once it is unpacked.
using PlaceOf = std::function<std::filesystem::path(const PackedFile&)>;

// Not thread-safe.
class BundleReader {
 public:
  // Reads the directory and the manifest, and holds them against each other. Throws Error{refused} with a
  // code of system/zip.hpp, "no-bundle", "bundle-manifest", "bundle-schema" (of a later version) or
  // "bundle-content" (the archive holds something else than the manifest says).
  explicit BundleReader(std::filesystem::path file);

  const Manifest& manifest() const noexcept { return manifest_; }
  const std::string& name() const noexcept { return name_; }

  // Every wheel in its place; each has the size and the hash that the manifest gives when this returns.
  // Throws Error{refused}: "sha256-mismatch", or "corrupt"; Error{machine}.
  void unpack(const PlaceOf& place_of, Reporter& report);

 private:
  void check_members() const;

  std::filesystem::path file_;
  std::string name_;
  system::ZipReader zip_;
  Manifest manifest_;
};

}  // namespace wheelfit::bundle
