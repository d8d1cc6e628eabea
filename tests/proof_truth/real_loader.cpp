// SPDX-License-Identifier: Apache-2.0
#include "real_loader.hpp"

#include <sys/wait.h>

#include <cstdlib>

#include <fmt/core.h>

namespace wheelfit::test {
namespace {

// _exit: destructors of what was loaded are not what is asked about.
constexpr const char* source = R"(#include <dlfcn.h>
#include <stdio.h>
#include <unistd.h>
int main(int count, char **arguments) {
  if (count == 2 && dlopen(arguments[1], RTLD_NOW)) _exit(10);
  FILE *words = fopen(WORDS, "w");
  fputs(dlerror(), words);
  fclose(words);
  _exit(11);
}
)";

}  // namespace

RealLoader::RealLoader() {
  builder_.directory().write("load.c", source);
  builder_.run(R"(gcc -O1 '-DWORDS="{dir}/words"' {dir}/load.c -o {dir}/load -ldl)");
  program_ = builder_.directory() / "load";
}

Judgement RealLoader::load(const std::filesystem::path& object) const {
  const int status =
      std::system(fmt::format("timeout 10 '{}' '{}' >{}/out 2>&1 </dev/null", program_.string(),
                              object.string(), builder_.directory().path().string())
                      .c_str());
  switch (WIFEXITED(status) ? WEXITSTATUS(status) : 0) {
    case 10:
      return {Loading::loads, {}};
    case 11:
      return {Loading::fails, read_text(builder_.directory() / "words")};
    default:
      return {Loading::dies, {}};
  }
}

}  // namespace wheelfit::test
