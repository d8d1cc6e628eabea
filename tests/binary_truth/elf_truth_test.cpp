// SPDX-License-Identifier: Apache-2.0
// ElfImage against readelf over the system's own shared objects.
#include <algorithm>
#include <chrono>
#include <cstdlib>

#include "binary/elf.hpp"
#include "binary/elf_prefix.hpp"
#include "command_output.hpp"
#include "readelf.hpp"
#include "support/elf_builder.hpp"

namespace wheelfit::binary {
namespace {

namespace fs = std::filesystem;
using test::readelf;
using test::ReadelfView;
using ::testing::IsEmpty;

constexpr std::uintmax_t largest = 4 << 20;  // readelf's output of larger ones takes seconds to read

std::vector<fs::path> system_objects() {
  std::vector<fs::path> objects;
  for (const fs::path directory : {"/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/lib64"}) {
    std::error_code none;
    for (const auto& entry : fs::directory_iterator(directory, none))
      if (entry.is_regular_file() && !entry.is_symlink() && entry.file_size() < largest &&
          entry.path().filename().string().find(".so") != std::string::npos)
        objects.push_back(entry.path());
    if (!objects.empty()) break;
  }
  std::ranges::sort(objects);
  return objects;
}

std::string spelled(const ExportedSymbol& symbol) {
  std::string text(symbol.name);
  // readelf leaves the version away on the symbol that stands for the version itself.
  if (!symbol.version.empty() && symbol.version != symbol.name)
    text += (symbol.default_version ? "@@" : "@") + std::string(symbol.version);
  return text;
}
std::string spelled(const UndefinedSymbol& symbol) {
  return std::string(symbol.name) + (symbol.version.empty() ? "" : "@" + std::string(symbol.version));
}

// "-x": only we say x; "+x": only readelf does.
std::vector<std::string> difference(const std::set<std::string>& we,
                                    const std::set<std::string>& readelf_says) {
  std::vector<std::string> found;
  for (const std::string& symbol : we)
    if (!readelf_says.contains(symbol)) found.push_back("-" + symbol);
  for (const std::string& symbol : readelf_says)
    if (!we.contains(symbol)) found.push_back("+" + symbol);
  return found;
}

void compare(const ElfImage& image, const ReadelfView& view) {
  EXPECT_EQ(std::vector<std::string>(image.needed().begin(), image.needed().end()), view.needed);
  EXPECT_EQ(image.soname(), view.soname);
  EXPECT_EQ(image.rpath(), view.rpath);
  EXPECT_EQ(image.runpath(), view.runpath);
  std::set<std::string> exported, undefined, expected_undefined, needs, definitions;
  for (const ExportedSymbol& symbol : image.exported_symbols()) {
    exported.insert(spelled(symbol));
    EXPECT_TRUE(image.exports(symbol.name, symbol.version)) << symbol.name;
  }
  EXPECT_THAT(difference(exported, view.exported), IsEmpty()) << "exports";
  for (const UndefinedSymbol& symbol : image.undefined_symbols()) undefined.insert(spelled(symbol));
  for (const std::string& symbol : view.undefined)
    if (view.relocated.contains(symbol.substr(0, symbol.find('@')))) expected_undefined.insert(symbol);
  EXPECT_THAT(difference(undefined, expected_undefined), IsEmpty()) << "undefined symbols";
  for (const VersionNeed& need : image.version_needs())
    for (const RequiredVersion& version : need.versions)
      needs.insert(std::string(need.library) + " " + std::string(version.name));
  EXPECT_EQ(needs, view.version_needs);
  for (const VersionDefinition& definition : image.version_definitions())
    if (!definition.base) definitions.insert(std::string(definition.name));
  EXPECT_EQ(definitions, view.version_definitions);
}

// WHEELFIT_TRUTH_SECONDS bounds the sample; 0 compares every object there is.
TEST(ElfTruth, SaysWhatReadelfSays) {
  if (!test::command_exists("readelf")) GTEST_SKIP() << "needs readelf (binutils)";
  const auto objects = system_objects();
  if (objects.empty()) GTEST_SKIP() << "no library directory of a known layout";
  const char* set = std::getenv("WHEELFIT_TRUTH_SECONDS");
  const std::chrono::seconds budget(set != nullptr ? std::atoi(set) : 5);
  const auto start = std::chrono::steady_clock::now();
  // A stride that is prime to the count visits all, the sample spread over the directory.
  std::size_t compared = 0;
  for (std::size_t i = 0, at = 0; i < objects.size(); ++i, at = (at + 97) % objects.size()) {
    if (budget.count() != 0 && std::chrono::steady_clock::now() - start > budget) break;
    const test::FileBytes bytes(objects[at]);
    const auto image = ElfImage::parse(bytes.span());
    const auto identity = parse_elf_identity(bytes.span());
    if (!image && (!identity || identity->elf_class == ElfClass::bits32))
      continue;  // linker scripts and the like
    ASSERT_TRUE(image) << objects[at] << ": " << image.error().message;
    SCOPED_TRACE(objects[at].string());
    compare(*image, readelf(objects[at]));
    ++compared;
    if (HasFailure()) break;  // one object's differences are enough to read
  }
  RecordProperty("compared", static_cast<int>(compared));
  std::printf("compared %zu of %zu objects with readelf\n", compared, objects.size());
  EXPECT_GT(compared, 10U);
}

// Reads ever longer prefixes, as preflight does with ranges.
ElfPrefix read_by_prefixes(std::span<const std::byte> file) {
  std::uint64_t size = std::min<std::uint64_t>(file.size(), 4096);
  for (int rounds = 0; rounds < 64; ++rounds) {
    const auto prefix = read_elf_prefix(file.first(size));
    if (!prefix || prefix->state != PrefixState::more_needed || size == file.size())
      return prefix.value_or(ElfPrefix{});
    EXPECT_EQ(prefix->offset, size);
    EXPECT_GT(prefix->length, 0U);
    size = std::min<std::uint64_t>(file.size(), size + prefix->length);
  }
  ADD_FAILURE() << "never content";
  return {};
}

TEST(ElfPrefixTruth, FindsInTheFirstBytesWhatTheWholeObjectSays) {
  const auto objects = system_objects();
  if (objects.empty()) GTEST_SKIP() << "no library directory of a known layout";
  std::size_t tried = 0, found = 0;
  for (const fs::path& path : objects) {
    const test::FileBytes bytes(path);
    const auto image = ElfImage::parse(bytes.span());
    if (!image || image->version_needs().empty()) continue;
    SCOPED_TRACE(path.string());
    ++tried;
    const ElfPrefix prefix = read_by_prefixes(bytes.span());
    if (prefix.state != PrefixState::complete) continue;
    ++found;
    EXPECT_EQ(prefix.version_needs, image->version_needs());
    std::set<std::string> seen, wanted;
    for (const UndefinedSymbol& symbol : prefix.undefined) seen.insert(spelled(symbol));
    for (const UndefinedSymbol& symbol : image->undefined_symbols()) wanted.insert(spelled(symbol));
    EXPECT_TRUE(std::ranges::includes(seen, wanted));
    if (HasFailure()) break;
  }
  std::printf("%zu of %zu objects read by their first bytes\n", found, tried);
  EXPECT_GT(found * 10, tried * 8) << "most linkers put the tables first";
}

}  // namespace
}  // namespace wheelfit::binary
