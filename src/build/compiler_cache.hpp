// SPDX-License-Identifier: Apache-2.0
// Which compiler cache goes before the compilers, and the server that sccache compiles in.
#pragma once

#include <atomic>
#include <exception>
#include <filesystem>
#include <map>
#include <string>
#include <thread>

#include "build/workplace.hpp"
#include "system/environment_variables.hpp"
#include "system/process.hpp"

namespace wheelfit::build {

enum class CompilerCache { automatic, none, ccache, sccache };

// "ccache", "sccache", or "" for none. By itself: sccache where its variables name a storage that machines
// share, else ccache, else sccache. Throws Error{usage} where the wished one is not on PATH.
std::string launcher_for(CompilerCache wish, const system::EnvironmentVariables& variables);

// What ccache and sccache need so that the same source in another build directory is found again.
std::map<std::string, std::string> cache_variables(const std::filesystem::path& build_directory);

// A server of sccache's for one build, in a process group of its own: it is watched and ended as compilers
// are, and by the next run where this one was killed. The user's own server, if there is one, is left alone.
// Where it keeps what it makes is in the user's SCCACHE_ variables, or else in `folder`: two servers cannot
// share one local folder.
class CacheServer {
 public:
  // Starts it, and waits until it listens. Throws Error{machine} with sccache's own words where it does not.
  CacheServer(const Workplace& place, const std::filesystem::path& folder,
              const system::EnvironmentVariables& variables, system::ProcessRunner& processes);
  ~CacheServer();
  CacheServer(const CacheServer&) = delete;
  CacheServer& operator=(const CacheServer&) = delete;

  std::map<std::string, std::string> variables() const;  // for whoever is to compile in it
  int group() const noexcept { return group_; }          // its processes

 private:
  void wait_until_it_listens();
  void stop() noexcept;

  const Workplace& place_;
  std::uint16_t port_;
  std::atomic<int> group_{0};
  std::atomic<bool> stop_{false};
  std::atomic<bool> ended_{false};
  system::ProcessResult result_;
  std::exception_ptr failed_;
  std::jthread thread_;
};

}  // namespace wheelfit::build
