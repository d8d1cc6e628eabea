// SPDX-License-Identifier: Apache-2.0
#include "probe/target.hpp"

#include <array>
#include <set>

#include "base/error.hpp"
#include "probe/text_scan.hpp"
#include "probe/torch_label.hpp"

namespace wheelfit::probe {
namespace {

constexpr std::string_view from_target = "--target";
constexpr std::string_view from_set = "--set";

// Puts a value in; false: the value is not what the key takes.
using Setter = bool (*)(Environment&, std::string_view value, const std::string& source);

template <typename T>
void set(Fact<T>& fact, T value, const std::string& source) {
  fact = Fact<T>(std::move(value), source);
}

std::optional<python::Version> plain_version(std::string_view text, std::size_t least_parts) {
  const auto version = python::Version::parse(text);
  if (!version || version->release().size() < least_parts || text.empty() || !is_digit(text.front())) {
    return std::nullopt;
  }
  return *version;
}

template <typename Owner>
bool set_version(Fact<python::Version>& fact, Owner value, std::size_t parts, const std::string& source) {
  const auto version = plain_version(value, parts);
  if (version) set(fact, *version, source);
  return version.has_value();
}

bool set_python(Environment& environment, std::string_view value, const std::string& source) {
  const bool free_threaded = value.ends_with('t');
  if (free_threaded) value.remove_suffix(1);
  const auto version = plain_version(value, 2);
  if (!version || version->major() != 3 || (free_threaded && version->minor() < 13)) return false;
  Interpreter& interpreter = environment.interpreter;
  set(interpreter.version, *version, source);
  set(interpreter.free_threaded, free_threaded, source);
  set(interpreter.implementation, std::string("cpython"), source);
  const std::string tag = "cp3" + std::to_string(version->minor());
  set(interpreter.abi_tag, tag + (free_threaded ? "t" : version->minor() < 8 ? "m" : ""), source);
  return true;
}

// What was read about the torch that is being replaced does not hold for the new one; what the user set does.
template <typename T>
void forget_unless_set(Fact<T>& fact, const std::string& source) {
  if (fact.source != source) fact = {};
}

bool set_torch(Environment& environment, std::string_view value, const std::string& source) {
  Torch& torch = environment.torch;
  if (value == "none") {
    torch = {};
    set(torch.installed, false, source);
    return true;
  }
  const auto version = plain_version(value, 2);
  if (!version) return false;
  forget_unless_set(torch.build, source);
  forget_unless_set(torch.cuda, source);
  forget_unless_set(torch.hip, source);
  forget_unless_set(torch.cxx11_abi, source);
  torch.directory = {};
  set(torch.installed, true, source);
  set(torch.version, *version, source);
  const TorchLabel label = read_torch_label(*version);
  const std::string label_source = source + " torch's label";
  if (label.build && !torch.build.known()) set(torch.build, *label.build, label_source);
  if (label.cuda && !torch.cuda.known()) set(torch.cuda, *label.cuda, label_source);
  if (label.hip && !torch.hip.known()) set(torch.hip, *label.hip, label_source);
  if (label.cxx11_abi && !torch.cxx11_abi.known()) set(torch.cxx11_abi, *label.cxx11_abi, label_source);
  return true;
}

bool set_abi(Environment& environment, std::string_view value, const std::string& source) {
  const std::string word = lower_case(value);
  const bool is_true = word == "true" || word == "1";
  if (!is_true && word != "false" && word != "0") return false;
  set(environment.torch.cxx11_abi, is_true, source);
  return true;
}

bool set_cuda(Environment& environment, std::string_view value, const std::string& source) {
  if (!set_version(environment.torch.cuda, value, 2, source)) return false;
  set(environment.torch.build, TorchBuild::cuda, source);
  return true;
}

bool set_hip(Environment& environment, std::string_view value, const std::string& source) {
  if (!set_version(environment.torch.hip, value, 2, source)) return false;
  set(environment.torch.build, TorchBuild::rocm, source);
  return true;
}

bool set_glibc(Environment& environment, std::string_view value, const std::string& source) {
  if (!set_version(environment.libc.glibc, value, 2, source)) return false;
  environment.libc.musl = {};
  return true;
}

bool set_musl(Environment& environment, std::string_view value, const std::string& source) {
  if (!set_version(environment.libc.musl, value, 2, source)) return false;
  environment.libc.glibc = {};
  return true;
}

bool set_glibcxx(Environment& environment, std::string_view value, const std::string& source) {
  return set_version(environment.libc.glibcxx, value, 2, source);
}

bool is_amd_target(std::string_view name) {
  return name.starts_with("gfx") && name.size() >= 6 && name.size() <= 8 &&
         name.find_first_not_of("0123456789abcdef", 3) == std::string_view::npos;
}

bool set_gpus(Environment& environment, std::string_view value, const std::string& source) {
  std::vector<Gpu> gpus;
  for (const std::string_view name : value == "none" ? std::vector<std::string_view>{} : split(value, "+")) {
    Gpu gpu;
    gpu.capability = parse_compute_capability(name);
    if (!gpu.capability && !is_amd_target(name)) return false;
    if (!gpu.capability) gpu.amd_target = name;
    gpus.push_back(std::move(gpu));
  }
  if (value.empty()) return false;
  set(environment.accelerators.gpus, std::move(gpus), source);
  return true;
}

bool set_driver(Environment& environment, std::string_view value, const std::string& source) {
  Accelerators& accelerators = environment.accelerators;
  const bool present = value != "none";
  if (present && !set_version(accelerators.driver, value, 1, source)) return false;
  if (!present) accelerators.driver = {};
  // What the old driver spoke says nothing about this one.
  accelerators.driver_cuda = {};
  set(accelerators.driver_present, present, source);
  return true;
}

bool set_platform(Environment& environment, std::string_view value, const std::string& source) {
  const bool known_system = value.starts_with("linux_") || value.starts_with("macosx_") || value == "win32" ||
                            value.starts_with("win_");
  if (!known_system || value.ends_with('_') || value.find('-') != std::string_view::npos) return false;
  set(environment.interpreter.platform, std::string(value), source);
  return true;
}

bool set_pip(Environment& environment, std::string_view value, const std::string& source) {
  return set_version(environment.installer.pip_version, value, 1, source);
}

struct Key {
  std::string_view name;
  std::string_view takes;
  Setter setter;
};

constexpr std::array keys{
    Key{"python", "a version such as 3.10, 3.11.7 or 3.13t (free-threaded)", set_python},
    Key{"torch", "a version such as 2.6.0+cu124, 2.4.1+cpu or 2.7.0, or none", set_torch},
    Key{"abi", "true or false (torch's _GLIBCXX_USE_CXX11_ABI)", set_abi},
    Key{"cuda", "the CUDA version of torch, such as 12.4", set_cuda},
    Key{"hip", "the ROCm version of torch, such as 6.2", set_hip},
    Key{"glibc", "a version such as 2.35", set_glibc},
    Key{"musl", "a version such as 1.2", set_musl},
    Key{"glibcxx", "the newest GLIBCXX version of libstdc++, such as 3.4.30", set_glibcxx},
    Key{"gpu", "architectures such as sm_80+sm_90, 8.6 or gfx942, or none", set_gpus},
    Key{"driver", "a version such as 550.54.14, or none", set_driver},
    Key{"platform", "a platform tag such as linux_x86_64, linux_aarch64 or win_amd64", set_platform},
    Key{"pip", "a version such as 24.0", set_pip},
};

const Key* find_key(std::string_view name) {
  for (const Key& key : keys) {
    if (key.name == name) return &key;
  }
  return nullptr;
}

std::string key_names() {
  std::string names;
  for (const Key& key : keys) names += (names.empty() ? "" : ", ") + std::string(key.name);
  return names;
}

// Applies one "key=value"; returns the key.
std::string_view apply(Environment& environment, std::string_view key_value, std::string_view source) {
  const std::size_t equals = key_value.find('=');
  const std::string_view name = trimmed(key_value.substr(0, equals));
  const Key* key = find_key(name);
  if (key == nullptr) {
    throw Error(ErrorKind::usage, text("{} does not know the key \"{}\"", source, name),
                {text("The keys are {}", key_names())});
  }
  const bool has_value = equals != std::string_view::npos;
  const std::string_view value = has_value ? trimmed(key_value.substr(equals + 1)) : std::string_view();
  if (!has_value || !key->setter(environment, value, std::string(source))) {
    throw Error(ErrorKind::usage, text("{} {}=\"{}\": {} takes {}", source, name, value, name, key->takes));
  }
  return key->name;
}

}  // namespace

Environment environment_from_spec(std::string_view spec) {
  const std::string source(from_target);
  Environment environment;
  set(environment.origin, std::string("target"), source);
  set(environment.interpreter.kind, std::string("target"), source);
  std::set<std::string_view> seen;
  for (const std::string_view piece : split(spec, ",")) {
    if (trimmed(piece).empty()) continue;
    const std::string_view key = apply(environment, piece, from_target);
    if (!seen.insert(key).second) {
      throw Error(ErrorKind::usage, text("--target gives {} twice", key),
                  {text("Several GPUs are written gpu=sm_80+sm_90")});
    }
  }
  if (seen.empty()) {
    throw Error(ErrorKind::usage, text("--target is empty"),
                {text("Give it KEY=VALUE pairs, such as python=3.10,torch=2.6.0+cu124; the keys are {}",
                      key_names())});
  }
  if (!environment.interpreter.platform.known()) {
    set(environment.interpreter.platform, std::string("linux_x86_64"), "--target's default");
  }
  return environment;
}

void override_fact(Environment& environment, std::string_view key_value) {
  apply(environment, key_value, from_set);
}

bool looks_like_spec(std::string_view value) {
  const std::size_t equals = value.find('=');
  return equals != std::string_view::npos && find_key(trimmed(value.substr(0, equals))) != nullptr;
}

}  // namespace wheelfit::probe
