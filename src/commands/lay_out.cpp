// SPDX-License-Identifier: Apache-2.0
#include "commands/lay_out.hpp"

#include "base/error.hpp"

namespace wheelfit::commands {

fetch::FetchedFile laid_out(fetch::FetchedFile file, const std::string& name,
                            const std::filesystem::path& folder) {
  std::error_code failed;
  std::filesystem::create_directories(folder, failed);
  const std::filesystem::path place = folder / name;
  if (!failed) {
    // Beside it first, so that a reader never sees half a wheel.
    const std::filesystem::path half = folder / ("." + name + ".part");
    std::filesystem::copy_file(file.path, half, std::filesystem::copy_options::overwrite_existing, failed);
    if (!failed) std::filesystem::rename(half, place, failed);
  }
  if (failed) throw Error(ErrorKind::machine, text("cannot write {}: {}", place.string(), failed.message()));
  file.path = place;
  return file;
}

}  // namespace wheelfit::commands
