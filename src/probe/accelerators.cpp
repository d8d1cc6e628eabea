// SPDX-License-Identifier: Apache-2.0
#include "probe/accelerators.hpp"

#include <array>

#include "base/error.hpp"
#include "base/text.hpp"
#include "probe/amd_gpus.hpp"
#include "probe/gpu_answer.hpp"
#include "probe/gpu_child.hpp"
#include "probe/text_scan.hpp"
#include "probe/variable_list.hpp"
#include "probe/witnesses.hpp"

namespace wheelfit::probe {
namespace {

constexpr std::string_view from_libcuda = "libcuda.so.1";
constexpr std::string_view from_nvml = "libnvidia-ml.so.1";

// Where distributions, containers, WSL and NixOS put the driver's libraries.
constexpr std::array library_directories{
    "/usr/lib/wsl/lib",  "/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/lib64",
    "/usr/lib",          "/usr/local/nvidia/lib64",   "/usr/local/nvidia/lib",      "/run/opengl-driver/lib",
    "/usr/lib64/nvidia",
};

class AcceleratorProbe {
 public:
  AcceleratorProbe(const GpuChild& child, const system::EnvironmentVariables& variables,
                   const RootedFiles& files, system::ProcessRunner& processes)
      : child_(child), variables_(variables), files_(files), processes_(processes) {}

  Accelerators found() {
    read_kernel_files();
    const bool has_library = may_have_libcuda();
    if (has_library || result_.driver.known() || is_wsl()) {
      ask_child();
    } else {
      result_.driver_present = {false, "no libcuda.so.1, no /proc/driver/nvidia"};
      result_.gpus = {std::vector<Gpu>{}, "no libcuda.so.1, no /proc/driver/nvidia"};
    }
    add_amd_gpus();
    remark_on_variables();
    return std::move(result_);
  }

 private:
  bool is_wsl() const { return path_exists(files_.machine("/dev/dxg")); }

  void read_kernel_files() {
    const std::filesystem::path module = files_.machine("/sys/module/nvidia/version");
    if (const auto version = leading_version(trimmed(read_file(module).value_or("")))) {
      add_witness(result_.driver, *version, module.string());
    }
    const std::filesystem::path proc = files_.machine("/proc/driver/nvidia/version");
    if (const auto version = version_in_proc_driver(read_file(proc).value_or(""))) {
      add_witness(result_.driver, *version, proc.string());
    }
  }

  std::vector<std::filesystem::path> directories() const {
    std::vector<std::filesystem::path> list;
    for (const char* directory : library_directories) list.push_back(files_.machine(directory));
    return list;
  }

  bool may_have_libcuda() const {
    for (const std::filesystem::path& directory : directories()) {
      if (path_exists(directory / from_libcuda)) return true;
    }
    for (const std::string& directory : variable_list(variables_, "LD_LIBRARY_PATH")) {
      if (path_exists(files_.environment(std::filesystem::path(directory)) / from_libcuda)) return true;
    }
    // Where else the loader would find it.
    const auto cache = read_file(files_.machine("/etc/ld.so.cache"));
    return cache && cache->find(from_libcuda) != std::string::npos;
  }

  void ask_child() {
    system::Command command;
    command.arguments = {child_.executable.string(), gpu_child_argument};
    command.timeout = child_.timeout;
    std::string list;
    for (const std::filesystem::path& directory : directories()) {
      list += (list.empty() ? "" : ":") + directory.string();
    }
    command.environment[gpu_directories_variable] = list;
    // In a test world this machine's own driver is not asked.
    if (!files_.is_root()) command.environment[only_these_variable] = "1";
    try {
      const system::ProcessResult run = processes_.run(command);
      if (run.timed_out) {
        remark(text("the NVIDIA driver did not answer in {} s", child_.timeout.count() / 1000));
      } else if (run.signal) {
        remark(text("the NVIDIA driver crashed the probe with signal {}", *run.signal));
      } else if (run.exit_code.value_or(0) != 0) {
        remark(text("the NVIDIA driver ended the probe with exit status {}", *run.exit_code));
      }
      take(parse_gpu_answer(run.output));
    } catch (const Error& error) {
      remark(text("the GPU probe could not be started: {}", error.sentence().english()));
      take({});
    }
  }

  void take(const GpuAnswer& answer) {
    if (answer.nvml_driver) add_witness(result_.driver, *answer.nvml_driver, std::string(from_nvml));
    const std::string libcuda = answer.libcuda.value_or(std::string(from_libcuda));
    const bool is_stub = answer.init_result == cuda_stub_library;
    if (answer.init_result.value_or(0) != 0) remark(explain_cuda_result(*answer.init_result, libcuda));
    if (answer.driver_cuda && !is_stub) add_witness(result_.driver_cuda, *answer.driver_cuda, libcuda);
    if (answer.nvml_cuda) add_witness(result_.driver_cuda, *answer.nvml_cuda, std::string(from_nvml));
    decide_driver_present(answer, libcuda, is_stub);
    decide_gpus(answer, libcuda, is_stub);
  }

