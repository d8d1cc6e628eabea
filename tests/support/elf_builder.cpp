// SPDX-License-Identifier: Apache-2.0
#include "support/elf_builder.hpp"

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include <fmt/core.h>

namespace wheelfit::test {

FileBytes::FileBytes(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  if (!stream) throw std::runtime_error("cannot read " + file.string());
  bytes_.resize(std::filesystem::file_size(file));
  stream.read(reinterpret_cast<char*>(bytes_.data()), static_cast<std::streamsize>(bytes_.size()));
}

std::filesystem::path ElfBuilder::shared_object(std::string_view name, std::string_view source,
                                                std::string_view flags) const {
  const auto source_file = directory_.write(fmt::format("{}.cpp", name), source);
  const auto object = directory_ / name;
  run(fmt::format("g++ -shared -fPIC -nostdlib '{}' -o '{}' {}", source_file.string(), object.string(),
                  flags));
  return object;
}

void ElfBuilder::run(std::string command) const {
  constexpr std::string_view placeholder = "{dir}";
  for (auto at = command.find(placeholder); at != std::string::npos; at = command.find(placeholder))
    command.replace(at, placeholder.size(), directory_.path().string());
  const auto log = directory_ / "command.log";
  if (std::system(fmt::format("({}) > '{}' 2>&1", command, log.string()).c_str()) != 0)
    throw std::runtime_error(command + "\n" + read_text(log));
}

}  // namespace wheelfit::test
