// SPDX-License-Identifier: Apache-2.0
// The reference implementation, Python's `packaging`, asked through oracle.py.
//   WHEELFIT_ORACLE_PYTHON  the interpreter to run it with (default /usr/bin/python3)
//   WHEELFIT_PACKAGING      a folder that holds another release of `packaging`
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

namespace wheelfit::test {

// One answer for each question, in order; null where `packaging` refuses the input.
std::vector<nlohmann::json> ask_oracle(const std::vector<nlohmann::json>& questions);

// "23.0"; nullopt where no Python with `packaging` is there.
std::optional<std::string> oracle_version();
// Whether the oracle is that release or a later one.
bool oracle_is_at_least(std::string_view release);

}  // namespace wheelfit::test

#define SKIP_WITHOUT_ORACLE()            \
  if (!wheelfit::test::oracle_version()) \
  GTEST_SKIP() << "needs Python's `packaging` (Debian's python3-packaging, or set WHEELFIT_PACKAGING)"
