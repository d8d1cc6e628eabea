// SPDX-License-Identifier: Apache-2.0
#include "python_world.hpp"

#include <stdexcept>

namespace wheelfit::probe::test {
namespace {

template <typename T>
void put(std::string& bytes, std::size_t offset, T value) {
  for (std::size_t at = 0; at < sizeof(T); ++at)
    bytes.at(offset + at) = static_cast<char>(value >> (8 * at) & 0xff);
}

}  // namespace

system::ProcessResult NoProcesses::run(const system::Command& command) {
  throw std::logic_error("started " + command.arguments.at(0));
}

std::string tiny_elf(const ElfShape& shape) {
  constexpr std::size_t header_size = 64;
  constexpr std::size_t program_header_size = 56;
  std::string bytes(header_size + program_header_size, '\0');
  bytes.replace(0, 4,
                "\x7f"
                "ELF");
  bytes[4] = static_cast<char>(shape.elf_class);
  bytes[5] = 1;  // little-endian
  bytes[6] = 1;
  put<std::uint16_t>(bytes, 16, 3);  // ET_DYN
  put<std::uint16_t>(bytes, 18, shape.machine);
  put<std::uint32_t>(bytes, 20, 1);
  put<std::uint64_t>(bytes, 32, header_size);  // e_phoff
  put<std::uint16_t>(bytes, 52, header_size);
  put<std::uint16_t>(bytes, 54, program_header_size);
  put<std::uint16_t>(bytes, 56, 1);  // e_phnum
  const std::size_t loader_at = bytes.size();
  put<std::uint32_t>(bytes, header_size, 3);  // PT_INTERP
  put<std::uint32_t>(bytes, header_size + 4, 4);
  put<std::uint64_t>(bytes, header_size + 8, loader_at);
  put<std::uint64_t>(bytes, header_size + 16, loader_at);
  put<std::uint64_t>(bytes, header_size + 32, shape.loader.size() + 1);
  put<std::uint64_t>(bytes, header_size + 40, shape.loader.size() + 1);
  put<std::uint64_t>(bytes, header_size + 48, 1);
  return bytes + shape.loader + '\0';
}

PythonWorld::PythonWorld() : current_directory_(directory_.path() / "srv" / "project") {
  std::filesystem::create_directories(current_directory_);
  variables_["HOME"] = "/home/user";
  variables_["PATH"] = "/usr/bin";
  std::filesystem::create_directories(at("/home/user"));
}

std::filesystem::path PythonWorld::write(const std::string& path, std::string_view content) const {
  return directory_.write(path.substr(1), content);
}

void PythonWorld::link(const std::string& path, const std::string& target) const {
  std::filesystem::create_directories(at(path).parent_path());
  std::filesystem::create_symlink(target, at(path));
}

void PythonWorld::add_python(const std::string& prefix, const std::string& name,
                             const ElfShape& shape) const {
  const std::filesystem::path executable = write(prefix + "/bin/" + name, tiny_elf(shape));
  std::filesystem::permissions(executable, std::filesystem::perms::owner_all);
  if (!std::filesystem::exists(at(prefix + "/bin/python3"))) {
    link(prefix + "/bin/python3", name);
    link(prefix + "/bin/python", name);
  }
  write(prefix + "/lib/" + name + "/os.py");
  write(prefix + "/lib/" + name + "/site.py", "# plain\n");
  std::filesystem::create_directories(at(prefix + "/lib/" + name + "/site-packages"));
}

void PythonWorld::add_venv(const std::string& directory, const std::string& base_bin, const std::string& name,
                           const std::string& more_cfg) const {
  write(directory + "/pyvenv.cfg", "home = " + base_bin + "\n" + more_cfg);
  link(directory + "/bin/python", base_bin + "/" + name);
  std::filesystem::create_directories(at(directory + "/lib/" + name + "/site-packages"));
}

void PythonWorld::add_distribution(const std::string& site, const std::string& name_and_version) const {
  const std::string directory = site + "/" + name_and_version + ".dist-info";
  const std::size_t dash = name_and_version.find('-');
  write(directory + "/METADATA", "Metadata-Version: 2.1\nName: " + name_and_version.substr(0, dash) +
                                     "\nVersion: " + name_and_version.substr(dash + 1) + "\n");
  write(directory + "/INSTALLER", "pip\n");
}

Environment PythonWorld::probe(const std::optional<std::string>& python) {
  ProbeRequest request;
  if (python) request.python = *python;
  NoProcesses processes;
  return probe(request, processes);
}

Environment PythonWorld::probe(const ProbeRequest& request, system::ProcessRunner& processes) {
  system::RealClock clock;
  system::World world{
      {}, processes, clock, system::EnvironmentVariables(variables_), directory_.path(), current_directory_};
  return wheelfit::probe::probe(request, world);
}

}  // namespace wheelfit::probe::test
