// SPDX-License-Identifier: Apache-2.0
#include "made_objects.hpp"

#include <filesystem>

namespace wheelfit::test {
namespace {

namespace fs = std::filesystem;

constexpr auto asks = "void f(void); void g(void) { f(); }";
constexpr auto gives = "void f(void) {}";
constexpr auto rpath = "-Wl,--disable-new-dtags ", runpath = "-Wl,--enable-new-dtags ";

// sub/libf.so, and an object that wants it with these flags.
fs::path wants_sub(ObjectBuilder& builder, const std::string& flags) {
  builder.object("sub/libf.so", gives, "-Wl,-soname,libf.so");
  return builder.object("it.so", asks, flags + " -L{dir}/sub -Wl,--no-as-needed -lf");
}

// it.so -> libmiddle.so (beside it) -> libf.so (in sub, which only it.so names).
fs::path through_the_middle(ObjectBuilder& builder, const std::string& kind) {
  builder.object("sub/libf.so", gives, "-Wl,-soname,libf.so");
  builder.object("libmiddle.so", asks, "-L{dir}/sub -Wl,--no-as-needed -lf -Wl,-soname,libmiddle.so");
  return builder.object("it.so", "void g(void); void h(void) { g(); }",
                        kind +
                            "-Wl,-rpath,'$ORIGIN:$ORIGIN/sub' -L{dir} -Wl,--no-as-needed -lmiddle "
                            "-Wl,--allow-shlib-undefined");
}

// first/libf.so is `spoilt`, second/libf.so is sound; both are searched, in this order.
fs::path after_a_spoilt_one(ObjectBuilder& builder, const std::function<void(const fs::path&)>& spoil) {
  builder.object("second/libf.so", gives, "-Wl,-soname,libf.so");
  const fs::path first = builder.object("first/libf.so", gives, "-Wl,-soname,libf.so");
  const fs::path object = builder.object(
      "it.so", asks, "-Wl,-rpath,'$ORIGIN/first:$ORIGIN/second' -L{dir}/second -Wl,--no-as-needed -lf");
  spoil(first);
  return object;
}

}  // namespace

std::vector<MadeObject> objects_about_search() {
  using B = ObjectBuilder;
  constexpr auto loads = Loading::loads, fails = Loading::fails;
  const std::string origin = "-Wl,-rpath,'$ORIGIN/sub'";
  return {
      {"NoPathAtAll", fails, "libf.so", [](B& b) { return wants_sub(b, ""); }},
      {"ByRunpath", loads, "", [origin](B& b) { return wants_sub(b, runpath + origin); }},
      {"ByRpath", loads, "", [origin](B& b) { return wants_sub(b, rpath + origin); }},
      {"ByOriginInBraces", loads, "", [](B& b) { return wants_sub(b, "-Wl,-rpath,'${ORIGIN}/sub'"); }},
      {"ByAbsolutePath", loads, "", [](B& b) { return wants_sub(b, "-Wl,-rpath,{dir}/sub"); }},
      {"ByAPathThroughADirectoryThatIsNotThere", fails, "libf.so",
       [](B& b) { return wants_sub(b, "-Wl,-rpath,'$ORIGIN/none/../sub/.'"); }},
      {"ByAPathThroughADirectoryThatIsThere", loads, "",
       [](B& b) { return wants_sub(b, "-Wl,-rpath,'$ORIGIN/sub/../sub'"); }},
      {"ByAnUnknownToken", fails, "libf.so", [](B& b) { return wants_sub(b, "-Wl,-rpath,'$HERE/sub'"); }},
      {"OriginOfALinkIsTheLinks", fails, "libf.so",
       [origin](B& b) {
         const fs::path object = wants_sub(b, runpath + origin);
         fs::create_directory(b / "elsewhere");
         fs::create_symlink(object, b / "elsewhere/link.so");
         return b / "elsewhere/link.so";
       }},
      {"RunpathIsNotInherited", fails, "libf.so", [](B& b) { return through_the_middle(b, runpath); }},
      {"RpathIsInherited", loads, "", [](B& b) { return through_the_middle(b, rpath); }},
      {"RpathIsNotInheritedWhereThereIsARunpath", fails, "libf.so",
       [](B& b) {
         const auto object = through_the_middle(b, rpath);
         b.object("libmiddle.so", asks,
                  std::string(runpath) +
                      "-Wl,-rpath,/nowhere -L{dir}/sub -Wl,--no-as-needed -lf "
                      "-Wl,-soname,libmiddle.so");
         return object;
       }},
      {"ByNameWithASlash", loads, "",
       [](B& b) {
         b.object("sub/libslash.so", gives);
         return b.object("it.so", asks, "{dir}/sub/libslash.so");
       }},
      {"ByNameWithASlashThatIsGone", fails, "libslash.so",
       [](B& b) {
         const fs::path library = b.object("sub/libslash.so", gives);
         const fs::path object = b.object("it.so", asks, "{dir}/sub/libslash.so");
         fs::remove(library);
         return object;
       }},
      {"PastAForeignMachine", loads, "", [](B& b) { return after_a_spoilt_one(b, B::as_other_machine); }},
      {"PastA32BitOne", loads, "", [](B& b) { return after_a_spoilt_one(b, B::as_32_bit); }},
      {"NotPastADirectory", fails, "libf.so",
       [](B& b) {
         return after_a_spoilt_one(b, [](const fs::path& file) {
           fs::remove(file);
           fs::create_directory(file);
         });
       }},
      {"NotPastALinkerScript", fails, "libf.so",
       [](B& b) {
         return after_a_spoilt_one(b, [&b](const fs::path&) {
           b.script("first/libf.so", "/* GNU ld script */ INPUT(libreal.so.1)\n");
         });
       }},
      {"NotPastAnEmptyFile", fails, "libf.so",
       [](B& b) { return after_a_spoilt_one(b, [&b](const fs::path&) { b.script("first/libf.so", ""); }); }},
      {"PastADanglingLink", loads, "",
       [](B& b) {
         return after_a_spoilt_one(b, [](const fs::path& file) {
           fs::remove(file);
           fs::create_symlink("/nowhere", file);
         });
       }},
      {"ALibraryThatWantsItsAsker", loads, "",
       [](B& b) {
         b.object("liba.so", "", "-Wl,-soname,liba.so");
         b.object("libb.so", "void a(void); void b(void) { a(); }",
                  "-Wl,-rpath,'$ORIGIN' -L{dir} -Wl,--no-as-needed -la -Wl,-soname,libb.so");
         return b.object("liba.so", "void b(void); void a(void) { b(); }",
                         "-Wl,-rpath,'$ORIGIN' -L{dir} -Wl,--no-as-needed -lb -Wl,-soname,liba.so "
                         "-Wl,--allow-shlib-undefined");
       }},
  };
}

}  // namespace wheelfit::test
