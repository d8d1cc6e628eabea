// SPDX-License-Identifier: Apache-2.0
#include "made_objects.hpp"

namespace wheelfit::test {
namespace {

constexpr auto takes_string = "#include <string>\nvoid take(const std::string& s) { (void)s.size(); }\n";
constexpr auto gives_string =
    "#include <string>\nvoid take(const std::string&);\nvoid give() { take(\"x\"); }\n";
constexpr auto beside = "-L{dir} -Wl,-rpath,{dir} -Wl,--no-as-needed -Wl,--allow-shlib-undefined";

std::filesystem::path across_abis(ObjectBuilder& builder, int library_abi, int object_abi) {
  builder.cxx_object("libtake.so", takes_string, library_abi);
  return builder.cxx_object("give.so", gives_string, object_abi, std::string(beside) + " -ltake");
}

std::filesystem::path with_flags(ObjectBuilder& builder, const std::string& source,
                                 const std::string& flags) {
  return builder.object("it.so", source, flags);
}

// An object that wants `f` of a library made with `flags`.
std::filesystem::path of_library(ObjectBuilder& builder, const std::string& library,
                                 const std::string& flags) {
  builder.object("libf.so", library, flags);
  return builder.object("it.so", "void f(void); void g(void) { f(); }", std::string(beside) + " -lf");
}

}  // namespace

std::vector<MadeObject> objects_about_symbols() {
  using B = ObjectBuilder;
  constexpr auto loads = Loading::loads, fails = Loading::fails;
  return {
      {"OfTheNewCxxAbi", loads, "", [](B& b) { return across_abis(b, 1, 1); }},
      {"OfTheOldCxxAbi", loads, "", [](B& b) { return across_abis(b, 0, 0); }},
      {"OldAbiOnNewLibrary", fails, "ABI", [](B& b) { return across_abis(b, 1, 0); }},
      {"NewAbiOnOldLibrary", fails, "ABI", [](B& b) { return across_abis(b, 0, 1); }},
      {"AFunctionOfNobody", fails, "nobodys",
       [](B& b) { return with_flags(b, "void nobodys(void); void g(void) { nobodys(); }", ""); }},
      {"AVariableOfNobody", fails, "nobodys",
       [](B& b) { return with_flags(b, "extern int nobodys; int g(void) { return nobodys; }", ""); }},
      {"AFunctionOfNobodyBoundLazily", fails, "nobodys",
       [](B& b) { return with_flags(b, "void nobodys(void); void g(void) { nobodys(); }", "-Wl,-z,lazy"); }},
      {"AWeakFunctionOfNobody", loads, "",
       [](B& b) {
         return with_flags(b, "__attribute__((weak)) void no(void); void g(void) { if (no) no(); }", "");
       }},
      {"ADeclarationThatNothingUses", loads, "",
       [](B& b) { return with_flags(b, "void nobodys(void); int g(void) { return 1; }", ""); }},
      {"CFromTheProgramWithoutAskingForIt", loads, "",
       [](B& b) {
         return with_flags(b, "void puts(const char*); void g(void) { puts(\"x\"); }", "-nostdlib");
       }},
      {"MathThatTheProgramDoesNotLoad", fails, "no_such_math",
       [](B& b) {
         return with_flags(b, "double no_such_math(double); double g(double x) { return no_such_math(x); }",
                           "-nostdlib");
       }},
      {"OfALibraryWithGnuHashOnly", loads, "",
       [](B& b) { return of_library(b, "void f(void) {}", "-Wl,--hash-style=gnu"); }},
      {"OfALibraryWithSysvHashOnly", loads, "",
       [](B& b) { return of_library(b, "void f(void) {}", "-Wl,--hash-style=sysv"); }},
      {"NotInASysvHash", fails, "f",
       [](B& b) { return of_library(b, "void other(void) {}", "-Wl,--hash-style=sysv"); }},
      {"AHiddenFunction", fails, "f",
       [](B& b) { return of_library(b, "__attribute__((visibility(\"hidden\"))) void f(void) {}", ""); }},
      {"AProtectedFunction", loads, "",
       [](B& b) { return of_library(b, "__attribute__((visibility(\"protected\"))) void f(void) {}", ""); }},
      {"AnIndirectFunction", loads, "",
       [](B& b) {
         return of_library(b,
                           "static void h(void) {} static void* r(void) { return h; } void f(void) "
                           "__attribute__((ifunc(\"r\")));",
                           "");
       }},
      {"AWeakDefinition", loads, "",
       [](B& b) { return of_library(b, "__attribute__((weak)) void f(void) {}", ""); }},
      {"ALibraryThatLacksASymbolItself", fails, "deeper",
       [](B& b) { return of_library(b, "void deeper(void); void f(void) { deeper(); }", ""); }},
      {"AThreadLocalVariable", loads, "",
       [](B& b) {
         b.object("libt.so", "__thread int t;");
         return b.object("it.so", "extern __thread int t; int g(void) { return t; }",
                         std::string(beside) + " -lt");
       }},
      {"AThreadLocalVariableOfNobody", fails, "nobodys",
       [](B& b) {
         return with_flags(b, "extern __thread int nobodys; int g(void) { return nobodys; }", "");
       }},
      {"StaticThreadStorageThatFits", loads, "",
       [](B& b) {
         return with_flags(b, "static __thread char c[64]; char* g(void) { return c; }",
                           "-ftls-model=initial-exec");
       }},
      {"AUniqueSymbol", loads, "",
       [](B& b) {
         return b.cxx_object(
             "it.so",
             "template <class T> struct S { static int v; }; template <class T> int S<T>::v = 1;"
             " int g() { return S<int>::v; }");
       }},
      {"AConstructorThatEndsTheProcess", Loading::dies, "",
       [](B& b) {
         return with_flags(
             b, "void abort(void); __attribute__((constructor)) static void c(void) { abort(); }", "");
       }},
  };
}

}  // namespace wheelfit::test
