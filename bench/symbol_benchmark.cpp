// SPDX-License-Identifier: Apache-2.0
// What matching 2,000 undefined symbols against a library of 200,000 exports costs, and what opening it
// costs.
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>

#include <benchmark/benchmark.h>

#include "binary/elf.hpp"
#include "system/mapped_file.hpp"
#include "system/temp_directory.hpp"

namespace {

using namespace wheelfit;

constexpr int exports = 200'000;
constexpr int references = 2'000;

// As long as torch's own are.
std::string name_of(int number) {
  return "_ZN2at6native29a_name_like_those_of_a_librarE" + std::to_string(number);
}

void run(const std::string& command) {
  if (std::system(command.c_str()) != 0) throw std::runtime_error(command);
}

// A library and an object that refers to every hundredth of its symbols, made by the assembler and the
// linker.
class Pair {
 public:
  Pair() : directory_(std::filesystem::temp_directory_path()) {
    std::ofstream library(path("library.s"));
    library << ".text\n";
    for (int i = 0; i < exports; ++i)
      library << ".globl " << name_of(i) << "\n" << name_of(i) << ":\n.byte 0\n";
    std::ofstream user(path("user.s"));
    user << ".data\n";
    for (int i = 0; i < references; ++i) user << ".quad " << name_of(i * (exports / references)) << "\n";
    library.close();
    user.close();
    for (const char* object : {"library", "user"}) {
      const std::string file = path(object);
      run("as '" + file + ".s' -o '" + file + ".o' && ld -shared --hash-style=gnu '" + file + ".o' -o '" +
          file + "'");
    }
  }
  std::string path(const std::string& name) const { return (directory_.path() / name).string(); }

 private:
  system::TempDirectory directory_;
};

const Pair& pair() {
  static const Pair made;
  return made;
}

void match_symbols(benchmark::State& state) {
  const system::MappedFile library_file(pair().path("library"));
  const system::MappedFile user_file(pair().path("user"));
  const auto library = binary::ElfImage::parse(library_file.bytes());
  const auto user = binary::ElfImage::parse(user_file.bytes());
  std::size_t found = 0;
  for (auto _ : state) {
    found = 0;
    for (const binary::UndefinedSymbol& symbol : user->undefined_symbols())
      found += library->exports(symbol.name) ? 1U : 0U;
  }
  if (found != references) state.SkipWithError("not every symbol was found");
}
BENCHMARK(match_symbols)->Unit(benchmark::kMillisecond);

void open_the_library(benchmark::State& state) {
  for (auto _ : state) {
    const system::MappedFile file(pair().path("library"));
    benchmark::DoNotOptimize(binary::ElfImage::parse(file.bytes()));
  }
}
BENCHMARK(open_the_library)->Unit(benchmark::kMicrosecond);

}  // namespace
