// SPDX-License-Identifier: Apache-2.0
#include "binary/missing_symbol.hpp"

#include "binary/demangle.hpp"
#include "support/elf_builder.hpp"

namespace wheelfit::binary {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST(Demangle, WritesNamesAsPeopleDo) {
  EXPECT_EQ(demangled("_ZNK3c105Error4whatEv"), "c10::Error::what() const");
  EXPECT_EQ(demangled("PyInit_x"), "PyInit_x");
  EXPECT_EQ(demangled("f"), "f") << "not the type float";
  EXPECT_EQ(demangled("_Zbroken"), "_Zbroken");
}

TEST(Demangle, CutsNamesAtTheirParameters) {
  EXPECT_EQ(qualified_name("c10::f(int)"), "c10::f");
  EXPECT_EQ(qualified_name("c10::A::operator()(int) const"), "c10::A::operator()");
  EXPECT_EQ(qualified_name("c10::A::operator<(int) const"), "c10::A::operator<");
  EXPECT_EQ(qualified_name("f<void (*)(int)>(long)"), "f<void (*)(int)>");
  EXPECT_EQ(qualified_name("(anonymous namespace)::f(int)"), "(anonymous namespace)::f");
  EXPECT_EQ(qualified_name("variable"), "variable");
}

TEST(MissingSymbol, TellsTheOtherCxxAbi) {
  // torch's own: the new ABI wanted, the old one offered.
  const std::string_view wanted =
      "_ZN3c106detail14torchCheckFailEPKcS2_jRKNSt7__cxx1112basic_stringIcSt11char_traitsIcESaIcEEE";
  const std::vector<std::string_view> exported{"_ZN3c105ErrorC2ENS_14SourceLocationESs",
                                               "_ZN3c106detail14torchCheckFailEPKcS2_jS2_",
                                               "_ZN3c106detail14torchCheckFailEPKcS2_jRKSs"};
  const MissingSymbol missing = explain_missing(wanted, exported);
  EXPECT_EQ(missing.cause, MissingCause::other_cxx_abi);
  EXPECT_THAT(missing.wanted, HasSubstr("std::__cxx11::basic_string"));
  EXPECT_THAT(missing.offered, ElementsAre(demangled(exported[2])));
}

TEST(MissingSymbol, TellsAChangedSignature) {
  const std::vector<std::string_view> exported{"_ZN3c104cuda29c10_cuda_check_implementationEiPKcS2_jb",
                                               "_ZN1x1fEv"};
  const MissingSymbol missing =
      explain_missing("_ZN3c104cuda29c10_cuda_check_implementationEiPKcS2_ib", exported);
  EXPECT_EQ(missing.cause, MissingCause::signature_changed);
  EXPECT_THAT(
      missing.offered,
      ElementsAre(
          "c10::cuda::c10_cuda_check_implementation(int, char const*, char const*, unsigned int, bool)"));
}

TEST(MissingSymbol, SaysAbsentWhereNothingComesNear) {
  const std::vector<std::string_view> exported{"_ZN3c104cuda10set_deviceEa", "SetDevice"};
  EXPECT_EQ(explain_missing("_ZN3c104cuda9SetDeviceEi", exported).cause, MissingCause::absent);
  EXPECT_EQ(explain_missing("PyInit_x", exported).cause, MissingCause::absent);
  EXPECT_THAT(explain_missing("PyInit_x", exported).offered, IsEmpty());
}

TEST(MissingSymbol, FollowsConstructorsAndOperators) {
  const std::vector<std::string_view> exported{"_ZN3c105ErrorC2ENS_14SourceLocationESs", "_ZNK1a1BclEl"};
  EXPECT_EQ(explain_missing(
                "_ZN3c105ErrorC2ENS_14SourceLocationENSt7__cxx1112basic_stringIcSt11char_traitsIcESaIcEEE",
                exported)
                .cause,
            MissingCause::other_cxx_abi);
  EXPECT_EQ(explain_missing("_ZNK1a1BclEi", exported).cause, MissingCause::signature_changed);
}

TEST(MissingSymbol, JudgesRealObjectsOfBothAbis) {
  const test::ElfBuilder builder;
  constexpr auto source = "#include <string>\nnamespace lib { void log(const std::string&) {} }";
  const auto old_abi = builder.shared_object("old.so", source, "-D_GLIBCXX_USE_CXX11_ABI=0");
  const auto user = builder.shared_object(
      "user.so",
      "#include <string>\nnamespace lib { void log(const std::string&); } void f() { lib::log(\"x\"); }");
  const test::FileBytes old_bytes(old_abi);
  const test::FileBytes user_bytes(user);
  const auto exporter = ElfImage::parse(old_bytes.span());
  const auto needing = ElfImage::parse(user_bytes.span());
  ASSERT_TRUE(exporter && needing);
  const ElfImage* const exporters[] = {&*exporter};
  std::vector<MissingCause> causes;
  for (const UndefinedSymbol& symbol : needing->undefined_symbols())
    if (symbol.name.find("3log") != std::string_view::npos) {
      EXPECT_FALSE(exporter->exports(symbol.name, symbol.version));
      causes.push_back(explain_missing(symbol, exporters).cause);
    }
  EXPECT_THAT(causes, ElementsAre(MissingCause::other_cxx_abi));
}

TEST(MissingSymbol, TellsAnotherSymbolVersion) {
  const test::ElfBuilder builder;
  builder.directory().write("v.map", "V1 { global: f; local: *; };\n");
  const test::FileBytes bytes(builder.shared_object("v.so", "extern \"C\" int f() { return 1; }",
                                                    "-Wl,--version-script={dir}/v.map"));
  const auto exporter = ElfImage::parse(bytes.span());
  ASSERT_TRUE(exporter);
  const ElfImage* const exporters[] = {&*exporter};
  UndefinedSymbol wanted;
  wanted.name = "f";
  wanted.version = "V2";
  const MissingSymbol missing = explain_missing(wanted, exporters);
  EXPECT_EQ(missing.cause, MissingCause::other_version);
  EXPECT_THAT(missing.offered, ElementsAre("V1"));
}

}  // namespace
}  // namespace wheelfit::binary
