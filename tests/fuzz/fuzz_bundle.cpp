// SPDX-License-Identifier: Apache-2.0
// Any bytes as a bundle: opened, and unpacked where it can be; nothing is ever written but what was asked
// for.
#include <sys/mman.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <string>

#include "base/error.hpp"
#include "base/reporter.hpp"
#include "bundle/bundle_file.hpp"

namespace fs = std::filesystem;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const fs::path folder = fs::temp_directory_path() / ("fuzz-bundle-" + std::to_string(::getpid()));
  const int memory = ::memfd_create("fuzz.bundle", 0);
  if (memory < 0 || ::write(memory, data, size) != static_cast<ssize_t>(size)) std::abort();
  const fs::path file = "/proc/self/fd/" + std::to_string(memory);
  wheelfit::SilentReporter silent;
  try {
    wheelfit::bundle::looks_like_bundle(file);
    wheelfit::bundle::BundleReader reader(file);
    reader.unpack([](const wheelfit::bundle::PackedFile& packed) { return folder / packed.name; }, silent);
  } catch (const wheelfit::Error& error) {
    if (error.kind() != wheelfit::ErrorKind::refused) std::abort();
  }
  ::close(memory);
  fs::remove_all(folder);
  return 0;
}
