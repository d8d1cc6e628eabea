// SPDX-License-Identifier: Apache-2.0
#include "binary/offload_bundle.hpp"

#include "support/fatbin_builder.hpp"

namespace wheelfit::binary {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

std::span<const std::byte> bytes(const std::string& text) { return std::as_bytes(std::span(text)); }

template <typename T>
void append(std::string& out, T value) {
  out.append(reinterpret_cast<const char*>(&value), sizeof value);
}

std::string bundle(const std::vector<std::string>& identifiers) {
  std::string out = "__CLANG_OFFLOAD_BUNDLE__";
  append<std::uint64_t>(out, identifiers.size());
  for (const std::string& identifier : identifiers) {
    append<std::uint64_t>(out, 0);
    append<std::uint64_t>(out, 0);
    append<std::uint64_t>(out, identifier.size());
    out += identifier;
  }
  return out;
}

std::string compressed_bundle(std::uint32_t raw_size, std::string_view payload) {
  std::string out = "CCOB";
  append<std::uint16_t>(out, 2);
  append<std::uint16_t>(out, 1);
  append<std::uint32_t>(out, static_cast<std::uint32_t>(24 + payload.size()));
  append<std::uint32_t>(out, raw_size);
  append<std::uint64_t>(out, 0);
  return out + std::string(payload);
}

const std::string two_targets = bundle({"host-x86_64-unknown-linux-gnu-", "hipv4-amdgcn-amd-amdhsa--gfx942",
                                        "hipv4-amdgcn-amd-amdhsa--gfx90a:sramecc+:xnack-"});

TEST(OffloadBundle, ListsItsTargets) {
  const std::string object =
      test::elf_with_section(".hip_fatbin", two_targets + std::string(100, '\0') + two_targets);
  const auto bundles = list_offload_bundles(bytes(object));
  ASSERT_THAT(bundles, SizeIs(2));
  EXPECT_FALSE(bundles[0].compressed);
  EXPECT_THAT(bundles[0].targets, ElementsAre("gfx942", "gfx90a:sramecc+:xnack-"));
}

TEST(OffloadBundle, OpensCompressedOnesWhereItCan) {
  const std::string object = test::elf_with_section(
      ".hip_fatbin", compressed_bundle(static_cast<std::uint32_t>(two_targets.size()), "zstd"));
  const auto closed = list_offload_bundles(bytes(object));
  ASSERT_THAT(closed, SizeIs(1));
  EXPECT_TRUE(closed[0].compressed);
  EXPECT_THAT(closed[0].targets, IsEmpty());
  const auto open = list_offload_bundles(bytes(object), [](auto, auto stored, auto) {
    EXPECT_EQ(stored.size(), 4U);
    const auto raw = bytes(two_targets);
    return std::optional(std::vector(raw.begin(), raw.end()));
  });
  EXPECT_THAT(open.at(0).targets, SizeIs(2));
}

TEST(OffloadBundle, LeavesDamageAlone) {
  for (std::size_t cut = 1; cut < two_targets.size(); ++cut) {
    const std::string object = test::elf_with_section(".hip_fatbin", two_targets.substr(0, cut));
    EXPECT_THAT(list_offload_bundles(bytes(object)), IsEmpty()) << cut;
  }
  EXPECT_THAT(list_offload_bundles(bytes(test::elf_with_section(".text", two_targets))), IsEmpty());
}

}  // namespace
}  // namespace wheelfit::binary
