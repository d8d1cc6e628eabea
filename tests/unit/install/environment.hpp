// SPDX-License-Identifier: Apache-2.0
// A directory laid out like a virtual environment, and its whole state as a value.
#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "base/error.hpp"
#include "base/reporter.hpp"
#include "install/install.hpp"
#include "support/temp_dir.hpp"
#include "support/wheel_builder.hpp"

namespace wheelfit::install::test {

using wheelfit::test::WheelBuilder;

class TestEnvironment {
 public:
  TestEnvironment();

  const Destination& destination() const { return destination_; }
  std::filesystem::path prefix() const { return directory_ / "venv"; }
  std::filesystem::path site() const { return destination_.purelib; }
  std::filesystem::path write(const std::string& below_site, const std::string& content) const;
  bool has(const std::string& below_site) const;
  std::string read(const std::string& below_site) const;

  // Path below the prefix -> kind, mode and content, of everything but bytecode.
  std::map<std::string, std::string> snapshot() const;
  InstallRequest request(const WheelBuilder& wheel) const;
  // Installs and commits.
  void install(const WheelBuilder& wheel) const;

 private:
  wheelfit::test::TempDir directory_;
  Destination destination_;
};

// The code of the Error that `function` throws; "" when it throws none.
template <typename Function>
std::string code_of(Function&& function) {
  try {
    function();
  } catch (const Error& error) {
    EXPECT_FALSE(error.sentence().english().empty());
    return error.code();
  }
  return "";
}

}  // namespace wheelfit::install::test
