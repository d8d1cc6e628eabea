// SPDX-License-Identifier: Apache-2.0
#include "build/compiler_cache.hpp"

#include <algorithm>
#include <array>
#include <chrono>

#include "base/error.hpp"
#include "base/text.hpp"
#include "system/interrupt.hpp"
#include "system/loopback_port.hpp"
#include "system/posix_process.hpp"

namespace wheelfit::build {
namespace {

namespace fs = std::filesystem;

// Each names a storage that other machines see: https://github.com/mozilla/sccache, docs/Configuration.md.
constexpr std::array shared_storages{"SCCACHE_BUCKET",
                                     "SCCACHE_ENDPOINT",
                                     "SCCACHE_REDIS",
                                     "SCCACHE_REDIS_ENDPOINT",
                                     "SCCACHE_REDIS_CLUSTER_ENDPOINTS",
                                     "SCCACHE_MEMCACHED",
                                     "SCCACHE_MEMCACHED_ENDPOINT",
                                     "SCCACHE_GCS_BUCKET",
                                     "SCCACHE_AZURE_CONNECTION_STRING",
                                     "SCCACHE_GHA_ENABLED",
                                     "SCCACHE_WEBDAV_ENDPOINT",
                                     "SCCACHE_OSS_BUCKET",
                                     "SCCACHE_COS_BUCKET"};
constexpr std::chrono::seconds patience{20};

bool shares(const system::EnvironmentVariables& variables) {
  return std::ranges::any_of(shared_storages,
                             [&](const char* name) { return variables.get_nonempty(name).has_value(); });
}

}  // namespace

std::string launcher_for(CompilerCache wish, const system::EnvironmentVariables& variables) {
  const auto there = [&](const char* name) { return system::find_program(name, variables).has_value(); };
  switch (wish) {
    case CompilerCache::none:
      return {};
    case CompilerCache::ccache:
    case CompilerCache::sccache: {
      const char* name = wish == CompilerCache::ccache ? "ccache" : "sccache";
      if (there(name)) return name;
      throw Error(ErrorKind::usage, text("there is no {} on PATH", name));
    }
    case CompilerCache::automatic:
      if (there("sccache") && shares(variables)) return "sccache";
      return there("ccache") ? "ccache" : there("sccache") ? "sccache" : "";
  }
  return {};
}

std::map<std::string, std::string> cache_variables(const fs::path& build_directory) {
  return {{"CCACHE_BASEDIR", build_directory.string()},
          {"CCACHE_NOHASHDIR", "1"},
          {"SCCACHE_BASEDIRS", build_directory.string()}};
}

CacheServer::CacheServer(const Workplace& place, const fs::path& folder,
                         const system::EnvironmentVariables& variables, system::ProcessRunner& processes)
    : place_(place), port_(system::free_loopback_port()) {
  system::Command command;
  command.arguments = {"sccache"};
  for (const auto& [name, value] : cache_variables(place.folder())) command.environment[name] = value;
  command.environment["SCCACHE_SERVER_PORT"] = std::to_string(port_);
  command.environment["SCCACHE_START_SERVER"] = "1";
  command.environment["SCCACHE_NO_DAEMON"] = "1";
  command.environment["SCCACHE_IDLE_TIMEOUT"] = "0";  // it ends when the build does
  if (!shares(variables) && !variables.get_nonempty("SCCACHE_DIR"))
    command.environment["SCCACHE_DIR"] = folder.string();
  command.directory = place.folder();
  command.timeout = std::chrono::hours(24 * 7);
  command.stop = [this] { return stop_.load(); };
  command.on_start = [this](int group) {
    place_.note_running(group);
    group_ = group;
  };
  thread_ = std::jthread([this, command = std::move(command), &processes] {
    try {
      result_ = processes.run(command);
    } catch (...) {
      failed_ = std::current_exception();
    }
    ended_ = true;
  });
  try {
    wait_until_it_listens();
  } catch (...) {
    stop();
    throw;
  }
}

CacheServer::~CacheServer() { stop(); }

void CacheServer::stop() noexcept {
  stop_ = true;
  if (thread_.joinable()) thread_.join();
  if (group_ != 0) place_.note_ended(group_);
}

void CacheServer::wait_until_it_listens() {
  const auto until = std::chrono::steady_clock::now() + patience;
  while (!ended_ && std::chrono::steady_clock::now() < until) {
    if (system::listens_on_loopback(port_)) return;
    system::throw_if_interrupted();
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  stop();
  if (failed_) std::rethrow_exception(failed_);
  std::string words = result_.error.empty() ? result_.output : result_.error;
  words.erase(words.find_last_not_of('\n') + 1);
  throw Error(ErrorKind::machine, text("sccache does not start: {}", words.substr(words.rfind('\n') + 1)),
              {text("look at its SCCACHE_ variables, or build without it: --compiler-cache none")})
      .with_code("compiler-cache");
}

std::map<std::string, std::string> CacheServer::variables() const {
  return {{"SCCACHE_SERVER_PORT", std::to_string(port_)}};
}

}  // namespace wheelfit::build
