// SPDX-License-Identifier: Apache-2.0
// The outside world, built once in main and handed to commands/ only; a stage receives the one member it
// needs.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>

#include "system/clock.hpp"
#include "system/environment_variables.hpp"
#include "system/http.hpp"
#include "system/process.hpp"

namespace wheelfit::system {

struct HttpSettings;

struct World {
  // The network is opened once the environment's own proxy and certificates are known, and never when
  // offline.
  std::function<std::unique_ptr<HttpClient>(const HttpSettings&)> connect;
  ProcessRunner& processes;
  Clock& clock;
  EnvironmentVariables variables;
  // "/" in life. A test world is a directory: /proc, /sys, /etc and the CUDA toolkit are looked up below it.
  std::filesystem::path root;
  std::filesystem::path current_directory;
};

}  // namespace wheelfit::system
