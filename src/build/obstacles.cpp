// SPDX-License-Identifier: Apache-2.0
#include "build/obstacles.hpp"

#include <algorithm>

#include "build/compiler_arguments.hpp"

namespace wheelfit::build {
namespace {

using Found = std::vector<Obstacle>;

std::string minor_text(const python::Version& version) {
  return std::to_string(version.major()) + "." + std::to_string(version.minor());
}

// Ways to the toolkit of one CUDA version, with root and without. Before CUDA 13 the wheels of nvcc have
// everything but nvcc itself.
std::vector<Text> ways_to_toolkit(const python::Version& cuda, const probe::Environment& environment) {
  const std::string minor = minor_text(cuda);
  std::string dashed = minor;
  std::ranges::replace(dashed, '.', '-');
  std::vector<Text> ways{
      text("apt-get install cuda-toolkit-{} (NVIDIA's package source; as root)", dashed),
      text("without root: conda install -c nvidia cuda-nvcc={} cuda-cudart-dev={}", minor, minor)};
  if (cuda.major() >= 13) {
    const std::string python = environment.interpreter.executable
                                   ? environment.interpreter.executable->string()
                                   : std::string("python");
    ways.push_back(text(
        "without root: {} -m pip install 'cuda-toolkit[nvcc,crt,cccl,cudart]=={}.*', and set CUDA_HOME to "
        "its nvidia/cu{} in site-packages",
        python, minor, cuda.major()));
  }
  return ways;
}

void check_torch(const BuildAsk& ask, Found& found) {
  const probe::Torch& torch = ask.environment.torch;
  if (!torch.version) {
    found.push_back({"torch-missing",
                     text("torch is not installed in this environment, and a build is made for one torch"),
                     {text("install torch first")}});
  } else if (!torch.cuda) {
    found.push_back({"torch-build",
                     text("torch {} is no CUDA build", torch.version->to_string()),
                     {text("install a CUDA build of torch")}});
  }
}

void check_toolkit(const BuildAsk& ask, const Tools& tools, Found& found) {
  const probe::Torch& torch = ask.environment.torch;
  if (!torch.cuda) return;
  if (!tools.cuda_home.empty() && !tools.cuda_home_has_nvcc) {
    found.push_back({"cuda-home",
                     text("CUDA_HOME is {}, and there is no bin/nvcc below it", tools.cuda_home),
                     {text("unset CUDA_HOME, or set it to the folder that has bin/nvcc")}});
    return;
  }
  if (!tools.nvcc) {
    found.push_back({"no-nvcc", text("there is no nvcc here, the compiler for CUDA"),
                     ways_to_toolkit(*torch.cuda, ask.environment)});
    return;
  }
  if (tools.nvcc->major() != torch.cuda->major()) {
    found.push_back({"cuda-major",
                     text("nvcc is of CUDA {}, torch of CUDA {}: torch refuses to build with another major",
                          minor_text(*tools.nvcc), minor_text(*torch.cuda)),
                     ways_to_toolkit(*torch.cuda, ask.environment)});
  }
  const catalog::NvccFloor* floor = ask.recipe.nvcc_floor(ask.version);
  if (floor != nullptr && *tools.nvcc < floor->at_least) {
    found.push_back({"nvcc-version",
                     text("nvcc is {}, and {} needs {} at least", minor_text(*tools.nvcc),
                          ask.version.to_string(), floor->at_least.to_string()),
                     ways_to_toolkit(*torch.cuda, ask.environment)});
  }
}

void check_architectures(const BuildAsk& ask, const Tools& tools, Found& found) {
  if (!tools.nvcc_architectures || tools.nvcc_architectures->empty()) return;
  for (const python::Version& capability : ask.capabilities) {
    const std::string wanted = "sm_" + architecture_number(capability);
    if (std::ranges::find(*tools.nvcc_architectures, wanted) != tools.nvcc_architectures->end()) continue;
    found.push_back(
        {"nvcc-architecture",
         text("nvcc {} cannot compile for {}: the newest it knows is {}",
              tools.nvcc ? minor_text(*tools.nvcc) : std::string(), wanted, tools.nvcc_architectures->back()),
         {text(
             "install a newer toolkit of the same CUDA major, or build for another architecture: --arch")}});
  }
}

void check_compiler(const Tools& tools, Found& found) {
  if (!tools.compiler_found) {
    found.push_back({"no-compiler",
                     text("there is no C++ compiler named {}", tools.compiler),
                     {text("apt-get install g++ (as root)"),
                      text("without root: conda install -c conda-forge gxx, and set CXX")}});
    return;
  }
  if (tools.gcc && tools.newest_gcc && tools.gcc->major() > static_cast<std::uint64_t>(*tools.newest_gcc)) {
    const std::string newest = std::to_string(*tools.newest_gcc);
    found.push_back(
        {"gcc-version",
         text("{} is gcc {}, and this nvcc takes gcc {} at most", tools.compiler, tools.gcc->to_string(),
              newest),
         {text("apt-get install g++-{} (as root), then CC=gcc-{} CXX=g++-{} wheelfit build", newest, newest,
               newest),
          text("without root: conda install -c conda-forge gxx={}, and set CC and CXX", newest)}});
  }
}

void check_python(const BuildAsk& ask, const Tools& tools, Found& found) {
  const probe::Interpreter& interpreter = ask.environment.interpreter;
  const std::string python =
      interpreter.executable ? interpreter.executable->string() : std::string("python");
  std::string missing;
  for (const std::string& name : ask.recipe.needs)
    if (interpreter.find(name) == nullptr) missing += (missing.empty() ? "" : " ") + name;
  if (!missing.empty()) {
    found.push_back({"build-requirement",
                     text("setup.py imports what is not installed here: {}", missing),
                     {text("{} -m pip install {}", python, missing)}});
  }
  if (tools.python_headers && !tools.has_python_headers) {
    found.push_back({"python-headers",
                     text("Python's headers are missing: there is no {}", tools.python_headers->string()),
                     {text("apt-get install python3-dev (as root), or take a Python that brings its headers: "
                           "uv's, conda's")}});
  }
}

}  // namespace

std::vector<Obstacle> obstacles(const BuildAsk& ask, const Tools& tools) {
  Found found;
  check_torch(ask, found);
  check_toolkit(ask, tools, found);
  check_architectures(ask, tools, found);
  check_compiler(tools, found);
  check_python(ask, tools, found);
  return found;
}

std::optional<Obstacle> missing_file(const catalog::BuildRecipe& recipe, const python::Version& version,
                                     const std::filesystem::path& tree) {
  for (const catalog::NeededFile& row : recipe.files) {
    if (!row.version.admits(version) || std::filesystem::exists(tree / row.path)) continue;
    return Obstacle{"source-file",
                    text("{} is not in the source tree: {}", row.path, row.without),
                    {text("take the source distribution of the package index: wheelfit build NAME=={}",
                          version.to_string())}};
  }
  return std::nullopt;
}

std::optional<Obstacle> memory_shortage(std::uint64_t limit, std::uint64_t fattest_unit) {
  if (limit == 0 || fattest_unit <= limit) return std::nullopt;
  constexpr double gigabyte = 1e9;
  const auto in_gigabytes = [](std::uint64_t bytes) {
    return fmt::format("{:.1f}", static_cast<double>(bytes) / gigabyte);
  };
  return Obstacle{"memory",
                  text("one file alone takes {} GB of memory to compile, and {} GB is all there is",
                       in_gigabytes(fattest_unit), in_gigabytes(limit)),
                  {text("leave parts out: --without, or build on a larger machine and copy the wheel")}};
}

}  // namespace wheelfit::build
