// SPDX-License-Identifier: Apache-2.0
// Any bytes as a tar archive in any compression: gone through and unpacked, with nothing beside the folder.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <span>

#include "base/error.hpp"
#include "system/archive.hpp"

namespace {

class Memory final : public wheelfit::system::ByteSource {
 public:
  explicit Memory(std::span<const std::byte> bytes) : bytes_(bytes) {}
  std::uint64_t size() const override { return bytes_.size(); }
  void read(std::uint64_t offset, std::span<std::byte> into) override {
    if (offset > bytes_.size() || into.size() > bytes_.size() - offset) std::abort();
    std::ranges::copy(bytes_.subspan(offset, into.size()), into.begin());
  }

 private:
  std::span<const std::byte> bytes_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  namespace fs = std::filesystem;
  constexpr wheelfit::system::ArchiveLimits limits{1U << 20U, 64};
  static const fs::path parent =
      fs::temp_directory_path() / ("fuzz-archive-" + std::to_string(reinterpret_cast<std::uintptr_t>(&data)));
  fs::remove_all(parent);
  fs::create_directories(parent);
  Memory memory(std::as_bytes(std::span(data, size)));
  try {
    wheelfit::system::ArchiveReader archive(memory, "fuzz.tar", limits);
    wheelfit::system::unpack_archive(archive, parent / "in");
  } catch (const wheelfit::Error& error) {
    // A name that is too long for this filesystem is the machine's.
    if (error.kind() != wheelfit::ErrorKind::refused && error.kind() != wheelfit::ErrorKind::machine)
      std::abort();
  }
  for (const auto& entry : fs::directory_iterator(parent))
    if (entry.path().filename() != "in") std::abort();
  fs::remove_all(parent);
  return 0;
}
