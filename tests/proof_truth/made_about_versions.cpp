// SPDX-License-Identifier: Apache-2.0
#include "made_objects.hpp"

namespace wheelfit::test {
namespace {

constexpr auto asks = "void f(void); void g(void) { f(); }";
constexpr auto gives = "void f(void) {}";

std::string linked_with(const std::string& library) {
  return "-L{dir} -Wl,-rpath,{dir} -Wl,--no-as-needed -l" + library;
}

// libv.so with f under `version` ("" for none).
void library(ObjectBuilder& builder, const std::string& version) {
  std::string flags = "-Wl,-soname,libv.so";
  if (!version.empty()) {
    builder.script("v.map", version + " { f; };\n");
    flags += " -Wl,--version-script={dir}/v.map";
  }
  builder.object("libv.so", gives, flags);
}

// Linked with a library that defines f in one version, loaded with one that defines it in another.
std::filesystem::path linked_then_loaded(ObjectBuilder& builder, const std::string& linked,
                                         const std::string& loaded) {
  library(builder, linked);
  const auto object = builder.object("it.so", asks, linked_with("v"));
  library(builder, loaded);
  return object;
}

// A library that bears a system library's name at link time has a version that the real one lacks.
std::filesystem::path wants_of(ObjectBuilder& builder, const std::string& soname,
                               const std::string& version) {
  builder.script("v.map", version + " { f; };\n");
  builder.object("libfake.so", gives, "-nostdlib -Wl,--version-script={dir}/v.map -Wl,-soname," + soname);
  return builder.object("it.so", asks, "-nostdlib -L{dir} -lfake");
}

// Two versions of f, of which `object` wants the older.
std::filesystem::path of_two_versions(ObjectBuilder& builder, const std::string& wanted) {
  builder.script("v.map", "V1 { f; };\nV2 { } V1;\n");
  builder.object("libv.so",
                 "void f1(void) {} void f2(void) {}\n"
                 "__asm__(\".symver f1,f@V1\"); __asm__(\".symver f2,f@@V2\");",
                 "-Wl,-soname,libv.so -Wl,--version-script={dir}/v.map");
  const std::string choose = wanted.empty() ? "" : "__asm__(\".symver f,f@" + wanted + "\");";
  return builder.object("it.so", choose + asks, linked_with("v"));
}

}  // namespace

std::vector<MadeObject> objects_about_versions() {
  using B = ObjectBuilder;
  constexpr auto loads = Loading::loads, fails = Loading::fails;
  return {
      {"TheVersionThatIsThere", loads, "", [](B& b) { return linked_then_loaded(b, "V1", "V1"); }},
      {"AVersionThatIsGone", fails, "V2", [](B& b) { return linked_then_loaded(b, "V2", "V1"); }},
      {"AVersionOfALibraryThatHasNone", loads, "", [](B& b) { return linked_then_loaded(b, "V1", ""); }},
      {"NoVersionOfALibraryThatHasOne", loads, "", [](B& b) { return linked_then_loaded(b, "", "V1"); }},
      {"TheDefaultOfTwo", loads, "", [](B& b) { return of_two_versions(b, ""); }},
      {"TheOlderOfTwo", loads, "", [](B& b) { return of_two_versions(b, "V1"); }},
      {"AGlibcOfTheFuture", fails, "GLIBC_2.99", [](B& b) { return wants_of(b, "libc.so.6", "GLIBC_2.99"); }},
      {"AGlibcThatIsThereButNotTheSymbol", fails, "f",
       [](B& b) { return wants_of(b, "libc.so.6", "GLIBC_2.34"); }},
      {"ALibstdcxxOfTheFuture", fails, "GLIBCXX_3.4.99",
       [](B& b) { return wants_of(b, "libstdc++.so.6", "GLIBCXX_3.4.99"); }},
      {"ACxxAbiOfTheFuture", fails, "CXXABI_1.3.99",
       [](B& b) { return wants_of(b, "libstdc++.so.6", "CXXABI_1.3.99"); }},
      {"AVersionThatIsGoneOfAWeakSymbol", fails, "V2",
       [](B& b) {
         library(b, "V2");
         const auto object = b.object(
             "it.so", "__attribute__((weak)) void f(void); void g(void) { if (f) f(); }", linked_with("v"));
         library(b, "V1");
         return object;
       }},
  };
}

}  // namespace wheelfit::test
