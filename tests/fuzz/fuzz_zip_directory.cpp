// SPDX-License-Identifier: Apache-2.0
// Any bytes as an archive that is read through a ByteSource: its directory, and the beginning of each member.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>

#include "base/error.hpp"
#include "system/byte_source.hpp"
#include "system/zip.hpp"

namespace {

class Memory final : public wheelfit::system::ByteSource {
 public:
  explicit Memory(std::span<const std::byte> bytes) : bytes_(bytes) {}
  std::uint64_t size() const override { return bytes_.size(); }
  void read(std::uint64_t offset, std::span<std::byte> into) override {
    // What the contract forbids: the reader must not ask for bytes behind the end.
    if (offset > bytes_.size() || into.size() > bytes_.size() - offset) std::abort();
    std::ranges::copy(bytes_.subspan(offset, into.size()), into.begin());
  }

 private:
  std::span<const std::byte> bytes_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::size_t most_members = 8;
  constexpr std::uint64_t beginning = 64 << 10;
  Memory memory(std::as_bytes(std::span(data, size)));
  try {
    wheelfit::system::ZipReader reader(memory, "fuzz.whl");
    for (std::size_t at = 0; at < std::min(reader.entries().size(), most_members); ++at) {
      try {
        if (reader.read_beginning(at, beginning).size() > beginning) std::abort();
      } catch (const wheelfit::Error& error) {
        if (error.kind() != wheelfit::ErrorKind::refused) std::abort();
      }
    }
  } catch (const wheelfit::Error& error) {
    if (error.kind() != wheelfit::ErrorKind::refused) std::abort();
  }
  return 0;
}
