// SPDX-License-Identifier: Apache-2.0
// The facts that lie outside the repository (asset lists). WHEELFIT_SHARED names the folder; the default is
// ../shared beside the checkout.
#pragma once

#include <cstdlib>
#include <filesystem>

namespace wheelfit::test {

inline std::filesystem::path shared_folder() {
  const char* set = std::getenv("WHEELFIT_SHARED");
  return set != nullptr ? std::filesystem::path(set) : std::filesystem::path(WHEELFIT_SHARED);
}

}  // namespace wheelfit::test

// First statement of a test that reads `file` below the shared folder.
#define SKIP_WITHOUT_SHARED(file)                                                                 \
  if (!std::filesystem::exists(wheelfit::test::shared_folder() / (file)))                         \
  GTEST_SKIP() << "needs " << (wheelfit::test::shared_folder() / (file)) << ": set WHEELFIT_SHARED"
