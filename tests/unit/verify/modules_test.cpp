// SPDX-License-Identifier: Apache-2.0
#include "verify/modules.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace wheelfit::verify {
namespace {

TEST(TopLevelModules, AreWhatImportCanName) {
  const python::Record record =
      python::parse_record(
          "demo/__init__.py,,\ndemo/core.py,,\ndemo_cuda.cpython-311-x86_64-linux-gnu.so,,\n"
          "single.py,,\nspace/part.py,,\ntests/__init__.py,,\ndata.txt,,\n"
          "demo-1.0.dist-info/RECORD,,\n../../../bin/demo,,\next/__init__.abi3.so,,\n")
          .value();
  EXPECT_THAT(top_level_modules(record), ::testing::ElementsAre("demo", "demo_cuda", "ext", "single"));
}

}  // namespace
}  // namespace wheelfit::verify
