// SPDX-License-Identifier: Apache-2.0
#include "proof/loader_cache.hpp"

#include <cstring>

namespace wheelfit::proof {
namespace {

using binary::Machine;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr std::uint32_t x86_64_library = 0x0303;

struct Row {
  std::string name, path;
  std::uint32_t flags = x86_64_library;
  std::uint64_t hwcap = 0;
};

class CacheBytes {
 public:
  template <typename T>
  CacheBytes& put(T value) {
    text.append(reinterpret_cast<const char*>(&value), sizeof value);
    return *this;
  }
  std::string text;
};

constexpr std::uint64_t hwcaps_kind = std::uint64_t{1} << 62;

// The new format, with the names of the hwcaps directories in its extension.
std::string cache_of(const std::vector<Row>& rows, const std::vector<std::string>& hwcaps = {}) {
  std::string strings;
  const auto start = static_cast<std::uint32_t>(48 + rows.size() * 24);
  const auto intern = [&](const std::string& text) {
    const auto at = static_cast<std::uint32_t>(start + strings.size());
    strings += text + '\0';
    return at;
  };
  CacheBytes entries, names, file;
  for (const Row& row : rows) {
    entries.put(row.flags).put(intern(row.name)).put(intern(row.path)).put<std::uint32_t>(0).put(row.hwcap);
  }
  for (const std::string& name : hwcaps) names.put(intern(name));
  strings.resize((strings.size() + 3) / 4 * 4);
  const auto extension = static_cast<std::uint32_t>(start + strings.size());
  file.text = "glibc-ld.so.cache1.1";
  file.put(static_cast<std::uint32_t>(rows.size())).put(static_cast<std::uint32_t>(strings.size()));
  file.put<std::uint32_t>(2).put(extension).put<std::uint32_t>(0).put<std::uint64_t>(0);
  file.text += entries.text + strings;
  file.put<std::uint32_t>(0xEAA42174).put<std::uint32_t>(1);
  file.put<std::uint32_t>(1)
      .put<std::uint32_t>(0)
      .put(extension + 24)
      .put(static_cast<std::uint32_t>(names.text.size()));
  return file.text + names.text;
}

tl::expected<LoaderCache, ParseError> parsed(const std::string& text) {
  return LoaderCache::parse(std::as_bytes(std::span(text)));
}

TEST(LoaderCache, FindsTheFileOfAName) {
  const auto cache = parsed(cache_of({{"libz.so.1", "/lib/libz.so.1"}, {"libc.so.6", "/lib/libc.so.6"}}));
  ASSERT_TRUE(cache);
  EXPECT_EQ(cache->find("libz.so.1", Machine::x86_64), "/lib/libz.so.1");
  EXPECT_EQ(cache->find("libc.so.6", Machine::x86_64), "/lib/libc.so.6");
  EXPECT_EQ(cache->find("libz.so", Machine::x86_64), "");
}

TEST(LoaderCache, TakesOnlyLibrariesOfTheMachinesOwnAbi) {
  const auto cache = parsed(cache_of({{"libz.so.1", "/lib32/libz.so.1", 0x0003},
                                      {"libz.so.1", "/libx32/libz.so.1", 0x0803},
                                      {"libz.so.1", "/lib64/libz.so.1"}}));
  ASSERT_TRUE(cache);
  EXPECT_EQ(cache->find("libz.so.1", Machine::x86_64), "/lib64/libz.so.1");
  EXPECT_EQ(cache->find("libz.so.1", Machine::aarch64), "");
}

TEST(LoaderCache, PrefersTheBestHwcapsThatTheProcessorHas) {
  const auto cache = parsed(cache_of({{"libz.so.1", "/lib/v4/libz.so.1", x86_64_library, hwcaps_kind | 1},
                                      {"libz.so.1", "/lib/v3/libz.so.1", x86_64_library, hwcaps_kind},
                                      {"libz.so.1", "/lib/legacy/libz.so.1", x86_64_library, 4},
                                      {"libz.so.1", "/lib/libz.so.1"}},
                                     {"x86-64-v3", "x86-64-v4"}));
  ASSERT_TRUE(cache);
  EXPECT_EQ(cache->entries().size(), 3U) << "the legacy entry is left out";
  EXPECT_EQ(cache->find("libz.so.1", Machine::x86_64), "/lib/libz.so.1");
  const std::vector<std::string> both{"x86-64-v4", "x86-64-v3"}, older{"x86-64-v3", "x86-64-v2"};
  EXPECT_EQ(cache->find("libz.so.1", Machine::x86_64, both), "/lib/v4/libz.so.1");
  EXPECT_EQ(cache->find("libz.so.1", Machine::x86_64, older), "/lib/v3/libz.so.1");
}

TEST(LoaderCache, LeavesOutEntriesWithAnUnknownHwcapsNumber) {
  const auto cache =
      parsed(cache_of({{"libz.so.1", "/lib/v9/libz.so.1", x86_64_library, hwcaps_kind | 7}}, {"x86-64-v3"}));
  ASSERT_TRUE(cache);
  EXPECT_THAT(cache->entries(), IsEmpty());
}

TEST(LoaderCache, ReadsTheNewPartBehindTheOldOne) {
  CacheBytes old;
  old.text = "ld.so-1.7.0" + std::string(1, '\0');
  old.put<std::uint32_t>(1);
  old.text += std::string(12, '\0');  // the one entry
  old.text.resize(32);                // the new part is aligned to eight
  const auto cache = parsed(old.text + cache_of({{"libz.so.1", "/lib/libz.so.1"}}));
  ASSERT_TRUE(cache);
  EXPECT_THAT(cache->entries(),
              ElementsAre(LoaderCacheEntry{"libz.so.1", "/lib/libz.so.1", x86_64_library, ""}));
}

TEST(LoaderCache, RefusesWhatIsNoCache) {
  EXPECT_FALSE(parsed(""));
  EXPECT_FALSE(parsed("ld.so-1.7.0"));
  const auto other = parsed("include /etc/ld.so.conf.d/*.conf");
  ASSERT_FALSE(other);
  EXPECT_THAT(other.error().message, HasSubstr("not a cache"));
}

TEST(LoaderCache, RefusesCountsBeyondTheFile) {
  std::string text = cache_of({{"libz.so.1", "/lib/libz.so.1"}});
  const std::uint32_t lie = 0xFFFFFFFF;
  std::memcpy(text.data() + 20, &lie, sizeof lie);
  const auto cache = parsed(text);
  ASSERT_FALSE(cache);
  EXPECT_THAT(cache.error().message, HasSubstr("truncated"));
}

TEST(LoaderCache, RefusesNamesThatOverlapToNoEnd) {
  const std::string name(4000, 'x');
  std::vector<Row> rows(200, Row{"a", "b"});
  rows.push_back({name, "b"});
  std::string text = cache_of(rows);
  const auto at = static_cast<std::uint32_t>(text.find(name));
  for (std::size_t i = 0; i < rows.size(); ++i) std::memcpy(text.data() + 48 + i * 24 + 4, &at, sizeof at);
  const auto cache = parsed(text);
  ASSERT_FALSE(cache);
  EXPECT_THAT(cache.error().message, HasSubstr("overlap"));
}

TEST(LoaderCache, SurvivesEveryTruncationAndEveryFlippedByte) {
  const std::string whole = cache_of(
      {{"libz.so.1", "/lib/v3/libz.so.1", x86_64_library, hwcaps_kind}, {"libz.so.1", "/lib/libz.so.1"}},
      {"x86-64-v3"});
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const auto cache = parsed(whole.substr(0, size));
    EXPECT_TRUE(!cache || cache->entries().size() <= 2U);
  }
  for (std::size_t at = 20; at < whole.size(); ++at) {
    std::string damaged = whole;
    damaged[at] = static_cast<char>(~damaged[at]);
    const auto cache = parsed(damaged);
    EXPECT_TRUE(!cache || cache->entries().size() <= 2U) << at;
  }
}

}  // namespace
}  // namespace wheelfit::proof
