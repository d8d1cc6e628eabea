// SPDX-License-Identifier: Apache-2.0
// With a real interpreter: imports that work, fail and crash.
#include "verify/verify.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/embedded_data.hpp"
#include "support/temp_dir.hpp"
#include "system/posix_process.hpp"
#include "system/sha256.hpp"

namespace wheelfit::verify {
namespace {

using ::testing::HasSubstr;

class Verify : public ::testing::Test {
 protected:
  void add(const std::string& path, const std::string& content) {
    directory_.write(path, content);
    record_ += path + ",sha256=" + system::to_urlsafe_base64(system::sha256_of(content)) + "," +
               std::to_string(content.size()) + "\n";
    directory_.write("demo-1.0.dist-info/RECORD", record_ + "demo-1.0.dist-info/RECORD,,\n");
  }
  Report run(VerifyRequest request = {}) {
    auto variables = system::EnvironmentVariables::of_this_process().all();
    variables["PYTHONPATH"] = directory_.path().string();
    variables["PYTHONDONTWRITEBYTECODE"] = "1";
    system::PosixProcessRunner processes{system::EnvironmentVariables(variables)};
    request.interpreter =
        system::find_program("python3", system::EnvironmentVariables::of_this_process()).value();
    request.dist_info = directory_ / "demo-1.0.dist-info";
    request.distribution = "demo";
    request.version = "1.0";
    request.needs_torch = torch_;
    SilentReporter silent;
    return verify(request, processes, silent);
  }
  static const Check& named(const Report& report, const std::string& name) {
    for (const Check& check : report.checks) {
      if (check.name == name) return check;
    }
    throw std::runtime_error("no check " + name);
  }

  wheelfit::test::TempDir directory_;
  std::string record_;
  bool torch_ = false;
};

std::string attention_script() {
  for (const EmbeddedFile& file : embedded_files()) {
    if (file.path == "verify/attention.py") return std::string(file.text);
  }
  return {};
}

TEST_F(Verify, ImportsTheModulesOfRecord) {
  add("demo/__init__.py", "print('{\"noise\": 1}')\n__version__ = '1.0'\n");
  const Report report = run();
  EXPECT_TRUE(report.imported);
  EXPECT_FALSE(report.failed);
  EXPECT_EQ(named(report, "record").result, CheckResult::passed);
  EXPECT_EQ(named(report, "import demo").detail.english(), "version 1.0");
}

TEST_F(Verify, ReportsTheErrorOfAnImportVerbatim) {
  add("demo.py", "raise ImportError('x.so: undefined symbol: _ZN3c105ErrorC2E')\n");
  const Report report = run();
  EXPECT_FALSE(report.imported);
  EXPECT_TRUE(report.failed);
  EXPECT_EQ(named(report, "import demo").detail.english(),
            "ImportError: x.so: undefined symbol: _ZN3c105ErrorC2E");
}

TEST_F(Verify, NamesTheSignalOfACrash) {
  add("demo.py",
      "import os, signal\nsignal.signal(signal.SIGSEGV, signal.SIG_DFL)\nos.kill(os.getpid(), "
      "signal.SIGSEGV)\n");
  const Report report = run();
  EXPECT_TRUE(report.failed);
  EXPECT_THAT(named(report, "import demo").detail.english(), HasSubstr("SIGSEGV"));
}

TEST_F(Verify, KillsAChildThatDoesNotEnd) {
  add("demo.py", "import time\ntime.sleep(60)\n");
  VerifyRequest request;
  request.timeout = std::chrono::seconds(1);
  const Report report = run(request);
  EXPECT_TRUE(report.failed);
  EXPECT_THAT(named(report, "import demo").detail.english(), HasSubstr("time limit"));
}

TEST_F(Verify, DoesNotTakeAModuleThatExitsForImported) {
  add("demo.py", "import sys\nsys.exit(0)\n");
  EXPECT_FALSE(run().imported);
}

TEST_F(Verify, FindsChangedAndMissingFiles) {
  add("demo.py", "x = 1\n");
  add("gone.py", "");
  add("longer.py", "x\n");
  directory_.write("demo.py", "x = 2\n");
  directory_.write("longer.py", "x = 100\n");
  std::filesystem::remove(directory_ / "gone.py");
  const std::vector<Check> checks = check_record(directory_ / "demo-1.0.dist-info");
  ASSERT_EQ(checks.size(), 3U);
  EXPECT_THAT(checks[0].detail.english(), HasSubstr("sha256 differs"));
  EXPECT_THAT(checks[1].detail.english(), HasSubstr("missing"));
  EXPECT_THAT(checks[2].detail.english(), HasSubstr("bytes"));
  EXPECT_TRUE(run().failed);
}

TEST_F(Verify, ComputesNothingWithoutAGpu) {
  add("torch.py",
      "class cuda:\n    @staticmethod\n    def is_available():\n        return False\n__version__ = '0'\n");
  add("demo.py", "");
  torch_ = true;
  VerifyRequest request;
  request.script = attention_script();
  request.module = "demo";
  request.imports = {"demo"};
  const Report report = run(request);
  EXPECT_TRUE(report.imported);
  EXPECT_FALSE(report.computed);
  EXPECT_FALSE(report.failed);
  EXPECT_EQ(named(report, "attention").result, CheckResult::not_checked);
  EXPECT_EQ(report.not_proven.size(), 1U);
}

TEST_F(Verify, SaysThatAFailedImportStopsTheProof) {
  add("demo.py", "raise OSError('libcudart.so.12: cannot open shared object file')\n");
  VerifyRequest request;
  request.script = attention_script();
  request.module = "demo";
  const Report report = run(request);
  EXPECT_TRUE(report.failed);
  EXPECT_EQ(report.not_proven.size(), 1U);
}

}  // namespace
}  // namespace wheelfit::verify
