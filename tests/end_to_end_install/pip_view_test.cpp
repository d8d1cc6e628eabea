// SPDX-License-Identifier: Apache-2.0
// A real pip in a real virtual environment: it lists, checks and shows what was installed, runs its scripts,
// and uninstalls it without a trace.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "install/install.hpp"
#include "support/temp_dir.hpp"
#include "support/wheel_builder.hpp"
#include "system/posix_process.hpp"

namespace wheelfit::install {
namespace {

using ::testing::HasSubstr;
namespace fs = std::filesystem;

class PipView : public ::testing::Test {
 protected:
  void SetUp() override {
    const auto variables = system::EnvironmentVariables::of_this_process();
    const auto python = system::find_program("python3", variables);
    ASSERT_TRUE(python) << "the tests need python3";
    const auto made = run({python->string(), "-m", "venv", prefix().string()});
    ASSERT_TRUE(made.succeeded()) << made.error;
    const auto asked =
        run({interpreter(), "-c", "import sysconfig; print(sysconfig.get_path('purelib'), end='')"});
    destination_ = {.purelib = asked.output,
                    .platlib = asked.output,
                    .scripts = prefix() / "bin",
                    .headers = prefix() / "include/site",
                    .data = prefix(),
                    .interpreter = interpreter()};
  }

  fs::path prefix() const { return directory_ / "my venv"; }  // the blank asks for the /bin/sh trampoline
  std::string interpreter() const { return (prefix() / "bin/python").string(); }
  system::ProcessResult run(std::vector<std::string> arguments) {
    system::PosixProcessRunner processes{system::EnvironmentVariables::of_this_process()};
    system::Command command;
    command.arguments = std::move(arguments);
    return processes.run(command);
  }
  system::ProcessResult pip(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {interpreter(), "-m", "pip", "--disable-pip-version-check"});
    return run(std::move(arguments));
  }
  std::set<fs::path> files() const {
    std::set<fs::path> found;
    for (const auto& entry : fs::recursive_directory_iterator(prefix())) {
      if (entry.is_regular_file() && entry.path().extension() != ".pyc") found.insert(entry.path());
    }
    return found;
  }

  wheelfit::test::TempDir directory_;
  Destination destination_;
};

TEST_F(PipView, OfAnInstalledWheelIsThatOfItsOwn) {
  const auto before = files();
  const wheelfit::test::WheelBuilder wheel =
      wheelfit::test::WheelBuilder("demo_tool", "1.5")
          .file("demo_tool/__init__.py", "def main():\n    print('it runs')\n    return 3\n")
          .file("demo_tool-1.5.dist-info/entry_points.txt", "[console_scripts]\ndemo-tool = demo_tool:main\n")
          .file("demo_tool-1.5.data/scripts/demo-script",
                "#!python\nimport demo_tool\nprint('so does this')\n");
  InstallRequest request;
  request.wheel = wheel.write_to(directory_ / "wheels");
  request.file_name = wheel.file_name();
  request.destination = destination_;
  SilentReporter silent;
  install_wheel(request, silent).commit();

  EXPECT_THAT(pip({"list"}).output, HasSubstr("demo"));
  EXPECT_TRUE(pip({"check"}).succeeded());
  const auto shown = pip({"show", "-f", "demo-tool"});
  EXPECT_THAT(shown.output, HasSubstr("Version: 1.5"));
  EXPECT_THAT(shown.output, HasSubstr("demo_tool-1.5.dist-info/WHEELFIT.json"));
  EXPECT_THAT(pip({"freeze"}).output, HasSubstr("==1.5"));

  const auto launched = run({(prefix() / "bin/demo-tool").string()});
  EXPECT_EQ(launched.output, "it runs\n") << launched.error;
  EXPECT_EQ(launched.exit_code, 3);
  EXPECT_EQ(run({(prefix() / "bin/demo-script").string()}).output, "so does this\n");

  const auto removed = pip({"uninstall", "-y", "demo-tool"});
  EXPECT_TRUE(removed.succeeded()) << removed.error;
  EXPECT_EQ(files(), before);
  EXPECT_FALSE(fs::exists(destination_.purelib / "demo_tool"));
}

}  // namespace
}  // namespace wheelfit::install
