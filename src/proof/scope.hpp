// SPDX-License-Identifier: Apache-2.0
// The model of a Python process into which an extension module is about to be imported: the interpreter with
// its libraries and, where the environment has torch, what `import torch` loads: the libraries of the
// nvidia-* packages, torch/lib, torch/_C.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/reason.hpp"
#include "proof/process.hpp"

namespace wheelfit::proof {

struct PythonProcess {
  std::filesystem::path executable;                     // as the user would start it; links are followed
  std::vector<std::filesystem::path> site_directories;  // in Python's order
  std::string library_path;                             // LD_LIBRARY_PATH
  std::vector<std::string> hwcaps;                      // as SearchSettings
};

struct ImportScope {
  Process process;
  std::filesystem::path torch_directory;  // ".../site-packages/torch"; "" where there is none
  // What the model lacks: with any of these nothing is proven to fit.
  std::vector<Reason> doubts;
};

ImportScope import_scope(LibraryCache& cache, const PythonProcess& python);

}  // namespace wheelfit::proof
