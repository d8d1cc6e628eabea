// SPDX-License-Identifier: Apache-2.0
// Whole probes of small machines that are directories.
#include "base/error.hpp"
#include "python_world.hpp"

namespace wheelfit::probe::test {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr const char* glibc_banner = "GNU C Library (Ours) stable release version 2.31.\n";

TEST(Worlds, AVenvOfTheSystemsPython) {
  PythonWorld world;
  world.add_python("/usr", "python3.11");
  world.write("/usr/include/python3.11/patchlevel.h", "#define PY_VERSION      \t\"3.11.7\"\n");
  world.write("/lib64/libc.so.6", glibc_banner);
  world.add_venv("/srv/project/.venv", "/usr/bin", "python3.11",
                 "include-system-site-packages = false\nversion = 3.11.2\n");
  const Environment environment = world.probe();
  EXPECT_EQ(environment.origin, Fact<std::string>("local", ".venv"));
  const Interpreter& interpreter = environment.interpreter;
  EXPECT_EQ(interpreter.kind.value, "venv");
  EXPECT_EQ(interpreter.prefix.value, world.at("/srv/project/.venv"));
  EXPECT_EQ(interpreter.base_prefix.value, world.at("/usr"));
  EXPECT_EQ(interpreter.version->to_string(), "3.11.7");
  EXPECT_THAT(interpreter.version.disagreeing,
              ElementsAre(Witness{"3.11.2", world.at("/srv/project/.venv/pyvenv.cfg").string()}));
  EXPECT_EQ(interpreter.platform.value, "linux_x86_64");
  EXPECT_EQ(interpreter.scheme->platlib, world.at("/srv/project/.venv/lib/python3.11/site-packages"));
  EXPECT_EQ(interpreter.scheme->headers, world.at("/srv/project/.venv/include/site/python3.11"));
  EXPECT_THAT(interpreter.site_directories, ElementsAre(interpreter.scheme->platlib));
  EXPECT_EQ(interpreter.externally_managed.value, false);
  EXPECT_EQ(environment.libc.glibc->to_string(), "2.31");
  EXPECT_EQ(environment.torch.installed.value, false);
  EXPECT_EQ(environment.accelerators.driver_present.value, false);
}

TEST(Worlds, AVenvWhoseBaseIsGoneSaysSo) {
  PythonWorld world;
  world.add_venv("/env", "/opt/gone/bin", "python3.12", "version = 3.12.1\n");
  const Interpreter interpreter = world.probe("/env").interpreter;
  EXPECT_EQ(interpreter.version->to_string(), "3.12.1");
  EXPECT_FALSE(interpreter.base_prefix.known());
  EXPECT_FALSE(interpreter.platform.known());
  EXPECT_THAT(interpreter.remarks,
              Contains(HasSubstr("/opt/gone/bin, from which this virtual environment was made")));
  EXPECT_THAT(interpreter.remarks, Contains(HasSubstr("is a link to an interpreter that is gone")));
}

TEST(Worlds, TheMakerOfAVirtualEnvironment) {
  PythonWorld world;
  world.add_python("/usr", "python3.11");
  world.add_venv("/uv", "/usr/bin", "python3.11",
                 "implementation = CPython\nuv = 0.5.1\nversion_info = 3.11.7\n");
  world.add_venv("/old", "/usr/bin", "python3.11", "virtualenv = 20.24.5\nversion_info = 3.11.7.final.0\n");
  const Environment made_by_uv = world.probe("/uv");
  EXPECT_EQ(made_by_uv.interpreter.kind.value, "uv");
  EXPECT_EQ(made_by_uv.installer.uv_environment.value, true);
  EXPECT_EQ(made_by_uv.interpreter.version->to_string(), "3.11.7");
  const Environment virtualenv = world.probe("/old");
  EXPECT_EQ(virtualenv.interpreter.kind.value, "virtualenv");
  EXPECT_EQ(virtualenv.interpreter.version->to_string(), "3.11.7");
}

TEST(Worlds, CondaAndItsOwnStandardLibraryOfCpp) {
  PythonWorld world;
  world.add_python("/opt/conda", "python3.10");
  world.write("/opt/conda/conda-meta/history");
  world.write("/opt/conda/conda-meta/python-3.10.13-hd12c33a_0_cpython.json", "{}");
  world.write("/opt/conda/conda-meta/python-dateutil-2.8.2-pyhd8ed1ab_0.json", "{}");
  world.set("CONDA_PREFIX", "/opt/conda");
  const Environment environment = world.probe();
  EXPECT_EQ(environment.origin.source, "CONDA_PREFIX");
  EXPECT_EQ(environment.interpreter.kind.value, "conda");
  EXPECT_EQ(environment.interpreter.version->to_string(), "3.10.13");
  EXPECT_EQ(environment.interpreter.scheme->headers, world.at("/opt/conda/include/python3.10"));
  EXPECT_EQ(environment.interpreter.scheme.source, "posix_prefix");
}

TEST(Worlds, DebiansPythonKeepsToItsOwnDirectories) {
  PythonWorld world;
  world.add_python("/usr", "python3.11");
  world.write("/usr/lib/python3.11/site.py", "    \"dist-packages\"\n");
  world.write("/usr/lib/python3.11/EXTERNALLY-MANAGED", "[externally-managed]\n");
  world.write("/usr/lib/python3/dist-packages/apt.py");
  world.write("/usr/local/lib/python3.11/dist-packages/x.py");
  world.write("/var/lib/dpkg/status",
              "Package: python3.11\nVersion: 1\n\nPackage: python3.11-minimal\nStatus: install ok installed\n"
              "Version: 3.11.2-6+deb12u6\n\nPackage: zlib\nVersion: 1:1.2.13\n");
  const Interpreter interpreter = world.probe().interpreter;
  EXPECT_EQ(interpreter.kind.value, "system");
  EXPECT_EQ(interpreter.version->to_string(), "3.11.2");
  EXPECT_EQ(interpreter.externally_managed.value, true);
  EXPECT_EQ(interpreter.scheme.source, "posix_local");
  EXPECT_EQ(interpreter.scheme->purelib, world.at("/usr/local/lib/python3.11/dist-packages"));
  EXPECT_EQ(interpreter.scheme->scripts, world.at("/usr/local/bin"));
  EXPECT_EQ(interpreter.scheme->headers, world.at("/usr/include/python3.11"));
  EXPECT_THAT(interpreter.site_directories, ElementsAre(world.at("/usr/local/lib/python3.11/dist-packages"),
                                                        world.at("/usr/lib/python3/dist-packages")));
}

TEST(Worlds, FedorasPythonUsesLib64AndUsrLocal) {
  PythonWorld world;
  world.write("/usr/bin/python3", tiny_elf());
  world.write("/usr/lib64/python3.12/os.py");
  world.write("/usr/lib64/python3.12/site.py", "if 'RPM_BUILD_ROOT' not in os.environ:\n");
  world.write("/usr/lib64/python3.12/site-packages/a.py");
  world.write("/usr/lib/python3.12/site-packages/b.py");
  world.write("/usr/local/lib/python3.12/site-packages/c.py");
  const Interpreter interpreter = world.probe().interpreter;
  EXPECT_EQ(interpreter.scheme->platlib, world.at("/usr/local/lib64/python3.12/site-packages"));
  EXPECT_EQ(interpreter.scheme->purelib, world.at("/usr/local/lib/python3.12/site-packages"));
  EXPECT_THAT(interpreter.site_directories, ElementsAre(world.at("/usr/local/lib/python3.12/site-packages"),
                                                        world.at("/usr/lib64/python3.12/site-packages"),
                                                        world.at("/usr/lib/python3.12/site-packages")));
}

TEST(Worlds, AFreeThreadedBuild) {
  PythonWorld world;
  world.add_python("/opt/py", "python3.13t");
  world.write("/opt/py/lib/python3.13t/_sysconfigdata_t_linux_x86_64-linux-gnu.py", "build_time_vars = {}\n");
  const Interpreter interpreter = world.probe("/opt/py/bin/python3.13t").interpreter;
  EXPECT_EQ(interpreter.free_threaded.value, true);
  EXPECT_TRUE(interpreter.free_threaded.disagreeing.empty());
  EXPECT_EQ(interpreter.abi_tag.value, "cp313t");
  EXPECT_EQ(interpreter.version->to_string(), "3.13");
}

TEST(Worlds, AStandaloneBuildThatIsRelocated) {
  PythonWorld world;
  world.add_python("/home/user/pythons/cpython-3.12", "python3.12");
  world.write("/home/user/pythons/cpython-3.12/lib/python3.12/_sysconfigdata__linux_x86_64-linux-gnu.py",
              "build_time_vars = {'prefix': '/install'}\n");
  world.link("/home/user/bin/py", "/home/user/pythons/cpython-3.12/bin/python3");
  const Interpreter interpreter = world.probe("/home/user/bin/py").interpreter;
  EXPECT_EQ(interpreter.kind.value, "standalone");
  EXPECT_EQ(interpreter.prefix.value, world.at("/home/user/pythons/cpython-3.12"));
  EXPECT_EQ(interpreter.executable.value, world.at("/home/user/bin/py"));
}

TEST(Worlds, APyenvShimIsFollowedAsPyenvDoes) {
  PythonWorld world;
  world.add_python("/home/user/.pyenv/versions/3.11.7", "python3.11");
  world.add_python("/home/user/.pyenv/versions/3.12.1", "python3.12");
  world.write("/home/user/.pyenv/shims/python3", "#!/usr/bin/env bash\n");
  world.write("/home/user/.pyenv/version", "3.11.7\n");
  world.set("PATH", "/home/user/.pyenv/shims:/usr/bin");
  const Interpreter global = world.probe().interpreter;
  EXPECT_EQ(global.kind.value, "pyenv");
  EXPECT_EQ(global.version->to_string(), "3.11");
  world.write("/srv/project/.python-version", "3.12\n");
  EXPECT_EQ(world.probe().interpreter.version->to_string(), "3.12") << "the nearest .python-version";
  world.set("PYENV_VERSION", "3.11.7");
  EXPECT_EQ(world.probe().interpreter.version->to_string(), "3.11") << "the variable wins";
}

TEST(Worlds, PyPyIsAnotherImplementation) {
  PythonWorld world;
  world.add_python("/opt/pypy", "pypy3.10");
  const Environment environment = world.probe("/opt/pypy/bin/pypy3.10");
  EXPECT_EQ(environment.interpreter.implementation.value, "pypy");
  EXPECT_FALSE(environment.interpreter.abi_tag.known());
  EXPECT_EQ(tag_target(environment).implementation, "pp");
}

TEST(Worlds, ThePlatformIsTheInterpretersOwn) {
  PythonWorld world;
  world.add_python("/opt/small", "python3.11", {1, 3, "/lib/ld-linux.so.2"});
  world.add_python("/opt/arm", "python3.11", {2, 183, "/lib/ld-linux-aarch64.so.1"});
  EXPECT_EQ(world.probe("/opt/small").interpreter.platform.value, "linux_i686");
  EXPECT_EQ(world.probe("/opt/arm").interpreter.platform.value, "linux_aarch64");
}

TEST(Worlds, MuslIsToldByTheLoader) {
  PythonWorld world;
  world.add_python("/usr", "python3.11", {2, 62, "/lib/ld-musl-x86_64.so.1"});
  world.write("/lib/ld-musl-x86_64.so.1", std::string("musl libc\0abc\0001.2.4\0", 21));
  const LibC libc = world.probe().libc;
  EXPECT_FALSE(libc.glibc.known());
  ASSERT_TRUE(libc.musl.known());
  EXPECT_EQ(libc.musl->to_string(), "1.2.4");
}

TEST(Worlds, TheOrderOfChoice) {
  PythonWorld world;
  for (const char* prefix : {"/asked", "/active", "/conda", "/usr"}) world.add_python(prefix, "python3.11");
  world.add_venv("/srv/project/.venv", "/usr/bin", "python3.11");
  EXPECT_EQ(world.probe().origin.source, ".venv");
  world.set("CONDA_PREFIX", "/conda");
  EXPECT_EQ(world.probe().origin.source, "CONDA_PREFIX");
  world.set("VIRTUAL_ENV", "/active");
  EXPECT_EQ(world.probe().origin.source, "VIRTUAL_ENV");
  EXPECT_EQ(world.probe("/asked").origin.source, "--python");
  world.set("VIRTUAL_ENV", "/deleted");
  EXPECT_EQ(world.probe().origin.source, "CONDA_PREFIX") << "a variable that names nothing is passed over";
  world.set_current_directory("/usr");
  world.set("CONDA_PREFIX", "");
  EXPECT_EQ(world.probe().origin.source, "PATH");
  EXPECT_EQ(world.probe("python3.11").origin.source, "--python") << "a name on PATH";
}

TEST(Worlds, WhatIsNoInterpreterIsRefused) {
  PythonWorld world;
  world.write("/srv/project/notes/readme", "");
  world.write("/srv/project/run.sh", "#!/bin/sh\n");
  const auto refusal = [&world](const std::optional<std::string>& python) {
    try {
      world.probe(python);
    } catch (const Error& error) {
      return std::pair(error.kind(), error.sentence().english());
    }
    return std::pair(ErrorKind::internal, std::string("accepted"));
  };
  EXPECT_EQ(refusal("notes").first, ErrorKind::usage);
  EXPECT_THAT(refusal("notes").second, HasSubstr("notes holds no Python interpreter"));
  EXPECT_THAT(refusal("./run.sh").second, HasSubstr("is a script, not a Python interpreter"));
  EXPECT_THAT(refusal("./nothing").second, HasSubstr("there is no interpreter ./nothing"));
  EXPECT_THAT(refusal("python9").second, HasSubstr("there is no python9 on PATH"));
  EXPECT_EQ(refusal(std::nullopt).first, ErrorKind::refused);
}

}  // namespace
}  // namespace wheelfit::probe::test
