// SPDX-License-Identifier: Apache-2.0
#include "probe/gpu_answer.hpp"

#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "probe/text_scan.hpp"

namespace wheelfit::probe {
namespace {

using Json = nlohmann::json;

template <typename T>
std::optional<T> member(const Json& json, const char* name) {
  const auto found = json.find(name);
  if (found == json.end()) return std::nullopt;
  if constexpr (std::is_same_v<T, std::string>) {
    if (!found->is_string()) return std::nullopt;
  } else {
    if (!found->is_number_integer()) return std::nullopt;
  }
  return found->get<T>();
}

// 12040 -> 12.4; anything that no driver says is nothing.
std::optional<python::Version> cuda_version(std::optional<int> number) {
  if (!number || *number < 1000 || *number > 99999) return std::nullopt;
  return leading_version(std::to_string(*number / 1000) + "." + std::to_string(*number % 1000 / 10));
}

std::vector<Gpu> devices_of(const Json& list) {
  std::vector<Gpu> gpus;
  for (const Json& device : list) {
    if (!device.is_object()) continue;
    Gpu gpu;
    gpu.name = member<std::string>(device, "name").value_or("");
    const int major = member<int>(device, "major").value_or(0);
    const int minor = member<int>(device, "minor").value_or(0);
    if (major > 0) gpu.capability = ComputeCapability{major, minor};
    gpu.memory_bytes = member<std::uint64_t>(device, "memory_bytes").value_or(0);
    gpus.push_back(std::move(gpu));
  }
  return gpus;
}

}  // namespace

GpuAnswer parse_gpu_answer(std::string_view output) {
  Json merged = Json::object();
  for (const std::string_view line : lines_of(output)) {
    const Json object = Json::parse(line, nullptr, false);
    if (object.is_object()) merged.update(object);
  }
  GpuAnswer answer;
  answer.libcuda = member<std::string>(merged, "library");
  if (member<int>(merged, "version_result") == 0)
    answer.driver_cuda = cuda_version(member<int>(merged, "version"));
  answer.init_result = member<int>(merged, "init_result");
  if (member<int>(merged, "count_result") == 0 && merged.contains("devices") &&
      merged["devices"].is_array()) {
    answer.devices = devices_of(merged["devices"]);
  }
  answer.nvml_driver = leading_version(member<std::string>(merged, "nvml_driver").value_or(""));
  answer.nvml_cuda = cuda_version(member<int>(merged, "nvml_version"));
  if (merged.contains("nvml_devices") && merged["nvml_devices"].is_array()) {
    answer.nvml_devices = devices_of(merged["nvml_devices"]);
  }
  return answer;
}

std::string explain_cuda_result(int result, std::string_view libcuda) {
  switch (result) {
    case cuda_stub_library:
      return text("{} is the CUDA toolkit's stub, which is no driver: it must not be on the library path",
                  libcuda)
          .english();
    case cuda_no_device:
      return text("the driver sees no GPU (CUDA result 100)").english();
    case 802:
      return text(
                 "the GPUs are not ready (CUDA result 802): the fabric manager of an NVSwitch machine is not "
                 "running")
          .english();
    case 803:
      return text(
                 "{} is of another version than the kernel's NVIDIA driver (CUDA result 803): a reboot, or a "
                 "container made for this driver, cures it",
                 libcuda)
          .english();
    case 804:
      return text(
                 "{} is a forward-compatibility library that this GPU does not support (CUDA result 804): "
                 "only "
                 "data-centre GPUs do",
                 libcuda)
          .english();
    case 999:
      return text(
                 "the driver failed for an unknown reason (CUDA result 999): often the nvidia_uvm module is "
                 "not "
                 "loaded, or the machine slept")
          .english();
    case -1:
      return text("{} lacks cuInit: it is no CUDA driver", libcuda).english();
    default:
      return text("the driver failed with CUDA result {}", result).english();
  }
}

}  // namespace wheelfit::probe
