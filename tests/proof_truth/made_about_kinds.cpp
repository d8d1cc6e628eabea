// SPDX-License-Identifier: Apache-2.0
#include "made_objects.hpp"

#include <filesystem>

#include <gnu/libc-version.h>

namespace wheelfit::test {
namespace {

namespace fs = std::filesystem;

constexpr auto anything = "int g(void) { return 1; }";

fs::path rewritten(ObjectBuilder& builder, const std::function<void(const fs::path&)>& rewrite) {
  const fs::path object = builder.object("it.so", anything);
  rewrite(object);
  return object;
}

fs::path cut_to(ObjectBuilder& builder, std::uintmax_t size) {
  return rewritten(builder, [size](const fs::path& file) { fs::resize_file(file, size); });
}

// glibc 2.41 no longer makes stacks executable for what dlopen brings.
Loading with_executable_stack() {
  const std::string version = gnu_get_libc_version();
  return std::stoi(version.substr(version.find('.') + 1)) < 41 ? Loading::loads : Loading::fails;
}

}  // namespace

std::vector<MadeObject> objects_about_kinds() {
  using B = ObjectBuilder;
  constexpr auto loads = Loading::loads, fails = Loading::fails;
  const Loading stack = with_executable_stack();
  return {
      {"ASharedObject", loads, "", [](B& b) { return b.object("it.so", anything); }},
      {"WithoutASectionTable", loads, "", [](B& b) { return rewritten(b, B::without_sections); }},
      {"Stripped", loads, "", [](B& b) { return b.object("it.so", anything, "-s"); }},
      {"WithPackedRelocations", loads, "",
       [](B& b) {
         return b.object("it.so", "static int v; int* p = &v; int* g(void) { return p; }",
                         "-Wl,-z,pack-relative-relocs");
       }},
      {"AnExecutableStack", stack, stack == fails ? "stack" : "",
       [](B& b) { return b.object("it.so", anything, "-z execstack"); }},
      {"OneThatForbidsDlopen", fails, "forbids",
       [](B& b) { return b.object("it.so", anything, "-Wl,-z,nodlopen"); }},
      {"OneThatStaysLoaded", loads, "", [](B& b) { return b.object("it.so", anything, "-Wl,-z,nodelete"); }},
      {"AProgram", fails, "program",
       [](B& b) {
         b.script("p.c", "int main(void) { return 0; }");
         b.run("gcc {dir}/p.c -o {dir}/p");
         return b / "p";
       }},
      {"AProgramOfFixedPlace", fails, "program",
       [](B& b) {
         b.script("p.c", "int main(void) { return 0; }");
         b.run("gcc -no-pie {dir}/p.c -o {dir}/p");
         return b / "p";
       }},
      {"AnObjectFile", fails, "object file",
       [](B& b) {
         b.script("o.c", anything);
         b.run("gcc -fPIC -c {dir}/o.c -o {dir}/o.so");
         return b / "o.so";
       }},
      {"OfAnotherMachine", fails, "it.so", [](B& b) { return rewritten(b, B::as_other_machine); }},
      {"Of32Bits", fails, "it.so", [](B& b) { return rewritten(b, B::as_32_bit); }},
      {"BigEndian", fails, "it.so", [](B& b) { return rewritten(b, B::as_big_endian); }},
      {"ALinkerScript", fails, "script",
       [](B& b) { return b.script("it.so", "/* GNU ld script */\nINPUT(libreal.so.1)\n"); }},
      {"AnEmptyFile", fails, "it.so", [](B& b) { return b.script("it.so", ""); }},
      {"OnlyAHeader", fails, "it.so", [](B& b) { return cut_to(b, 64); }},
      {"CutInTheProgramHeaders", fails, "it.so", [](B& b) { return cut_to(b, 100); }},
      {"NothingThere", fails, "gone.so", [](B& b) { return b / "gone.so"; }},
  };
}

}  // namespace wheelfit::test
