// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "environment.hpp"

#include <sys/stat.h>

namespace wheelfit::install::test {
namespace fs = std::filesystem;

TestEnvironment::TestEnvironment() {
  const fs::path prefix = directory_ / "venv";
  const fs::path site = prefix / "lib/python3.11/site-packages";
  fs::create_directories(site);
  for (const char* directory : {"bin", "include"}) fs::create_directories(prefix / directory);
  directory_.write("venv/pyvenv.cfg", "version = 3.11.7\n");
  destination_ = {.purelib = site,
                  .platlib = site,
                  .scripts = prefix / "bin",
                  .headers = prefix / "include/site/python3.11",
                  .data = prefix,
                  .interpreter = prefix / "bin/python"};
}

fs::path TestEnvironment::write(const std::string& below_site, const std::string& content) const {
  return directory_.write("venv/lib/python3.11/site-packages/" + below_site, content);
}
bool TestEnvironment::has(const std::string& below_site) const { return fs::exists(site() / below_site); }
std::string TestEnvironment::read(const std::string& below_site) const {
  return wheelfit::test::read_text(site() / below_site);
}

std::map<std::string, std::string> TestEnvironment::snapshot() const {
  std::map<std::string, std::string> state;
  for (const auto& entry : fs::recursive_directory_iterator(prefix())) {
    struct stat status{};
    ::lstat(entry.path().c_str(), &status);
    std::string value = std::to_string(status.st_mode);
    if (entry.is_symlink()) {
      value += " -> " + fs::read_symlink(entry.path()).string();
    } else if (entry.is_regular_file()) {
      value += " " + wheelfit::test::read_text(entry.path());
    }
    state.emplace(entry.path().lexically_relative(prefix()).string(), value);
  }
  return state;
}

InstallRequest TestEnvironment::request(const WheelBuilder& wheel) const {
  InstallRequest request;
  request.wheel = wheel.write_to(directory_ / "wheels");
  request.file_name = wheel.file_name();
  request.destination = destination_;
  request.receipt.distribution = "demo";
  return request;
}

void TestEnvironment::install(const WheelBuilder& wheel) const {
  SilentReporter silent;
  install_wheel(request(wheel), silent).commit();
}

}  // namespace wheelfit::install::test
