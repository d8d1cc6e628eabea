// SPDX-License-Identifier: Apache-2.0
// Compiles what is left to compile, as many files at once as memory bears, watched while it goes.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "base/reporter.hpp"
#include "build/forecast.hpp"
#include "build/units.hpp"
#include "build/workplace.hpp"
#include "system/machine.hpp"
#include "system/process.hpp"

namespace wheelfit::build {

struct CompileSettings {
  unsigned jobs = 1;
  // Put before each command: "ccache"; "" for none.
  std::string launcher;
  int server = 0;  // the process group that compiles for all of them, as sccache's does; 0: each for itself
  std::map<std::string, std::string> variables;
  std::function<system::Machine()> machine;  // asked again and again
  std::uint64_t memory = 0;                  // bytes that all compilers together may hold; 0: what there is
  std::string what;                          // "flash-attn 2.8.3", for the live line
};

struct Compiled {
  std::string name;
  double seconds = 0;
  std::uint64_t peak_bytes = 0;  // as far as it was seen
};

// A file that could not be compiled.
class CompileFailure final : public Error {
 public:
  CompileFailure(Error error, std::string output) : Error(std::move(error)), output_(std::move(output)) {}
  const std::string& output() const noexcept { return output_; }  // of the compiler

 private:
  std::string output_;
};

// Which of them still have to be compiled.
std::vector<Unit> not_done(const std::vector<Unit>& units, const Workplace& place);

// Compiles them all. Each is done or not there; where this is ended, what was in flight is all that is lost.
// A unit that is ended for want of memory, by wheelfit or by the kernel, is tried again alone. Throws
// CompileFailure for the first file that fails, when those beside it have been ended.
std::vector<Compiled> compile(const std::vector<Unit>& units, const Workplace& place,
                              const CompileSettings& settings, system::ProcessRunner& processes,
                              Reporter& report);

}  // namespace wheelfit::build
