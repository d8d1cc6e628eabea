// SPDX-License-Identifier: Apache-2.0
// A script in the place of sccache; the real one is run by tests/end_to_end/test_build.py.
#include "build/compiler_cache.hpp"

#include <csignal>

#include "base/error.hpp"
#include "support/temp_dir.hpp"
#include "system/files.hpp"
#include "system/loopback_port.hpp"
#include "system/posix_process.hpp"
#include "system/process_groups.hpp"

namespace wheelfit::build {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

class CompilerCacheTest : public ::testing::Test {
 protected:
  void program(const std::string& name, const std::string& script) {
    system::make_directories(bin);
    system::write_file_atomically(bin / name, "#!/bin/sh\n" + script, system::Durability::ordinary);
    fs::permissions(bin / name, fs::perms::owner_all);
  }
  system::EnvironmentVariables with(std::map<std::string, std::string, std::less<>> variables) {
    variables["PATH"] = bin.string() + ":/usr/bin:/bin";
    return system::EnvironmentVariables(variables);
  }
  std::string chosen(std::map<std::string, std::string, std::less<>> variables = {}) {
    variables["PATH"] = bin.string();
    return launcher_for(CompilerCache::automatic, system::EnvironmentVariables(variables));
  }
  static BuildKey key() {
    BuildKey made;
    made.package = "demo";
    made.version = python::Version::parse("1.0").value();
    return made;
  }

  test::TempDir folder;
  fs::path bin = folder.path() / "bin";
};

TEST_F(CompilerCacheTest, SccacheGoesFirstOnlyWhereItsStorageIsShared) {
  EXPECT_EQ(chosen(), "");
  program("sccache", "");
  EXPECT_EQ(chosen(), "sccache");
  program("ccache", "");
  EXPECT_EQ(chosen(), "ccache");
  EXPECT_EQ(chosen({{"SCCACHE_DIR", "/somewhere"}}), "ccache");
  EXPECT_EQ(chosen({{"SCCACHE_REDIS_ENDPOINT", ""}}), "ccache");
  for (const char* name : {"SCCACHE_BUCKET", "SCCACHE_REDIS_ENDPOINT", "SCCACHE_WEBDAV_ENDPOINT"})
    EXPECT_EQ(chosen({{name, "there"}}), "sccache") << name;
}

TEST_F(CompilerCacheTest, AWishedOneMustBeThere) {
  program("ccache", "");
  const auto variables = system::EnvironmentVariables({{"PATH", bin.string()}});
  EXPECT_EQ(launcher_for(CompilerCache::none, variables), "");
  EXPECT_EQ(launcher_for(CompilerCache::ccache, variables), "ccache");
  EXPECT_THROW(launcher_for(CompilerCache::sccache, variables), Error);
}

TEST_F(CompilerCacheTest, TheServerRunsInAGroupOfItsOwnAsLongAsItIsWanted) {
  program("sccache",
          "[ \"$SCCACHE_START_SERVER$SCCACHE_NO_DAEMON$SCCACHE_IDLE_TIMEOUT\" = 110 ] || exit 3\n"
          "echo \"$SCCACHE_DIR\" > " +
              (folder.path() / "kept-in").string() +
              "\n"
              "exec python3 -c \"import os, socket, time\n"
              "s = socket.create_server(('127.0.0.1', int(os.environ['SCCACHE_SERVER_PORT'])))\n"
              "time.sleep(60)\"\n");
  const auto variables = with({});
  system::PosixProcessRunner processes(variables);
  const Workplace place(folder.path() / "store", key());
  std::optional<CacheServer> server;
  server.emplace(place, folder.path() / "cache", variables, processes);
  const int group = server->group();
  const auto port = static_cast<std::uint16_t>(std::stoi(server->variables().at("SCCACHE_SERVER_PORT")));
  EXPECT_TRUE(system::listens_on_loopback(port));
  EXPECT_GT(system::memory_of_groups("/", {group}).at(group), 0U);
  EXPECT_EQ(system::read_file(folder.path() / "kept-in"), (folder.path() / "cache").string() + "\n");
  server.reset();
  EXPECT_FALSE(system::listens_on_loopback(port));
  EXPECT_EQ(::kill(-group, 0), -1);
}

TEST_F(CompilerCacheTest, OneThatDoesNotStartIsToldInItsOwnWords) {
  program("sccache", "echo one >&2; echo 'the bucket is gone' >&2; exit 2\n");
  const auto variables = with({{"SCCACHE_BUCKET", "there"}});
  system::PosixProcessRunner processes(variables);
  const Workplace place(folder.path() / "store", key());
  try {
    const CacheServer server(place, folder.path() / "cache", variables, processes);
    FAIL() << "it is not there";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::machine);
    EXPECT_EQ(error.sentence().english(), "sccache does not start: the bucket is gone");
  }
}

}  // namespace
}  // namespace wheelfit::build
