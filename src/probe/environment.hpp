// SPDX-License-Identifier: Apache-2.0
// What `probe` produces: the Python environment and the machine, every fact with where it came from.
// A plain value: reading it does no I/O. The same type describes a machine that is only written about
// (--target).
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/fact.hpp"
#include "python/tags.hpp"
#include "python/version.hpp"

namespace wheelfit::probe {

// Where pip would put each part of a wheel (sysconfig's names).
struct InstallScheme {
  std::filesystem::path purelib;
  std::filesystem::path platlib;
  std::filesystem::path scripts;
  std::filesystem::path headers;  // the directory that takes <distribution name>/
  std::filesystem::path data;
};

struct InstalledDistribution {
  std::string name;                     // normalized
  std::string version;                  // as METADATA or the directory name says
  std::filesystem::path location;       // the directory on sys.path
  std::filesystem::path metadata_path;  // its .dist-info or .egg-info
  std::string installer;                // INSTALLER; "" where absent
  bool editable = false;
};

struct Interpreter {
  Fact<std::filesystem::path> executable;  // as the user would start it: <venv>/bin/python
  // "venv" "virtualenv" "uv" "conda" (pixi too) "pyenv" "standalone" (python-build-standalone) "system"
  // "target"
  Fact<std::string> kind;
  Fact<std::filesystem::path> prefix;
  Fact<std::filesystem::path> base_prefix;
  Fact<std::string> implementation;  // "cpython", "pypy"
  Fact<python::Version> version;     // 3.11.7, or 3.11 where no more is known
  Fact<bool> free_threaded;
  Fact<std::string> abi_tag;      // "cp311", "cp313t", "cp37m"
  Fact<std::string> platform;     // "linux_x86_64"
  Fact<bool> externally_managed;  // PEP 668 applies
  Fact<InstallScheme> scheme;
  // sys.path's site directories in Python's order (site-packages, user site, .pth, system site-packages).
  std::vector<std::filesystem::path> site_directories;
  // .pth files with lines that Python would run; what those add to sys.path is not known.
  std::vector<std::filesystem::path> pth_files_with_code;
  // What the user should know: "/opt/py/bin, the home of this venv, is gone".
  std::vector<std::string> remarks;
  // First on the path wins, as for import; sorted by name.
  std::vector<InstalledDistribution> distributions;

  const InstalledDistribution* find(std::string_view normalized_name) const noexcept;
};

enum class TorchBuild { cpu, cuda, rocm, xpu };
std::string_view to_string(TorchBuild build) noexcept;

struct Torch {
  Fact<bool> installed;           // known false: there is none
  Fact<python::Version> version;  // 2.6.0+cu124
  Fact<TorchBuild> build;
  Fact<python::Version> cuda;             // 12.4; only for TorchBuild::cuda
  Fact<python::Version> hip;              // 6.2; only for TorchBuild::rocm
  Fact<bool> cxx11_abi;                   // _GLIBCXX_USE_CXX11_ABI
  Fact<std::filesystem::path> directory;  // site-packages/torch
};

struct ComputeCapability {
  int major = 0;
  int minor = 0;
  std::string to_string() const;  // "sm_90"
  friend auto operator<=>(const ComputeCapability&, const ComputeCapability&) = default;
};
// "sm_90", "sm90", "9.0", "sm_120a" (the letter is dropped); nullopt for anything else.
std::optional<ComputeCapability> parse_compute_capability(std::string_view text);

struct Gpu {
  std::string name;                             // "NVIDIA H200"; "" where only described
  std::optional<ComputeCapability> capability;  // NVIDIA
  std::string amd_target;                       // "gfx942"; "" for NVIDIA
  std::uint64_t memory_bytes = 0;
};

struct Accelerators {
  Fact<python::Version> driver;  // 550.54.14; known absent is said by `driver_present`
  Fact<bool> driver_present;
  Fact<python::Version> driver_cuda;  // newest CUDA the driver speaks: 12.4
  Fact<std::vector<Gpu>> gpus;        // known and empty: no GPU
  std::vector<std::string> remarks;   // "libcuda.so.1 is the toolkit's stub, no driver"
};

// "470.57.02": NVIDIA writes its driver's numbers with two digits behind the first.
std::string driver_text(const python::Version& driver);

struct LibC {
  Fact<python::Version> glibc;  // one of the two is known on a described Linux
  Fact<python::Version> musl;
  Fact<python::Version> glibcxx;  // newest GLIBCXX_ of the libstdc++ that the interpreter would load
};

struct Toolkit {
  Fact<std::filesystem::path> nvcc;
  Fact<python::Version> version;  // 12.4; unknown with a known empty `nvcc` source means: none found
};

struct Room {
  std::string role;              // "site-packages", "store", "tmp"
  std::filesystem::path path;    // as asked
  std::string filesystem;        // "ext4", "overlay"
  std::uint64_t device = 0;      // equal numbers: the same filesystem
  std::uint64_t free_bytes = 0;  // for this user
};

struct Machine {
  Fact<double> cores;                // that this process may use: affinity and cgroup quota
  Fact<std::uint64_t> memory_bytes;  // that this process may use: physical and cgroup limit
  Fact<std::uint64_t> memory_available_bytes;
  std::vector<Room> rooms;
};

// The environment's own installer's settings, in pip's precedence. Addresses may hold credentials: only
// redacted() forms leave the process.
struct InstallerSettings {
  Fact<python::Version> pip_version;
  Fact<bool> uv_environment;    // made by uv
  Fact<std::string> index_url;  // the index in force
  std::vector<Fact<std::string>> extra_index_urls;
  std::vector<Fact<std::string>> find_links;
  Fact<bool> no_index;
  Fact<std::string> proxy;
  Fact<std::filesystem::path> certificate;
  std::vector<std::string> trusted_hosts;
  Fact<std::filesystem::path> cache_directory;  // unknown where the cache is off; the source says why
  Fact<std::string> client_certificate;
  // What decides about pip's cache of wheels, and what it chooses from an index.
  Fact<std::string> no_cache_dir;            // its value, which does not matter
  std::vector<Fact<std::string>> no_binary;  // in pip's order: "a,b", ":all:", ":none:"
  std::vector<Fact<std::string>> only_binary;
  Fact<bool> require_hashes;
  Fact<bool> prefer_binary;
  Fact<bool> prereleases;  // --pre
  Fact<bool> ignore_requires_python;
  Fact<bool> legacy_resolver;  // --use-deprecated
};

struct Environment {
  Fact<std::string> origin;  // how it was chosen: value "local" or "target"; source "VIRTUAL_ENV", "--python"
  Interpreter interpreter;
  Torch torch;
  Accelerators accelerators;
  LibC libc;
  Toolkit toolkit;
  Machine machine;
  InstallerSettings installer;

  bool described_only() const noexcept { return origin.known() && *origin == "target"; }
};

// What tags.hpp needs to judge a wheel's tags.
python::TagTarget tag_target(const Environment& environment);

}  // namespace wheelfit::probe
