// SPDX-License-Identifier: Apache-2.0
#include "catalog/link.hpp"

#include <gtest/gtest.h>

#include "system/percent.hpp"

namespace wheelfit::catalog {
namespace {

// The examples of RFC 3986, section 5.4.
TEST(Link, ResolvesAsTheRfcShows) {
  const std::string base = "http://a/b/c/d;p?q";
  const std::pair<const char*, const char*> examples[] = {{"g", "http://a/b/c/g"},
                                                          {"./g", "http://a/b/c/g"},
                                                          {"g/", "http://a/b/c/g/"},
                                                          {"/g", "http://a/g"},
                                                          {"//g", "http://g"},
                                                          {"?y", "http://a/b/c/d;p?y"},
                                                          {"g?y", "http://a/b/c/g?y"},
                                                          {"#s", "http://a/b/c/d;p?q#s"},
                                                          {"g#s", "http://a/b/c/g#s"},
                                                          {";x", "http://a/b/c/;x"},
                                                          {"", "http://a/b/c/d;p?q"},
                                                          {".", "http://a/b/c/"},
                                                          {"..", "http://a/b/"},
                                                          {"../g", "http://a/b/g"},
                                                          {"../..", "http://a/"},
                                                          {"../../g", "http://a/g"},
                                                          {"../../../g", "http://a/g"},
                                                          {"/./g", "http://a/g"},
                                                          {"/../g", "http://a/g"},
                                                          {"./../g", "http://a/b/g"},
                                                          {"g;x=1/../y", "http://a/b/c/y"},
                                                          {"https://h/x#f", "https://h/x#f"}};
  for (const auto& [reference, expected] : examples)
    EXPECT_EQ(resolve_link(base, reference), expected) << reference;
}

TEST(Link, NeedsABaseForARelativeOne) {
  EXPECT_EQ(resolve_link("", "x.whl"), std::nullopt);
  EXPECT_EQ(resolve_link("", "https://h/x.whl"), "https://h/x.whl");
  EXPECT_EQ(resolve_link("https://h", "x.whl"), "https://h/x.whl");
  EXPECT_EQ(resolve_link("file:///a/b/", "x.whl"), "file:///a/b/x.whl");
}

TEST(Link, FileNamesAreDecoded) {
  EXPECT_EQ(file_name_of("https://h/a/x-1%2Bcu12-py3-none-any.whl?x=/y#sha256=1"),
            "x-1+cu12-py3-none-any.whl");
  EXPECT_EQ(file_name_of("https://h/a/"), "");
  EXPECT_EQ(file_name_of("https://h/..%2Fx.whl"), "") << "an escaped slash must not become a path";
  EXPECT_EQ(file_name_of("https://h/x%00.whl"), "");
}

TEST(Link, FileAddressesComeBack) {
  const std::filesystem::path path = "/a b/ü#?%/x+1.whl";
  EXPECT_EQ(path_of_file_address(wheelfit::system::file_address(path)), path);
  EXPECT_EQ(path_of_file_address("file://localhost/a"), std::filesystem::path("/a"));
  EXPECT_EQ(path_of_file_address("file://elsewhere/a"), std::nullopt);
  EXPECT_EQ(path_of_file_address("https://h/a"), std::nullopt);
}

}  // namespace
}  // namespace wheelfit::catalog
