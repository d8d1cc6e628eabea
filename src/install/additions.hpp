// SPDX-License-Identifier: Apache-2.0
// What an installer adds to a wheel's own files (recording-installed-packages): scripts, INSTALLER,
// REQUESTED, direct_url.json, WHEELFIT.json and RECORD.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "install/install.hpp"
#include "install/layout.hpp"
#include "install/unpack.hpp"
#include "install/wheel_contents.hpp"

namespace wheelfit::install {

// Writes them into the private directories and returns every file of the distribution, RECORD last. `receipt`
// is completed with version, files and sizes.
std::vector<std::filesystem::path> write_additions(const InstallRequest& request,
                                                   const Destination& destination,
                                                   const WheelContents& contents, const Layout& layout,
                                                   std::vector<PreparedFile> prepared, Receipt& receipt,
                                                   Workplace& workplace, FileOperations& files);

// direct_url.json (PEP 610) of an archive: a path becomes a file: URL, credentials are left out. Pure.
std::string direct_url_json(const std::string& url_or_path, const std::string& sha256);

}  // namespace wheelfit::install
