// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "environment.hpp"
#include "python/record.hpp"
#include "support/recording_reporter.hpp"
#include "system/sha256.hpp"

namespace wheelfit::install::test {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;
namespace fs = std::filesystem;

WheelBuilder demo(const std::string& version = "1.0") {
  return WheelBuilder("demo", version)
      .file("demo/__init__.py", "version = '" + version + "'\n")
      .file("demo/core.so", std::string(700000, 'x') + version, 0100755)
      .file("demo_" + version.substr(0, 1) + ".py", "")
      .file("demo-" + version + ".dist-info/entry_points.txt", "[console_scripts]\ndemo = demo:main\n")
      .file("demo-" + version + ".data/scripts/demo-script", "#!python\nprint(1)\n")
      .file("demo-" + version + ".data/headers/demo.h", "#define DEMO\n")
      .file("demo-" + version + ".data/data/share/demo.txt", "data\n");
}

SilentReporter silent;

TEST(InstallWheel, PutsEveryFileInItsPlace) {
  const TestEnvironment environment;
  InstallRequest request = environment.request(demo());
  request.direct_url = "https://user:secret@files.example/demo-1.0-py3-none-any.whl";
  request.sha256 = "ab";
  install_wheel(request, silent).commit();
  EXPECT_EQ(environment.read("demo/__init__.py"), "version = '1.0'\n");
  EXPECT_EQ(environment.read("demo-1.0.dist-info/INSTALLER"), "wheelfit\n");
  EXPECT_TRUE(environment.has("demo-1.0.dist-info/REQUESTED"));
  EXPECT_EQ(
      environment.read("demo-1.0.dist-info/direct_url.json"),
      R"({"archive_info":{"hash":"sha256=ab","hashes":{"sha256":"ab"}},"url":"https://files.example/demo-1.0-py3-none-any.whl"})");
  const std::string line = "#!" + (environment.prefix() / "bin/python").string() + "\n";
  EXPECT_EQ(wheelfit::test::read_text(environment.prefix() / "bin/demo-script"), line + "print(1)\n");
  EXPECT_THAT(wheelfit::test::read_text(environment.prefix() / "bin/demo"), StartsWith(line));
  EXPECT_TRUE(fs::exists(environment.prefix() / "include/site/python3.11/demo/demo.h"));
  EXPECT_TRUE(fs::exists(environment.prefix() / "share/demo.txt"));
  struct stat status{};
  ASSERT_EQ(::stat((environment.site() / "demo/core.so").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0111U, 0111U);
  for (const auto& entry : fs::recursive_directory_iterator(environment.prefix())) {
    EXPECT_THAT(entry.path().filename().string(), ::testing::Not(StartsWith(".wheelfit")));
  }
}

TEST(InstallWheels, AreOneChange) {
  const TestEnvironment environment;
  const auto before = environment.snapshot();
  const WheelBuilder other = WheelBuilder("other", "3.0").file("other.py", "");
  Transaction both = install_wheels({environment.request(demo()), environment.request(other)}, silent);
  EXPECT_EQ(both.dist_info().filename(), "demo-1.0.dist-info");
  EXPECT_EQ(both.receipt().distribution, "demo");
  EXPECT_TRUE(environment.has("other-3.0.dist-info/RECORD"));
  both.roll_back();
  EXPECT_EQ(environment.snapshot(), before);
}

TEST(InstallWheels, AllOrNone) {
  const TestEnvironment environment;
  const auto before = environment.snapshot();
  const WheelBuilder bad =
      WheelBuilder("other", "3.0").file("other.py", "").record_hash("other.py", "sha256=AAAA");
  EXPECT_NE(code_of([&] { install_wheels({environment.request(demo()), environment.request(bad)}, silent); }),
            "");
  EXPECT_EQ(environment.snapshot(), before);
}

TEST(InstallWheels, TwoThatBringTheSameFileAreRefused) {
  const TestEnvironment environment;
  const auto before = environment.snapshot();
  const WheelBuilder other = WheelBuilder("other", "3.0").file("demo/__init__.py", "mine now\n");
  EXPECT_EQ(
      code_of([&] { install_wheels({environment.request(demo()), environment.request(other)}, silent); }),
      "conflict");
  EXPECT_EQ(environment.snapshot(), before);
}

TEST(InstallWheel, WritesARecordThatDescribesEveryFile) {
  const TestEnvironment environment;
  environment.install(demo());
  const std::string text = environment.read("demo-1.0.dist-info/RECORD");
  EXPECT_THAT(text, HasSubstr("demo-1.0.dist-info/RECORD,,\r\n"));
  EXPECT_THAT(text, StartsWith("../../../bin/demo,sha256="));
  std::set<fs::path> listed;
  const python::Record record = python::parse_record(text).value();
  for (const auto& row : record) {
    const fs::path file = (environment.site() / row.path).lexically_normal();
    listed.insert(file);
    if (row.hash.empty()) continue;
    EXPECT_EQ(system::to_urlsafe_base64(system::sha256_of_file(file)), row.hash) << file;
    EXPECT_EQ(fs::file_size(file), row.size) << file;
  }
  for (const auto& entry : fs::recursive_directory_iterator(environment.prefix())) {
    if (entry.is_regular_file() && entry.path().filename() != "pyvenv.cfg") {
      EXPECT_TRUE(listed.contains(entry.path())) << entry.path();
    }
  }
}

TEST(InstallWheel, LeavesAReceiptThatCanBeRewritten) {
  const TestEnvironment environment;
  InstallRequest request = environment.request(demo());
  request.receipt.torch = "2.4.0";
  Transaction transaction = install_wheel(request, silent);
  EXPECT_EQ(transaction.receipt().version, "1.0");
  EXPECT_EQ(transaction.receipt().files, 14U);
  Receipt receipt = transaction.receipt();
  receipt.proofs.push_back({"import", true, "it imports", "2026-01-01T00:00:00Z"});
  transaction.update_receipt(receipt);
  transaction.commit();
  const auto read = read_receipt(environment.site() / "demo-1.0.dist-info");
  ASSERT_TRUE(read);
  EXPECT_EQ(read->torch, "2.4.0");
  ASSERT_EQ(read->proofs.size(), 1U);
  EXPECT_THAT(environment.read("demo-1.0.dist-info/RECORD"), HasSubstr("demo-1.0.dist-info/WHEELFIT.json,,"));
}

TEST(InstallWheel, ReplacesTheReceiptAlone) {
  const TestEnvironment environment;
  environment.install(demo());
  auto expected = environment.snapshot();
  const auto dist_info = environment.site() / "demo-1.0.dist-info";
  Receipt receipt = *read_receipt(dist_info);
  receipt.proofs.push_back({"import", true, "it imports", "2026-01-01T00:00:00Z"});
  write_receipt(dist_info, receipt);
  EXPECT_EQ(read_receipt(dist_info)->proofs.size(), 1U);
  auto now = environment.snapshot();
  std::erase_if(expected, [](const auto& entry) { return entry.first.ends_with("WHEELFIT.json"); });
  std::erase_if(now, [](const auto& entry) { return entry.first.ends_with("WHEELFIT.json"); });
  EXPECT_EQ(now, expected);
}

TEST(InstallWheel, AddsTheRowOfAReceiptToARecordWithout) {
  const TestEnvironment environment;
  environment.install(demo());
  const auto dist_info = environment.site() / "demo-1.0.dist-info";
  environment.write("demo-1.0.dist-info/RECORD", "demo/__init__.py,,\r\ndemo-1.0.dist-info/RECORD,,\r\n");
  write_receipt(dist_info, {});
  EXPECT_EQ(environment.read("demo-1.0.dist-info/RECORD"),
            "demo-1.0.dist-info/RECORD,,\r\ndemo-1.0.dist-info/WHEELFIT.json,,\r\ndemo/__init__.py,,\r\n");
}

TEST(InstallWheel, RefusesAFileThatIsNotWhatRecordSays) {
  const TestEnvironment environment;
  const auto before = environment.snapshot();
  const WheelBuilder wheel =
      demo().record_hash("demo/core.so", "sha256=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
  EXPECT_EQ(code_of([&] { environment.install(wheel); }), "record-mismatch");
  EXPECT_EQ(environment.snapshot(), before);
}

TEST(InstallWheel, ReplacesTheEarlierVersionByItsRecord) {
  const TestEnvironment environment;
  environment.install(demo("1.0"));
  environment.write("__pycache__/demo_1.cpython-311.pyc", "bytecode");
  environment.write("demo/__pycache__/__init__.cpython-311.pyc", "bytecode");
  environment.install(demo("2.0"));
  EXPECT_FALSE(environment.has("demo-1.0.dist-info"));
  EXPECT_FALSE(environment.has("demo_1.py"));
  EXPECT_FALSE(environment.has("__pycache__"));
  EXPECT_FALSE(environment.has("demo/__pycache__"));
  EXPECT_EQ(environment.read("demo/__init__.py"), "version = '2.0'\n");
  EXPECT_TRUE(environment.has("demo-2.0.dist-info/METADATA"));
}

TEST(InstallWheel, NeverWritesThroughAFileThatIsInUse) {
  const TestEnvironment environment;
  environment.install(demo());
  struct stat before{};
  struct stat after{};
  const fs::path file = environment.site() / "demo/core.so";
  ASSERT_EQ(::stat(file.c_str(), &before), 0);
  const int held = ::open(file.c_str(), O_RDONLY);
  environment.install(demo());
  ASSERT_EQ(::stat(file.c_str(), &after), 0);
  EXPECT_NE(before.st_ino, after.st_ino);
  ::close(held);
}

TEST(InstallWheel, RollsBackToTheEarlierVersionByteByByte) {
  const TestEnvironment environment;
  environment.install(demo("1.0"));
  environment.write("demo/users_own.txt", "kept");
  environment.write("demo_2.py.txt", "kept");
  const auto before = environment.snapshot();
  Transaction transaction = install_wheel(environment.request(demo("2.0")), silent);
  EXPECT_EQ(environment.read("demo/__init__.py"), "version = '2.0'\n");
  EXPECT_EQ(environment.read("demo/users_own.txt"), "kept");
  environment.write("__pycache__/demo_2.cpython-311.pyc", "made by an import");
  environment.write("demo/__pycache__/__init__.cpython-311.pyc", "made by an import");
  transaction.roll_back();
  auto after = environment.snapshot();
  EXPECT_EQ(after, before);
}

TEST(InstallWheel, RefusesToOverwriteAnotherDistribution) {
  const TestEnvironment environment;
  environment.install(WheelBuilder("other", "1.0").file("shared/one.py", "other"));
  const auto before = environment.snapshot();
  EXPECT_EQ(code_of([&] { environment.install(WheelBuilder("demo", "1.0").file("shared/one.py", "demo")); }),
            "conflict");
  EXPECT_EQ(environment.snapshot(), before);
  environment.install(WheelBuilder("demo", "1.0").file("shared/two.py", "demo"));
  EXPECT_EQ(environment.read("shared/one.py"), "other");
}

TEST(InstallWheel, RefusesSymbolicLinksTheInterpreterAndForeignMetadata) {
  const TestEnvironment environment;
  const wheelfit::test::TempDir elsewhere;
  fs::create_directory_symlink(elsewhere.path(), environment.site() / "demo");
  EXPECT_EQ(code_of([&] { environment.install(demo()); }), "conflict");
  const WheelBuilder plain("demo", "1.0");
  EXPECT_EQ(
      code_of([&] { environment.install(WheelBuilder(plain).file("demo-1.0.data/scripts/python3", "")); }),
      "data-key");
  EXPECT_EQ(
      code_of([&] { environment.install(WheelBuilder(plain).file("demo-1.0.data/data/pyvenv.cfg", "")); }),
      "data-key");
  EXPECT_EQ(code_of([&] {
              environment.install(
                  WheelBuilder(plain).file("demo-1.0.data/purelib/torch-2.0.dist-info/METADATA", ""));
            }),
            "data-key");
  EXPECT_EQ(code_of([&] {
              environment.install(WheelBuilder(plain).file("demo-1.0.dist-info/entry_points.txt",
                                                           "[console_scripts]\n../evil = demo:main\n"));
            }),
            "entry-point");
  EXPECT_TRUE(fs::is_empty(elsewhere.path()));
}

TEST(RemoveDistributions, RemovesAllOfItAndNothingElse) {
  const TestEnvironment environment;
  environment.install(WheelBuilder("other", "1.0").file("space/other.py", "").file("space/both.py", ""));
  const auto before = environment.snapshot();
  environment.install(demo().file("space/demo.py", ""));
  environment.write("space/__pycache__/demo.cpython-311.opt-1.pyc", "bytecode");
  const fs::path dist_info = environment.site() / "demo-1.0.dist-info";
  const auto installed = environment.snapshot();
  Transaction undone = remove_distributions({dist_info}, environment.destination(), silent);
  undone.roll_back();
  EXPECT_EQ(environment.snapshot(), installed);
  // Listed by both: it stays for the other one.
  environment.write("demo-1.0.dist-info/RECORD",
                    environment.read("demo-1.0.dist-info/RECORD") + "space/both.py,,\r\n");
  remove_distributions({dist_info}, environment.destination(), silent).commit();
  EXPECT_EQ(environment.snapshot(), before);
}

TEST(RemoveDistributions, TakesAlongTheDirectoriesThatDistributionsMade) {
  const TestEnvironment environment;
  const auto before = environment.snapshot();
  const auto with_data = [](const std::string& name) {
    return WheelBuilder(name, "1.0")
        .file(name + "-1.0.data/data/share/man/" + name + ".1", "manual")
        .file(name + "-1.0.data/data/include/" + name + ".h", "header");
  };
  environment.install(with_data("demo"));
  environment.install(with_data("other"));
  const auto remove = [&](const std::string& name) {
    remove_distributions({environment.site() / (name + "-1.0.dist-info")}, environment.destination(), silent)
        .commit();
  };
  remove("demo");
  EXPECT_TRUE(fs::exists(environment.prefix() / "share/man/other.1"));
  remove("other");
  EXPECT_EQ(environment.snapshot(), before);
}

TEST(RemoveDistributions, KeepsWhatAPrefixThatIsNoVirtualEnvironmentHas) {
  const TestEnvironment environment;
  fs::remove(environment.prefix() / "pyvenv.cfg");
  fs::create_directory(environment.prefix() / "share");
  const auto before = environment.snapshot();
  environment.install(demo().file("demo-1.0.data/data/share/demo/x", ""));
  remove_distributions({environment.site() / "demo-1.0.dist-info"}, environment.destination(), silent)
      .commit();
  EXPECT_EQ(environment.snapshot(), before);
}

TEST(InstallWheel, ReportsItsEndAlsoWhenItFails) {
  const TestEnvironment environment;
  wheelfit::test::RecordingReporter report;
  const WheelBuilder bad = demo().record_hash("demo/__init__.py", "sha256=AAAA");
  EXPECT_EQ(code_of([&] { install_wheel(environment.request(bad), report); }), "record-mismatch");
  ASSERT_EQ(report.work().size(), 1U);
  EXPECT_TRUE(report.work()[0].finished);
}

TEST(RemoveDistributions, RefusesWhatItCannotKnow) {
  const TestEnvironment environment;
  const auto remove = [&](const char* name) {
    return code_of(
        [&] { remove_distributions({environment.site() / name}, environment.destination(), silent); });
  };
  environment.write("bare-1.0.dist-info/METADATA", "");
  environment.write("old-1.0.egg-info/PKG-INFO", "");
  environment.write("evil-1.0.dist-info/RECORD", "../../../../../outside.txt,,\n");
  environment.write("sly-1.0.dist-info/RECORD", "link/passwd,,\n");
  fs::create_directory_symlink("/etc", environment.site() / "link");
  const auto before = environment.snapshot();
  EXPECT_EQ(remove("bare-1.0.dist-info"), "no-record");
  EXPECT_EQ(remove("old-1.0.egg-info"), "egg-info");
  EXPECT_EQ(remove("evil-1.0.dist-info"), "path-escape");
  EXPECT_EQ(remove("sly-1.0.dist-info"), "path-escape");
  EXPECT_EQ(environment.snapshot(), before);
}

}  // namespace
}  // namespace wheelfit::install::test
