// SPDX-License-Identifier: Apache-2.0
#include "python/specifier.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace wheelfit::python {
namespace {

Version version(std::string_view text) { return Version::parse(text).value(); }
SpecifierSet set(std::string_view text) { return SpecifierSet::parse(text).value(); }

struct Case {
  std::string_view specifier;
  std::string_view version;
  bool admitted;
};

class AdmissionTest : public testing::TestWithParam<Case> {};

TEST_P(AdmissionTest, FollowsPep440) {
  EXPECT_EQ(set(GetParam().specifier).admits(version(GetParam().version)), GetParam().admitted)
      << GetParam().version << " in " << GetParam().specifier;
}

INSTANTIATE_TEST_SUITE_P(
    Equality, AdmissionTest,
    testing::Values(Case{"==2.5.3", "2.5.3+cu122torch2.2", true}, Case{"==2.5.3+cu122", "2.5.3", false},
                    Case{"==2.5.3+cu122", "2.5.3+CU122", true}, Case{"==1.1", "1.1.0", true},
                    Case{"==1.1", "1.1.post1", false}, Case{"==1.1", "1.1.dev1", false},
                    Case{"==1.1.*", "1.1a1", true}, Case{"==1.1.*", "1.1.post1", true},
                    Case{"==1.1.*", "1.10", false}, Case{"==1.1.*", "1.1+x", true},
                    Case{"==1.0.*", "1", true}, Case{"==1!1.*", "1.1", false}, Case{"!=1.1", "1.1+x", false},
                    Case{"!=1.1.*", "1.1.5", false}, Case{"!=1.1.*", "1.2", true},
                    Case{"===1.0", "1.0", true}, Case{"===1.0", "1.0.0", false},
                    Case{"===1.0+FOO", "1.0+foo", true}, Case{"===nonsense", "1.0", false}));

INSTANTIATE_TEST_SUITE_P(
    Order, AdmissionTest,
    testing::Values(Case{">=2.6", "2.6+cu124", true}, Case{">=2.6", "2.6rc1", false},
                    Case{"<=2.6", "2.6+cu124", true}, Case{"<=2.6", "2.6.post1", false},
                    Case{"<3.1", "3.1.dev0", false}, Case{"<3.1", "3.0.dev0", true},
                    Case{"<3.1", "3.1a1+x", false}, Case{"<3.1rc2", "3.1rc1", true},
                    Case{"<1.0.post1", "1.0a1", true}, Case{"<1.0.post1", "1.0", true},
                    Case{"<1.0.post1", "1.0.post1.dev1", false}, Case{"<1.0.post1", "1.0.post0.dev1", true},
                    Case{">1.7", "1.7.post1", false}, Case{">1.7", "1.7+local", false},
                    Case{">1.7", "1.7.1", true}, Case{">1.7.post1", "1.7.post2", true},
                    Case{">1.7.post1", "1.7.post2+x", true}, Case{">1.7.post1", "1.7.post1+x", false},
                    Case{">1.0a1", "1.0a1.post1", false}, Case{">1.0a1", "1.0.post1", true},
                    Case{">1.0.dev1", "1.0a1", true}));

INSTANTIATE_TEST_SUITE_P(Compatible, AdmissionTest,
                         testing::Values(Case{"~=2.2", "2.9", true}, Case{"~=2.2", "3.0", false},
                                         Case{"~=2.2", "2.1", false}, Case{"~=1.4.5", "1.4.9", true},
                                         Case{"~=1.4.5", "1.5", false},
                                         Case{"~=2.2.post3", "2.2.post4", true},
                                         Case{"~=2.2.post3", "2.2", false},
                                         Case{"~=1.4.5a4", "1.4.5b1", true}, Case{"~=1!2.2", "1!2.3", true},
                                         Case{"~=1!2.2", "2.3", false}, Case{"~=2.2.0", "2.3.0", false},
                                         Case{"~=2.2", "2.3+local", true}));

INSTANTIATE_TEST_SUITE_P(Sets, AdmissionTest,
                         testing::Values(Case{"", "0.0.dev1", true}, Case{">=2,<3", "2.9", true},
                                         Case{">=2,<3", "3.0", false}, Case{" >= 2 , , < 3 ,", "2.1", true},
                                         Case{">=2,!=2.5.*", "2.5.1", false}));

class MalformedSpecifierTest : public testing::TestWithParam<std::string_view> {};

TEST_P(MalformedSpecifierTest, IsAnError) { EXPECT_FALSE(SpecifierSet::parse(GetParam())) << GetParam(); }

INSTANTIATE_TEST_SUITE_P(Specifier, MalformedSpecifierTest,
                         testing::Values("1.0", "=1.0", "=>1.0", ">=", ">=foo", "~=1", "~=1.0+x", ">=1.0+x",
                                         "<1.0+x", ">1.*", "~=1.0.*", "==1.0a1.*", "==1.0.post1.*",
                                         "==1.0+x.*", "==1.0.*.*", "==.*", "== *", "==1.0 .*", "==1.0 2",
                                         "===a b", "===a;b", ">=1 <2", "!1.0"));

TEST(SpecifierSet, TakesPrereleasesOnlyWhereOneIsNamed) {
  EXPECT_FALSE(set(">=2.0").admits_by_default(version("2.1rc1")));
  EXPECT_TRUE(set(">=2.0").admits(version("2.1rc1")));
  EXPECT_TRUE(set(">=2.0,>=2.1rc1").admits_by_default(version("2.1rc1")));
  EXPECT_FALSE(set("").admits_by_default(version("1.0.dev1")));
  EXPECT_FALSE(set("!=2.0rc1").mentions_prerelease());
  EXPECT_TRUE(set("<2.0rc1").mentions_prerelease());
  EXPECT_FALSE(set("===odd").mentions_prerelease());
}

TEST(SpecifierSet, PrintsSortedAndWithoutRepetition) {
  EXPECT_EQ(set(">=2.6,<3").to_string(), "<3,>=2.6");
  EXPECT_EQ(set(" ==  1.0 , ==1.0.0, ==1.0").to_string(), "==1.0");
  EXPECT_EQ(set("~=1.0,~=1.0.0").to_string(), "~=1.0,~=1.0.0");
  EXPECT_EQ(set("!=1.5.*,===odd").to_string(), "!=1.5.*,===odd");
  EXPECT_EQ(set("").to_string(), "");
}

TEST(Specifier, KeepsWhatWasWritten) {
  const auto wildcard = Specifier::parse(" == V2.5.* ").value();
  EXPECT_EQ(wildcard.comparison, Comparison::equal);
  EXPECT_EQ(wildcard.version, "V2.5");
  EXPECT_TRUE(wildcard.wildcard);
  EXPECT_EQ(wildcard.to_string(), "==V2.5.*");
  EXPECT_TRUE(wildcard.admits(version("2.5.1")));
  EXPECT_EQ(Specifier::parse("===any,thing").value().version, "any,thing");
}

}  // namespace
}  // namespace wheelfit::python
