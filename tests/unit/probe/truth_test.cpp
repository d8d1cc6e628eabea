// SPDX-License-Identifier: Apache-2.0
// What the probe reads from files against what the Pythons of this machine say of themselves.
#include <cstdlib>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "probe/environment.hpp"
#include "probe/probe.hpp"
#include "probe/rooted_files.hpp"
#include "support/temp_dir.hpp"
#include "system/curl_http.hpp"
#include "system/posix_process.hpp"
#include "system/world.hpp"

namespace wheelfit::probe {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

constexpr const char* question = R"(
import sys, sysconfig, json, os
parts = [p for p in sys.path if 'site-packages' in p or 'dist-packages' in p or '/wheelfit-test-' in p]
paths = sysconfig.get_paths()
print(json.dumps({
  'version': '%d.%d.%d' % sys.version_info[:3], 'path': parts, 'prefix': sys.prefix, 'base': sys.base_prefix,
  'purelib': paths['purelib'], 'platlib': paths['platlib'], 'scripts': paths['scripts'], 'data': paths['data'],
  'soabi': sysconfig.get_config_var('SOABI'), 'platform': sysconfig.get_platform().replace('-', '_').replace('.', '_'),
  'free_threaded': bool(sysconfig.get_config_var('Py_GIL_DISABLED')),
  'glibc': os.confstr('CS_GNU_LIBC_VERSION') if 'CS_GNU_LIBC_VERSION' in os.confstr_names else None}))
)";

system::EnvironmentVariables variables() {
  auto values = system::EnvironmentVariables::of_this_process().all();
  for (const char* name : {"PYTHONPATH", "PYTHONHOME", "PYTHONUSERBASE", "PYTHONNOUSERSITE"})
    values.erase(name);
  return system::EnvironmentVariables(std::move(values));
}

std::optional<std::string> output_of(std::vector<std::string> arguments) {
  system::PosixProcessRunner processes(variables());
  system::Command command;
  command.arguments = std::move(arguments);
  const auto result = processes.run(command);
  return result.succeeded() ? std::optional(result.output) : std::nullopt;
}

Environment probed(const fs::path& python) {
  system::RealClock clock;
  system::PosixProcessRunner processes(variables());
  system::World world{{}, processes, clock, variables(), "/", fs::current_path()};
  ProbeRequest request;
  request.python = python;
  request.gpu_child = "/bin/true";  // drivers are other tests' business
  return probe(request, world);
}

// Interpreters of the system and of pyenv, CPython 3 only.
std::vector<fs::path> interpreters() {
  std::vector<fs::path> found;
  if (file_exists("/usr/bin/python3")) found.emplace_back("/usr/bin/python3");
  const auto all = variables();
  const auto root = all.get_nonempty("PYENV_ROOT");
  const fs::path pyenv = root ? fs::path(*root) : fs::path(all.get_nonempty("HOME").value_or("/")) / ".pyenv";
  for (const std::string& version : names_in(pyenv / "versions")) {
    const fs::path python = pyenv / "versions" / version / "bin/python3";
    if (version.starts_with('3') && file_exists(python)) found.push_back(python);
  }
  return found;
}

