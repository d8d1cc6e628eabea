// SPDX-License-Identifier: Apache-2.0
#include "install/launcher.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.hpp"

namespace wheelfit::install {
namespace {

TEST(InterpreterLine, IsPlainWhereTheKernelTakesIt) {
  EXPECT_EQ(interpreter_line("/venv/bin/python"), "#!/venv/bin/python\n");
}

TEST(InterpreterLine, GoesThroughTheShellForBlanksAndLongPaths) {
  EXPECT_EQ(interpreter_line("/my venv/bin/python"),
            "#!/bin/sh\n'''exec' \"/my venv/bin/python\" \"$0\" \"$@\"\n' '''\n");
  const std::string fits = "/" + std::string(123, 'a');
  EXPECT_EQ(interpreter_line(fits), "#!" + fits + "\n");
  EXPECT_THAT(interpreter_line(fits + "a"), ::testing::StartsWith("#!/bin/sh\n"));
  EXPECT_THAT(interpreter_line("/a b/$x"), ::testing::HasSubstr("\"/a b/\\$x\""));
}

TEST(LauncherScript, ImportsTheFirstPartAndCallsTheWhole) {
  const std::string script =
      launcher_script({"console_scripts", "demo", "demo.cli", "App.run"}, "/venv/bin/python");
  EXPECT_THAT(script, ::testing::HasSubstr("from demo.cli import App\n"));
  EXPECT_THAT(script, ::testing::HasSubstr("sys.exit(App.run())\n"));
}

TEST(LauncherScript, RefusesWhatWouldBeCodeOrAPath) {
  const auto refused = [](const python::EntryPoint& entry) {
    try {
      launcher_script(entry, "/venv/bin/python");
    } catch (const Error& error) {
      return error.code() == "entry-point";
    }
    return false;
  };
  EXPECT_TRUE(refused({"console_scripts", "../demo", "demo", "main"}));
  EXPECT_TRUE(refused({"console_scripts", "..", "demo", "main"}));
  EXPECT_TRUE(refused({"console_scripts", "demo", "demo; import os", "main"}));
  EXPECT_TRUE(refused({"console_scripts", "demo", "demo", "main()"}));
  EXPECT_TRUE(refused({"console_scripts", "demo", "demo", ""}));
  EXPECT_TRUE(refused({"console_scripts", "demo", "demo.", "main"}));
  EXPECT_FALSE(refused({"console_scripts", "demo-2.0", "demo._x9", "main"}));
}

TEST(WithInterpreter, RewritesTheLineThatAsksForIt) {
  EXPECT_EQ(with_interpreter("#!python\nprint(1)\n", "/p"), "#!/p\nprint(1)\n");
  EXPECT_EQ(with_interpreter("#!pythonw\r\nx\n", "/p"), "#!/p\nx\n");
  EXPECT_EQ(with_interpreter("#!python", "/p"), "#!/p\n");
  EXPECT_EQ(with_interpreter("#!/bin/sh\n", "/p"), std::nullopt);
}

}  // namespace
}  // namespace wheelfit::install
