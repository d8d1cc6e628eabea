// SPDX-License-Identifier: Apache-2.0
// Real shared objects with real faults: made by the machine's own gcc and g++ while the test runs, then,
// where no compiler makes it, rewritten in their headers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "support/elf_builder.hpp"

namespace wheelfit::test {

class ObjectBuilder {
 public:
  // C, by "gcc -shared -fPIC"; in `source` and `flags` {dir} is the builder's directory. Directories in
  // `name` are made. Throws std::runtime_error with the compiler's words where that fails.
  std::filesystem::path object(std::string_view name, std::string_view source, std::string_view flags = {});
  // The same for C++ with its standard library; `cxx11_abi` is _GLIBCXX_USE_CXX11_ABI.
  std::filesystem::path cxx_object(std::string_view name, std::string_view source, int cxx11_abi = 1,
                                   std::string_view flags = {});
  // A version script: {dir}/<name>, for "-Wl,--version-script".
  std::filesystem::path script(std::string_view name, std::string_view content);
  void run(std::string command) const { elf_.run(std::move(command)); }

  // Overwrites bytes of a file that is there.
  static void patch(const std::filesystem::path& file, std::size_t offset, std::string_view bytes);
  // The ELF header says something else: EI_CLASS 1, e_machine 183 (AArch64), EI_DATA 2.
  static void as_32_bit(const std::filesystem::path& file) { patch(file, 4, std::string_view("\x01", 1)); }
  static void as_big_endian(const std::filesystem::path& file) {
    patch(file, 5, std::string_view("\x02", 1));
  }
  static void as_other_machine(const std::filesystem::path& file);
  // No section table, as super-strip leaves it: e_shoff, e_shnum and e_shstrndx are 0.
  static void without_sections(const std::filesystem::path& file);

  const std::filesystem::path& directory() const noexcept { return elf_.directory().path(); }
  std::filesystem::path operator/(std::string_view name) const { return directory() / name; }

 private:
  void compile(std::string_view compiler, std::string_view source_name, std::string_view name,
               std::string_view source, std::string_view flags);

  ElfBuilder elf_;
};

}  // namespace wheelfit::test
