// SPDX-License-Identifier: Apache-2.0
#include "probe/gpu_child.hpp"

#include <dlfcn.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <string>

#include "probe/text_scan.hpp"

namespace wheelfit::probe {
namespace {

using Json = nlohmann::ordered_json;

void say(const Json& line) {
  const std::string text = line.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
  std::fwrite(text.data(), 1, text.size(), stdout);
  std::fflush(stdout);
}

// A library that is never unloaded: drivers start threads.
class Library {
 public:
  explicit Library(const std::string& name) {
    if (std::getenv(only_these_variable) == nullptr) open(name);
    const char* directories = std::getenv(gpu_directories_variable);
    for (const std::string_view directory : split(directories == nullptr ? "" : directories, ":")) {
      if (handle_ == nullptr) open(std::string(directory) + "/" + name);
    }
  }

  explicit operator bool() const noexcept { return handle_ != nullptr; }
  const std::string& path() const noexcept { return path_; }

  // Calls a C function of the library; -1 where it has none of that name.
  template <typename... Arguments>
  int call(const char* name, Arguments... arguments) const {
    void* const symbol = dlsym(handle_, name);
    if (symbol == nullptr) return -1;
    return reinterpret_cast<int (*)(Arguments...)>(symbol)(arguments...);
  }

 private:
  void open(const std::string& file) {
    handle_ = dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL);
    path_ = file;
  }

  void* handle_ = nullptr;
  std::string path_;
};

// CUdevice_attribute of cuda.h.
constexpr int capability_major = 75;
constexpr int capability_minor = 76;

Json cuda_device(const Library& cuda, int ordinal) {
  int device = ordinal;
  cuda.call("cuDeviceGet", &device, ordinal);
  std::array<char, 256> name{};
  cuda.call("cuDeviceGetName", name.data(), static_cast<int>(name.size() - 1), device);
  int major = 0;
  int minor = 0;
  cuda.call("cuDeviceGetAttribute", &major, capability_major, device);
  cuda.call("cuDeviceGetAttribute", &minor, capability_minor, device);
  std::size_t memory = 0;
  cuda.call("cuDeviceTotalMem_v2", &memory, device);
  return {{"name", std::string(name.data())}, {"major", major}, {"minor", minor}, {"memory_bytes", memory}};
}

void ask_driver_version(const Library& cuda) {
  int version = 0;
  const int result = cuda.call("cuDriverGetVersion", &version);
  say({{"library", cuda.path()}, {"version_result", result}, {"version", version}});
}

void ask_devices(const Library& cuda) {
  const int result = cuda.call("cuInit", 0U);
  say({{"init_result", result}});
  if (result != 0) return;
  int count = 0;
  const int count_result = cuda.call("cuDeviceGetCount", &count);
  Json devices = Json::array();
  for (int ordinal = 0; count_result == 0 && ordinal < count; ++ordinal)
    devices.push_back(cuda_device(cuda, ordinal));
  say({{"count_result", count_result}, {"devices", std::move(devices)}});
}

Json nvml_device(const Library& nvml, unsigned index) {
  void* device = nullptr;
  if (nvml.call("nvmlDeviceGetHandleByIndex_v2", index, &device) != 0) return nullptr;
  std::array<char, 256> name{};
  nvml.call("nvmlDeviceGetName", device, name.data(), static_cast<unsigned>(name.size() - 1));
  int major = 0;
  int minor = 0;
  nvml.call("nvmlDeviceGetCudaComputeCapability", device, &major, &minor);
  struct {
    unsigned long long total, free, used;
  } memory{};
  nvml.call("nvmlDeviceGetMemoryInfo", device, &memory);
  return {
      {"name", std::string(name.data())}, {"major", major}, {"minor", minor}, {"memory_bytes", memory.total}};
}

void ask_nvml() {
  const Library nvml("libnvidia-ml.so.1");
  if (!nvml) return;
  const int result = nvml.call("nvmlInit_v2");
  std::array<char, 96> driver{};
  int version = 0;
  Json devices = Json::array();
  if (result == 0) {
    nvml.call("nvmlSystemGetDriverVersion", driver.data(), static_cast<unsigned>(driver.size() - 1));
    nvml.call("nvmlSystemGetCudaDriverVersion_v2", &version);
    unsigned count = 0;
    nvml.call("nvmlDeviceGetCount_v2", &count);
    for (unsigned index = 0; index < count; ++index) devices.push_back(nvml_device(nvml, index));
  }
  say({{"nvml_result", result},
       {"nvml_driver", std::string(driver.data())},
       {"nvml_version", version},
       {"nvml_devices", std::move(devices)}});
}

}  // namespace

int gpu_probe_child_main() {
  const Library cuda("libcuda.so.1");
  if (cuda) ask_driver_version(cuda);
  ask_nvml();
  if (cuda) ask_devices(cuda);
  return 0;
}

}  // namespace wheelfit::probe
