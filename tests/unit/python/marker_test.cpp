// SPDX-License-Identifier: Apache-2.0
#include "python/marker.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace wheelfit::python {
namespace {

const MarkerEnvironment environment = linux_marker_environment("3.11.7", "x86_64");

struct Case {
  std::string_view marker;
  bool holds;
};

class EvaluationTest : public testing::TestWithParam<Case> {};

TEST_P(EvaluationTest, OnPython311OfLinux) {
  EXPECT_EQ(Marker::parse(GetParam().marker).value().evaluate(environment), GetParam().holds)
      << GetParam().marker;
}

INSTANTIATE_TEST_SUITE_P(
    Versions, EvaluationTest,
    testing::Values(Case{"python_version < '3.12'", true}, Case{"python_version >= \"3.9\"", true},
                    Case{"python_version > '3.2'", true}, Case{"'3.9' <= python_version", true},
                    Case{"'3.12' <= python_version", false}, Case{"python_version == '3.11.0'", true},
                    Case{"python_version == '3.*'", true}, Case{"python_version ~= '3.8'", true},
                    Case{"python_version === '3.11'", true}, Case{"python_version === '3.11.0'", false},
                    Case{"python_full_version < '3.11.8'", true},
                    Case{"implementation_version >= '3.11.7'", true},
                    Case{"python_version in '3.10 3.11'", true},
                    Case{"python_version not in '3.10,3.12'", true}, Case{"platform_release >= '5.0'", false},
                    Case{"python_version == 'three'", false}, Case{"python_version != 'three'", true}));

INSTANTIATE_TEST_SUITE_P(
    Texts, EvaluationTest,
    testing::Values(Case{"sys_platform == 'linux'", true}, Case{"'linux' == sys_platform", true},
                    Case{"sys_platform != 'win32'", true}, Case{"'lin' in sys_platform", true},
                    Case{"sys_platform in 'linux darwin'", true}, Case{"sys_platform not in 'linux'", false},
                    Case{"platform_machine == 'x86_64'", true}, Case{"platform_system == 'linux'", false},
                    Case{"sys_platform < 'zz'", false}, Case{"sys_platform > 'aa'", false},
                    Case{"sys_platform <= 'linux'", true}, Case{"sys_platform >= 'linux'", true},
                    Case{"os_name ~= 'posix'", false}, Case{"os_name === 'posix'", false},
                    Case{"platform_version == ''", true}, Case{"extra == 'test'", false},
                    Case{"extra == ''", true}, Case{"python_version == python_version", true},
                    Case{"'a' == 'a'", true}));

INSTANTIATE_TEST_SUITE_P(
    Logic, EvaluationTest,
    testing::Values(Case{"os_name=='a' or os_name=='posix' and os_name=='b'", false},
                    Case{"os_name=='posix' or os_name=='a' and os_name=='b'", true},
                    Case{"(os_name=='posix' or os_name=='a') and os_name=='b'", false},
                    Case{"os_name=='a' and os_name=='b' or os_name=='posix'", true},
                    Case{" ( ( os_name == 'posix' ) ) ", true}, Case{"os_name=='posix'and'a'!=os_name", true},
                    Case{"os_name == 'posix' and (extra == 'x' or sys_platform == 'linux')", true}));

TEST(Marker, ComparesExtrasNormalised) {
  MarkerEnvironment with_extra = environment;
  with_extra["extra"] = "Flash.Attn";
  EXPECT_TRUE(Marker::parse("extra == 'flash_attn'").value().evaluate(with_extra));
  EXPECT_TRUE(Marker::parse("'FLASH-ATTN' == extra").value().evaluate(with_extra));
}

TEST(Marker, CountsWhatTheEnvironmentLacksAsEmpty) {
  EXPECT_TRUE(Marker::parse("extra == ''").value().evaluate({}));
  EXPECT_FALSE(Marker::parse("python_version >= '3'").value().evaluate({}));
}

TEST(Marker, TakesAnUntaggedPython) {
  const auto untagged = linux_marker_environment("3.14.0a1+", "x86_64");
  EXPECT_TRUE(Marker::parse("python_full_version > '3.13'").value().evaluate(untagged));
}

TEST(Marker, PrintsItsNormalForm) {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"python_version<'3.12'", "python_version < \"3.12\""},
      {"os.name == 'a' and sys.platform == 'b'", "os_name == \"a\" and sys_platform == \"b\""},
      {"python_implementation == 'CPython'", "platform_python_implementation == \"CPython\""},
      {"platform.python_implementation in 'x'", "platform_python_implementation in \"x\""},
      {"(os_name == 'a' or os_name == 'b') and extra == 'C_D'",
       "(os_name == \"a\" or os_name == \"b\") and extra == \"c-d\""},
      {"((os_name == 'a' or os_name == 'b'))", "os_name == \"a\" or os_name == \"b\""},
      {"(os_name == 'a') and (os_name == 'b')", "os_name == \"a\" and os_name == \"b\""},
      {"os_name  not   in '\"'", "os_name not in '\"'"}};
  for (const auto& [written, printed] : cases) {
    const auto marker = Marker::parse(written);
    ASSERT_TRUE(marker) << written;
    EXPECT_EQ(marker->to_string(), printed);
    EXPECT_EQ(Marker::parse(marker->to_string()).value().to_string(), printed);
  }
}

class MalformedMarkerTest : public testing::TestWithParam<std::string_view> {};

TEST_P(MalformedMarkerTest, IsAnError) { EXPECT_FALSE(Marker::parse(GetParam())) << GetParam(); }

INSTANTIATE_TEST_SUITE_P(Marker, MalformedMarkerTest,
                         testing::Values("", " ", "os_name", "os_name ==", "== 'a'", "os_name = 'a'",
                                         "os_name == a", "os_name == 'a", "os_name == 'a\"",
                                         "os_names == 'a'", "xos_name == 'a'", "(os_name == 'a'",
                                         "os_name == 'a')", "()", "os_name == 'a' and", "and os_name == 'a'",
                                         "os_name == 'a' os_name == 'b'", "os_name == 'a' xor os_name == 'b'",
                                         "os_name notin 'a'", "os_name not 'a'",
                                         "os_name in'a' andextra == 'b'", "os-name == 'a'"));

TEST(Marker, NestedTooDeepIsAnError) {
  const std::string opened(100'000, '(');
  EXPECT_FALSE(Marker::parse(opened + "os_name == 'a'" + std::string(opened.size(), ')')));
  EXPECT_TRUE(Marker::parse(std::string(99, '(') + "os_name == 'a'" + std::string(99, ')')));
}

TEST(Marker, TellsWhereItIsWrong) {
  EXPECT_THAT(Marker::parse("os_name == linux").error().message,
              testing::AllOf(testing::HasSubstr("quoted string"), testing::HasSubstr("column 12")));
}

TEST(MarkerEnvironment, DescribesCPythonOnLinux) {
  EXPECT_EQ(environment.at("python_version"), "3.11");
  EXPECT_EQ(environment.at("python_full_version"), "3.11.7");
  EXPECT_EQ(environment.at("platform_machine"), "x86_64");
  EXPECT_EQ(linux_marker_environment("3.13", "aarch64").at("python_version"), "3.13");
}

}  // namespace
}  // namespace wheelfit::python
