// SPDX-License-Identifier: Apache-2.0
#include "build/forecast.hpp"

#include <algorithm>

#include <fnmatch.h>

namespace wheelfit::build {
namespace {

// For a file that no row knows: about what plain C++ on torch's headers takes.
constexpr Load unknown{60, std::uint64_t{2} << 30U, std::uint64_t{4} << 20U, false};

struct Running {
  std::size_t unit;
  double ends;
};

}  // namespace

Load load_of(const catalog::BuildRecipe& recipe, const python::Version& version, const std::string& file,
             std::size_t architectures) {
  for (const catalog::UnitCost& row : recipe.units) {
    if (!row.version.admits(version) || fnmatch(row.files.c_str(), file.c_str(), 0) != 0) continue;
    const auto count = static_cast<double>(architectures);
    return {row.seconds_once + row.seconds_each * count, row.peak_bytes,
            row.object_bytes * std::max<std::uint64_t>(architectures, 1), false};
  }
  return unknown;
}

unsigned threads_for(std::size_t units, std::size_t architectures, unsigned cores) {
  if (units == 0) return 1;
  const std::size_t spare = cores / units;
  return static_cast<unsigned>(std::clamp<std::size_t>(spare, 1, std::max<std::size_t>(architectures, 1)));
}

Course course_of(const std::vector<Load>& loads, const Means& means) {
  Schedule schedule(loads, means.jobs == 0 ? means.cores : std::min(means.jobs, means.cores));
  std::vector<Running> running;
  Course course;
  MemoryNow memory{means.memory_available, means.memory_limit, {}};
  std::uint64_t in_use = 0;
  while (!schedule.all_done()) {
    while (const auto unit = schedule.next(memory)) {
      schedule.started(*unit);
      running.push_back({*unit, course.seconds + loads[*unit].seconds});
      in_use += loads[*unit].peak_bytes;
      memory.held.push_back(loads[*unit].peak_bytes);
      memory.available = means.memory_available - std::min(means.memory_available, in_use);
    }
    course.peak_bytes = std::max(course.peak_bytes, in_use);
    course.jobs = std::max(course.jobs, static_cast<unsigned>(running.size()));
    const auto first = std::ranges::min_element(running, {}, &Running::ends);
    course.seconds = first->ends;
    in_use -= loads[first->unit].peak_bytes;
    memory.available = means.memory_available - std::min(means.memory_available, in_use);
    memory.held.erase(memory.held.begin() + (first - running.begin()));
    schedule.finished(first->unit);
    running.erase(first);
  }
  return course;
}

}  // namespace wheelfit::build