void expect_truth(const fs::path& python) {
  SCOPED_TRACE(python.string());
  const auto said = output_of({python.string(), "-c", question});
  ASSERT_TRUE(said.has_value());
  const Json truth = Json::parse(*said);
  const Environment environment = probed(python);
  const Interpreter& interpreter = environment.interpreter;
  EXPECT_EQ(interpreter.version->to_string(), truth["version"]) << interpreter.version.source;
  EXPECT_EQ(interpreter.prefix->string(), truth["prefix"]);
  EXPECT_EQ(interpreter.base_prefix->string(), truth["base"]);
  EXPECT_EQ(*interpreter.platform, truth["platform"]);
  EXPECT_EQ(*interpreter.free_threaded, truth["free_threaded"]);
  // cpython-311-x86_64-linux-gnu
  const std::string soabi = truth["soabi"];
  EXPECT_EQ(*interpreter.abi_tag, "cp" + soabi.substr(8, soabi.find('-', 8) - 8));
  std::vector<std::string> directories;
  for (const fs::path& directory : interpreter.site_directories) directories.push_back(directory.string());
  EXPECT_EQ(directories, truth["path"].get<std::vector<std::string>>());
  if (!interpreter.scheme.source.starts_with("posix_user")) {
    EXPECT_EQ(interpreter.scheme->purelib.string(), truth["purelib"]);
    EXPECT_EQ(interpreter.scheme->platlib.string(), truth["platlib"]);
    EXPECT_EQ(interpreter.scheme->scripts.string(), truth["scripts"]);
    EXPECT_EQ(interpreter.scheme->data.string(), truth["data"]);
  }
  if (truth["glibc"].is_string()) {
    ASSERT_TRUE(environment.libc.glibc.known());
    EXPECT_EQ("glibc " + environment.libc.glibc->to_string(), truth["glibc"]);
  }
}

TEST(Truth, EveryInterpreterOfThisMachine) {
  if (interpreters().empty()) GTEST_SKIP() << "needs /usr/bin/python3 or pyenv's versions";
  for (const fs::path& python : interpreters()) expect_truth(python);
}

TEST(Truth, VirtualEnvironmentsWithAndWithoutTheSystemsPackages) {
  bool any = false;
  const wheelfit::test::TempDir directory;
  for (const fs::path& python : interpreters()) {
    const fs::path alone = directory / ("alone" + std::to_string(any));
    if (!output_of({python.string(), "-m", "venv", "--without-pip", alone.string()}))
      continue;  // Debian without venv
    any = true;
    expect_truth(alone / "bin/python");
    const fs::path shared = alone.string() + "-shared";
    ASSERT_TRUE(output_of(
        {python.string(), "-m", "venv", "--without-pip", "--system-site-packages", shared.string()}));
    // Directories from .pth files, one of them twice, one missing.
    const std::string site = probed(shared).interpreter.site_directories.at(0).string();
    fs::create_directories(site + "/inner");
    const std::string below = site.substr(directory.path().string().size() + 1);
    directory.write(below + "/b.pth",
                    "# here\ninner\n" + directory.path().string() + "\nmissing\n./inner\nimport sys\n");
    expect_truth(shared / "bin/python");
    if (python != interpreters().front()) break;  // the system's and one other: making them takes its time
  }
  if (!any) GTEST_SKIP() << "needs a Python whose venv module works";
}

TEST(Truth, PipsOwnIndexAndVersion) {
  int asked = 0;
  for (const fs::path& python : interpreters()) {
    if (asked == 3) break;  // starting pip takes its time
    // As pip itself merges files, variables and its default.
    const auto said =
        output_of({python.string(), "-c",
                   "import json, pip\n"
                   "from pip._internal.commands import create_command\n"
                   "o, _ = create_command('install').parse_args([])\n"
                   "print(json.dumps([pip.__version__, o.index_url, o.cache_dir, o.find_links]))"});
    if (!said) continue;
    SCOPED_TRACE(python.string());
    ++asked;
    const Json truth = Json::parse(*said);
    const InstallerSettings settings = probed(python).installer;
    EXPECT_EQ(settings.pip_version->to_string(), truth[0]);
    EXPECT_EQ(*settings.index_url, truth[1]);
    const auto& cache = settings.cache_directory;
    EXPECT_EQ(cache.known() ? Json(cache->string()) : truth[2], truth[2]);
    std::vector<std::string> links;
    for (const auto& link : settings.find_links) links.push_back(*link);
    EXPECT_EQ(links, truth[3].get<std::vector<std::string>>());
  }
  if (asked == 0) GTEST_SKIP() << "needs an interpreter with a pip of 20 or newer";
}

}  // namespace
}  // namespace wheelfit::probe
