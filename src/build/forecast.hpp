// SPDX-License-Identifier: Apache-2.0
// What a build will take, before it begins and while it runs. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "build/schedule.hpp"
#include "catalog/build_recipe.hpp"

namespace wheelfit::build {

struct Means {
  unsigned cores = 1;
  unsigned jobs = 0;                   // at most; 0: as many as the cores
  std::uint64_t memory_limit = 0;      // bytes: of the machine or the control group
  std::uint64_t memory_available = 0;  // of those, now
};

struct Forecast {
  std::size_t units = 0;          // translation units in all
  std::size_t units_left = 0;     // of those, not compiled yet
  unsigned jobs = 1;              // at once
  unsigned threads = 1;           // of one nvcc
  double seconds = 0;             // of all that is left
  std::uint64_t peak_bytes = 0;   // of memory, all jobs together
  std::uint64_t build_bytes = 0;  // of disk in the build directory
  std::uint64_t wheel_bytes = 0;  // about what the wheel takes, in the store and again in site-packages
};

// What compiling `file` (its name) for so many architectures costs; the first row that matches counts.
Load load_of(const catalog::BuildRecipe& recipe, const python::Version& version, const std::string& file,
             std::size_t architectures);

// Threads of one nvcc: more than one only where there are more cores than units.
unsigned threads_for(std::size_t units, std::size_t architectures, unsigned cores);

// How long these units take together, when each takes what it is expected to and holds its peak all the time.
struct Course {
  double seconds = 0;
  std::uint64_t peak_bytes = 0;
  unsigned jobs = 0;  // the most at one time
};
Course course_of(const std::vector<Load>& loads, const Means& means);

}  // namespace wheelfit::build
