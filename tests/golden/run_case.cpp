// SPDX-License-Identifier: Apache-2.0
// run_case PROGRAM FOLDER: runs one golden case; 0 when all is as expected (or was accepted).
#include <cstdlib>
#include <exception>
#include <iostream>

#include "support/golden.hpp"

int main(int argc, char** argv) {
  using namespace wheelfit::test;
  if (argc != 3) {
    std::cerr << "usage: run_case PROGRAM FOLDER\n";
    return 64;
  }
  try {
    const std::filesystem::path folder = argv[2];
    const Said said = run_golden_case(argv[1], folder);
    if (std::getenv("GOLDEN_ACCEPT") != nullptr) {
      accept_golden_case(said, folder);
      return 0;
    }
    const auto wrong = compare_golden_case(said, folder);
    for (const std::string& difference : wrong)
      std::cerr << folder.filename().string() << ": " << difference << "\n";
    if (wrong.empty()) return 0;
    std::cerr << "--- stdout\n" << said.out << "--- stderr\n" << said.error << "--- exit " << said.exit;
    return 1;
  } catch (const std::exception& error) {
    std::cerr << error.what() << "\n";
    return 1;
  }
}
