// SPDX-License-Identifier: Apache-2.0
#include "support/object_builder.hpp"

#include <fstream>
#include <stdexcept>

#include <elf.h>
#include <fmt/core.h>

namespace wheelfit::test {

void ObjectBuilder::compile(std::string_view compiler, std::string_view source_name, std::string_view name,
                            std::string_view source, std::string_view flags) {
  elf_.directory().write(source_name, source);
  std::filesystem::create_directories((directory() / name).parent_path());
  elf_.run(fmt::format("{} '{{dir}}/{}' -o '{{dir}}/{}' {}", compiler, source_name, name, flags));
}

std::filesystem::path ObjectBuilder::object(std::string_view name, std::string_view source,
                                            std::string_view flags) {
  compile("gcc -shared -fPIC -w", fmt::format("{}.c", name), name, source, flags);
  return directory() / name;
}

std::filesystem::path ObjectBuilder::cxx_object(std::string_view name, std::string_view source, int cxx11_abi,
                                                std::string_view flags) {
  compile(fmt::format("g++ -shared -fPIC -w -D_GLIBCXX_USE_CXX11_ABI={}", cxx11_abi),
          fmt::format("{}.cpp", name), name, source, flags);
  return directory() / name;
}

std::filesystem::path ObjectBuilder::script(std::string_view name, std::string_view content) {
  return elf_.directory().write(name, content);
}

void ObjectBuilder::patch(const std::filesystem::path& file, std::size_t offset, std::string_view bytes) {
  std::fstream stream(file, std::ios::binary | std::ios::in | std::ios::out);
  stream.seekp(static_cast<std::streamoff>(offset));
  stream.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  if (!stream) throw std::runtime_error("cannot rewrite " + file.string());
}

void ObjectBuilder::as_other_machine(const std::filesystem::path& file) {
  const bool is_aarch64 = FileBytes(file).span()[offsetof(Elf64_Ehdr, e_machine)] == std::byte{EM_AARCH64};
  const char other = is_aarch64 ? static_cast<char>(EM_X86_64) : static_cast<char>(EM_AARCH64);
  patch(file, offsetof(Elf64_Ehdr, e_machine), std::string_view(&other, 1));
}

void ObjectBuilder::without_sections(const std::filesystem::path& file) {
  patch(file, offsetof(Elf64_Ehdr, e_shoff), std::string(8, '\0'));
  patch(file, offsetof(Elf64_Ehdr, e_shnum), std::string(4, '\0'));  // and e_shstrndx
}

}  // namespace wheelfit::test