  void decide_driver_present(const GpuAnswer& answer, const std::string& libcuda, bool is_stub) {
    if (result_.driver.known()) {
      result_.driver_present = {true, result_.driver.source};
      if (!answer.libcuda) {
        remark(text(
            "the kernel has NVIDIA driver {}, but libcuda.so.1 cannot be loaded: was the container started "
            "without its GPUs?",
            driver_text(*result_.driver)));
      }
    } else if (answer.libcuda && !is_stub && answer.init_result != -1) {
      result_.driver_present = {true, libcuda};
    } else {
      result_.driver_present = {false, answer.libcuda ? libcuda : "no libcuda.so.1 can be loaded"};
    }
  }

  void decide_gpus(const GpuAnswer& answer, const std::string& libcuda, bool is_stub) {
    if (answer.devices) {
      result_.gpus = {*answer.devices, libcuda};
    } else if (answer.init_result == cuda_no_device) {
      result_.gpus = {std::vector<Gpu>{}, libcuda};
    } else if (!answer.nvml_devices.empty()) {
      result_.gpus = {answer.nvml_devices, std::string(from_nvml)};
    } else if (const auto named = gpus_of_proc(); !named.empty()) {
      result_.gpus = {named, files_.machine("/proc/driver/nvidia/gpus").string()};
    } else if (!*result_.driver_present) {
      result_.gpus = {std::vector<Gpu>{}, is_stub ? libcuda : result_.driver_present.source};
    }
  }

  // Names only: the kernel does not say the compute capability.
  std::vector<Gpu> gpus_of_proc() const {
    std::vector<Gpu> gpus;
    const std::filesystem::path directory = files_.machine("/proc/driver/nvidia/gpus");
    for (const std::string& address : names_in(directory)) {
      const std::string information = read_file(directory / address / "information").value_or("");
      for (const std::string_view line : lines_of(information)) {
        if (!line.starts_with("Model:")) continue;
        Gpu gpu;
        gpu.name = trimmed(line.substr(6));
        gpus.push_back(std::move(gpu));
      }
    }
    return gpus;
  }

  void add_amd_gpus() {
    std::vector<Gpu> amd = find_amd_gpus(files_);
    if (amd.empty()) return;
    const std::string source = files_.machine("/sys/class/kfd/kfd/topology").string();
    if (!result_.gpus.known() || result_.gpus->empty()) {
      result_.gpus = {std::move(amd), source};
      return;
    }
    result_.gpus.source += ", " + source;
    for (Gpu& gpu : amd) result_.gpus.value->push_back(std::move(gpu));
  }

  void remark_on_variables() {
    for (const char* name : {"CUDA_VISIBLE_DEVICES", "NVIDIA_VISIBLE_DEVICES", "HIP_VISIBLE_DEVICES"}) {
      const auto value = variables_.get(name);
      if (value && *value != "all") remark(text("{}={} decides which GPUs are seen here", name, *value));
    }
    if (is_wsl())
      remark(text("this is WSL: the driver is that of Windows, its libraries are in /usr/lib/wsl/lib"));
  }

  void remark(const Text& sentence) { result_.remarks.push_back(sentence.english()); }

  const GpuChild& child_;
  const system::EnvironmentVariables& variables_;
  const RootedFiles& files_;
  system::ProcessRunner& processes_;
  Accelerators result_;
};

}  // namespace

Accelerators find_accelerators(const GpuChild& child, const system::EnvironmentVariables& variables,
                               const RootedFiles& files, system::ProcessRunner& processes) {
  return AcceleratorProbe(child, variables, files, processes).found();
}

std::optional<python::Version> version_in_proc_driver(std::string_view text) {
  constexpr std::string_view start = "NVRM version:";
  const std::size_t at = text.find(start);
  if (at == std::string_view::npos) return std::nullopt;
  // "NVIDIA UNIX x86_64 Kernel Module  550.54.14  Thu …", "NVIDIA UNIX Open Kernel Module for x86_64
  // 580.65.06  …": the first word that begins with a digit and holds a dot.
  for (const std::string_view word : words_of(text.substr(at, text.find('\n', at) - at))) {
    if (is_digit(word.front()) && word.find('.') != std::string_view::npos) return leading_version(word);
  }
  return std::nullopt;
}

}  // namespace wheelfit::probe
