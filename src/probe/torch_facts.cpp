// SPDX-License-Identifier: Apache-2.0
#include "probe/torch_facts.hpp"

#include <array>

#include "binary/elf.hpp"
#include "probe/rooted_files.hpp"
#include "probe/text_scan.hpp"
#include "probe/torch_label.hpp"
#include "probe/torch_version_file.hpp"
#include "probe/witnesses.hpp"

namespace wheelfit::probe {
namespace {

// The same functions, mangled for either std::string.
constexpr std::array<std::pair<std::string_view, bool>, 6> abi_marks{{
    {"_ZN3c106detail14torchCheckFailEPKcS2_jRKNSt7__cxx1112basic_stringIcSt11char_traitsIcESaIcEEE", true},
    {"_ZN3c106detail14torchCheckFailEPKcS2_jRKSs", false},
    {"_ZN3c105ErrorC2ENS_14SourceLocationENSt7__cxx1112basic_stringIcSt11char_traitsIcESaIcEEE", true},
    {"_ZN3c105ErrorC2ENS_14SourceLocationESs", false},
    {"_ZN3c105ErrorC1ENS_14SourceLocationENSt7__cxx1112basic_stringIcSt11char_traitsIcESaIcEEE", true},
    {"_ZN3c105ErrorC1ENS_14SourceLocationESs", false},
}};

// A package, not the directory that an uninstall left behind.
std::optional<std::filesystem::path> torch_directory(const Interpreter& interpreter) {
  for (const std::filesystem::path& site : interpreter.site_directories) {
    const std::filesystem::path directory = site / "torch";
    if (file_exists(directory / "version.py") || file_exists(directory / "__init__.py")) return directory;
  }
  return std::nullopt;
}

bool agree_but_for_the_label(const python::Version& left, const python::Version& right) {
  if (left.local().empty() || right.local().empty()) return left.public_version() == right.public_version();
  return left == right;
}

class TorchReader {
 public:
  TorchReader(const std::filesystem::path& directory, const InstalledDistribution* distribution)
      : directory_(directory), distribution_(distribution) {
    torch_.directory = {directory, directory.parent_path().string()};
    torch_.installed = {true, directory.string()};
  }

  Torch read() {
    read_version_file();
    read_distribution();
    read_label();
    read_abi();
    return std::move(torch_);
  }

 private:
  void read_version_file() {
    const std::filesystem::path file = directory_ / "version.py";
    const auto text = read_file(file);
    if (!text) return;
    const std::string source = file.string();
    const auto values = parse_torch_version_file(*text);
    const auto value = [&values](std::string_view name) {
      const auto found = values.find(name);
      return found == values.end() ? std::nullopt : found->second;
    };
    const auto version = python::Version::parse(value("__version__").value_or(""));
    if (version) torch_.version = {*version, source};
    if (!values.contains("cuda")) return;
    if (const auto cuda = leading_version(value("cuda").value_or(""))) {
      torch_.cuda = {*cuda, source};
      torch_.build = {TorchBuild::cuda, source};
    } else if (const auto hip = leading_version(value("hip").value_or(""))) {
      torch_.hip = {*hip, source};
      torch_.build = {TorchBuild::rocm, source};
    } else {
      torch_.build = {value("xpu") ? TorchBuild::xpu : TorchBuild::cpu, source};
    }
  }

  void read_distribution() {
    if (distribution_ == nullptr) return;
    const auto version = python::Version::parse(distribution_->version);
    if (version)
      add_witness(torch_.version, *version, distribution_->metadata_path.string(), agree_but_for_the_label);
  }

  void read_label() {
    if (!torch_.version.known()) return;
    const TorchLabel label = read_torch_label(*torch_.version);
    const std::string source = "the label of torch " + torch_.version->to_string();
    if (label.cuda) add_witness(torch_.cuda, *label.cuda, source);
    // The label of a ROCm build is ROCm's version, version.py's is HIP's: 6.2 and 6.2.41133.
    if (label.hip) add_witness(torch_.hip, *label.hip, source, python::same_release_prefix);
    if (!label.build) return;
    if (!torch_.build.known()) {
      torch_.build = {*label.build, source};
    } else if (*torch_.build != *label.build) {
      torch_.build.disagreeing.push_back({std::string(to_string(*label.build)), source});
    }
  }

  void read_abi() {
    const std::filesystem::path library = directory_ / "lib/libc10.so";
    if (const auto file = map_file(library)) {
      if (const auto abi = cxx11_abi_of_symbols(file->bytes()))
        add_witness(torch_.cxx11_abi, *abi, library.string());
    }
    const std::filesystem::path config = directory_ / "share/cmake/Torch/TorchConfig.cmake";
    if (const auto abi = cxx11_abi_of_cmake(read_file(config).value_or(""))) {
      add_witness(torch_.cxx11_abi, *abi, config.string());
    }
  }

  const std::filesystem::path& directory_;
  const InstalledDistribution* distribution_;
  Torch torch_;
};

}  // namespace

std::optional<bool> cxx11_abi_of_symbols(std::span<const std::byte> libc10) {
  const auto image = binary::ElfImage::parse(libc10);
  if (!image) return std::nullopt;
  for (const auto& [symbol, is_new] : abi_marks) {
    if (image->exports(symbol)) return is_new;
  }
  return std::nullopt;
}

std::optional<bool> cxx11_abi_of_cmake(std::string_view torch_config) {
  constexpr std::string_view flag = "-D_GLIBCXX_USE_CXX11_ABI=";
  const std::size_t at = torch_config.find(flag);
  if (at == std::string_view::npos || at + flag.size() >= torch_config.size()) return std::nullopt;
  const char digit = torch_config[at + flag.size()];
  if (digit != '0' && digit != '1') return std::nullopt;
  return digit == '1';
}

Torch find_torch(const Interpreter& interpreter) {
  const InstalledDistribution* distribution = interpreter.find("torch");
  if (const auto directory = torch_directory(interpreter))
    return TorchReader(*directory, distribution).read();
  Torch torch;
  if (distribution != nullptr) {
    // Installed, but found through code in a .pth file (an editable build): its files stay unknown.
    torch.installed = {true, distribution->metadata_path.string()};
    const auto version = python::Version::parse(distribution->version);
    if (version) torch.version = {*version, distribution->metadata_path.string()};
  } else if (!interpreter.site_directories.empty()) {
    torch.installed = {false, interpreter.site_directories.front().string()};
  }
  return torch;
}

}  // namespace wheelfit::probe
