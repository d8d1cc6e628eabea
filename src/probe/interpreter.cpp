// SPDX-License-Identifier: Apache-2.0
#include "probe/interpreter.hpp"

#include "base/text.hpp"
#include "binary/elf_identity.hpp"
#include "probe/python_version.hpp"
#include "probe/text_scan.hpp"
#include "probe/witnesses.hpp"

namespace wheelfit::probe {
namespace {

struct SysconfigData {
  SysconfigName name;
  std::filesystem::path file;
};

std::optional<SysconfigData> find_sysconfig_data(const PythonLayout& layout) {
  if (!layout.standard_library) return std::nullopt;
  for (const std::string& name : names_in(*layout.standard_library)) {
    if (const auto parsed = parse_sysconfig_name(name))
      return SysconfigData{*parsed, *layout.standard_library / name};
  }
  return std::nullopt;
}

bool is_pyenv_version(const std::filesystem::path& prefix) {
  const std::filesystem::path versions = prefix.parent_path();
  return versions.filename() == "versions" && directory_exists(versions.parent_path() / "shims");
}

// python-build-standalone is built for /install and lies somewhere else.
bool is_standalone_build(const PythonLayout& layout, const std::optional<SysconfigData>& sysconfig) {
  if (!sysconfig || layout.prefix == "/install") return false;
  const std::string text = read_file(sysconfig->file).value_or("");
  return text.find("--prefix=/install") != std::string::npos ||
         text.find("'prefix': '/install'") != std::string::npos;
}

Fact<std::string> kind_of(const PythonLayout& layout, const std::optional<SysconfigData>& sysconfig) {
  const std::string cfg = (layout.prefix / "pyvenv.cfg").string();
  if (layout.is_virtual()) {
    for (const char* maker : {"uv", "virtualenv"}) {
      if (layout.pyvenv_cfg->get(maker)) return {maker, cfg};
    }
    return {"venv", cfg};
  }
  const std::filesystem::path conda = layout.prefix / "conda-meta";
  if (directory_exists(conda))
    return {"conda", (path_exists(conda / "pixi") ? conda / "pixi" : conda).string()};
  if (is_pyenv_version(layout.prefix)) return {"pyenv", layout.prefix.string()};
  if (is_standalone_build(layout, sysconfig)) return {"standalone", sysconfig->file.string()};
  return {"system", layout.prefix.string()};
}

// As `platform` in wheel tags; "" for what no wheel is made for.
std::string platform_of(const binary::ElfIdentity& identity) {
  const bool wide = identity.elf_class == binary::ElfClass::bits64;
  switch (identity.machine) {
    case binary::Machine::i386:
      return "linux_i686";
    case binary::Machine::arm:
      return "linux_armv7l";
    case binary::Machine::ppc64:
      return identity.byte_order == binary::ByteOrder::little ? "linux_ppc64le" : "linux_ppc64";
    case binary::Machine::riscv:
      return wide ? "linux_riscv64" : "linux_riscv32";
    case binary::Machine::loongarch:
      return "linux_loongarch64";
    case binary::Machine::s390:
      return "linux_s390x";
    case binary::Machine::x86_64:
    case binary::Machine::aarch64:
      return wide ? "linux_" + binary::machine_name(identity.machine) : "";
    default:
      return "";
  }
}

Fact<std::string> platform_fact(const PythonLayout& layout, const std::optional<SysconfigData>& sysconfig) {
  Fact<std::string> platform;
  if (layout.real_executable) {
    const std::string head = read_file(*layout.real_executable, 64).value_or("");
    const auto identity = binary::parse_elf_identity(std::as_bytes(std::span(head)));
    if (identity && !platform_of(*identity).empty()) {
      add_witness(platform, platform_of(*identity), layout.real_executable->string());
    }
  }
  // The sysconfig data of a 32-bit build names that build's machine as well, if less exactly for ARM.
  if (!platform.known() && sysconfig && !sysconfig->name.platform.empty()) {
    add_witness(platform, sysconfig->name.platform, sysconfig->file.string());
  }
  return platform;
}

void describe_abi(const PythonLayout& layout, const std::optional<SysconfigData>& sysconfig,
                  Interpreter& interpreter) {
  const std::string version = layout.short_version();
  if (version.empty() || layout.is_pypy()) {
    if (layout.is_pypy()) interpreter.free_threaded = {false, layout.library_name};
    return;
  }
  interpreter.free_threaded = {layout.library_name.ends_with('t'), layout.library_name};
  std::string flags = *interpreter.free_threaded ? "t" : "";
  std::string source = layout.library_name;
  if (sysconfig) {
    flags = sysconfig->name.abi_flags;
    source = sysconfig->file.string();
    add_witness(interpreter.free_threaded, flags.find('t') != std::string::npos, source);
  }
  if (version.starts_with("3.")) interpreter.abi_tag = {"cp3" + version.substr(2) + flags, source};
}

Fact<bool> externally_managed(const PythonLayout& layout) {
  // PEP 668: a virtual environment is nobody else's, whatever its base says.
  if (layout.is_virtual()) return {false, (layout.prefix / "pyvenv.cfg").string()};
  if (!layout.standard_library) return {};
  const std::filesystem::path marker = *layout.standard_library / "EXTERNALLY-MANAGED";
  return {path_exists(marker), marker.string()};
}

}  // namespace

std::optional<SysconfigName> parse_sysconfig_name(std::string_view file_name) {
  constexpr std::string_view stem = "_sysconfigdata_";
  if (!file_name.starts_with(stem) || !file_name.ends_with(".py")) return std::nullopt;
  file_name.remove_prefix(stem.size());
  file_name.remove_suffix(3);
  const std::size_t system = file_name.find("_linux");
  if (system == std::string_view::npos) return std::nullopt;
  SysconfigName name;
  name.abi_flags = file_name.substr(0, system);
  // "_linux_x86_64-linux-gnu": the multiarch triplet, which some builds leave out.
  const std::string_view triplet = file_name.substr(system + 6);
  const std::string_view machine = triplet.substr(0, triplet.find('-'));
  if (machine.size() > 1) name.platform = "linux" + std::string(machine);
  if (name.platform == "linux_i386") name.platform = "linux_i686";
  return name;
}

Interpreter describe_interpreter(const PythonLayout& layout, const RootedFiles& files) {
  const auto sysconfig = find_sysconfig_data(layout);
  Interpreter interpreter;
  const std::string found =
      layout.is_virtual() ? (layout.prefix / "pyvenv.cfg").string() : layout.executable.string();
  interpreter.executable = {layout.executable, layout.executable.string()};
  interpreter.kind = kind_of(layout, sysconfig);
  interpreter.prefix = {layout.prefix, found};
  if (layout.base_prefix) interpreter.base_prefix = {*layout.base_prefix, layout.standard_library->string()};
  if (!layout.library_name.empty()) {
    interpreter.implementation = {layout.is_pypy() ? "pypy" : "cpython", layout.library_name};
  }
  interpreter.version = python_version(layout, files);
  describe_abi(layout, sysconfig, interpreter);
  interpreter.platform = platform_fact(layout, sysconfig);
  interpreter.externally_managed = externally_managed(layout);
  interpreter.remarks = layout.remarks;
  return interpreter;
}

}  // namespace wheelfit::probe
