// SPDX-License-Identifier: Apache-2.0
#include "build/compile.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <exception>
#include <memory>
#include <mutex>
#include <numeric>
#include <thread>

#include "base/activity.hpp"
#include "build/pace.hpp"
#include "system/files.hpp"
#include "system/interrupt.hpp"
#include "system/process_groups.hpp"

namespace wheelfit::build {
namespace {

using Clock = std::chrono::steady_clock;
constexpr std::chrono::milliseconds look_every{500};

double seconds_since(Clock::time_point when) {
  return std::chrono::duration<double>(Clock::now() - when).count();
}

// A compiler at work. The thread runs it; the rest is what others ask of it meanwhile.
struct Job {
  std::size_t unit = 0;
  Clock::time_point began = Clock::now();
  std::atomic<int> group{0};
  std::atomic<bool> stop{false};
  std::uint64_t peak = 0;
  std::uint64_t held = 0;
  system::ProcessResult result;
  std::exception_ptr failed;
  std::jthread thread;
};

// The kernel's doing, when memory is at its end: SIGKILL, told by the shell or by nvcc.
bool killed_for_memory(const system::ProcessResult& result) {
  return result.signal == 9 || result.exit_code == 137 ||
         result.error.find("died due to signal 9") != std::string::npos ||
         result.output.find("died due to signal 9") != std::string::npos;
}

// No more than `cap` (0: none) for all compilers together, whatever else the machine has.
MemoryNow within(MemoryNow memory, std::uint64_t cap) {
  if (cap == 0) return memory;
  const std::uint64_t held = std::accumulate(memory.held.begin(), memory.held.end(), std::uint64_t{0});
  memory.limit = std::min(memory.limit, cap);
  memory.available = std::min(memory.available, cap - std::min(cap, held));
  return memory;
}

class Crew {
 public:
  Crew(const std::vector<Unit>& units, const Workplace& place, const CompileSettings& settings,
       system::ProcessRunner& processes, Reporter& report)
      : units_(units),
        place_(place),
        settings_(settings),
        processes_(processes),
        report_(report),
        schedule_(loads_of(units), settings.jobs),
        pace_(loads_of(units)) {}
  ~Crew() { stop_all(); }
  Crew(const Crew&) = delete;
  Crew& operator=(const Crew&) = delete;

  std::vector<Compiled> work() {
    while (!schedule_.all_done()) {
      system::throw_if_interrupted();
      take_in_finished();
      MemoryNow memory = look();
      if (const auto unit = schedule_.to_withdraw(memory)) withdraw(*unit);
      for (auto unit = schedule_.next(memory); unit; unit = schedule_.next(memory)) {
        start(*unit);
        memory.held.push_back(0);
      }
      say();
      std::unique_lock lock(mutex_);
      ended_.wait_for(lock, look_every, [this] { return !finished_.empty(); });
    }
    return std::move(compiled_);
  }

 private:
  static std::vector<Load> loads_of(const std::vector<Unit>& units) {
    std::vector<Load> loads;
    for (const Unit& unit : units) loads.push_back(unit.load);
    return loads;
  }

  void start(std::size_t number) {
    const Unit& unit = units_[number];
    auto job = std::make_unique<Job>();
    job->unit = number;
    schedule_.started(number);
    system::make_directories(unit.object.parent_path());
    Job* const mine = job.get();
    jobs_.push_back(std::move(job));
    mine->thread = std::jthread([this, mine] { run(*mine); });
  }

  // In the job's own thread.
  void run(Job& job) {
    system::Command command;
    const std::string launcher = settings_.launcher.empty() ? "" : settings_.launcher + " ";
    command.arguments = {"/bin/sh", "-c", "exec " + launcher + units_[job.unit].command};
    command.directory = place_.source();
    for (const auto& [name, value] : settings_.variables) command.environment[name] = value;
    command.timeout = std::chrono::hours(24);
    command.stop = [&job] { return job.stop.load(); };
    command.on_start = [this, &job](int group) {
      place_.note_running(group);
      job.group = group;
    };
    try {
      job.result = processes_.run(command);
    } catch (...) {
      job.failed = std::current_exception();
    }
    const std::scoped_lock lock(mutex_);
    finished_.push_back(&job);
    ended_.notify_one();
  }

  void take_in_finished() {
    std::deque<Job*> finished;
    {
      const std::scoped_lock lock(mutex_);
      finished.swap(finished_);
    }
    for (Job* job : finished) take_in(*job);
  }

  void take_in(Job& job) {
    job.thread.join();
    const Unit& unit = units_[job.unit];
    if (job.group != 0) place_.note_ended(job.group);
    if (job.failed) std::rethrow_exception(job.failed);
    place_.append_log(unit.command + "\n" + job.result.output + job.result.error);
    if (job.result.succeeded()) {
      keep(unit);
      compiled_.push_back({unit.name, seconds_since(job.began), job.peak});
      pace_.finished(job.unit, compiled_.back().seconds);
      schedule_.finished(job.unit);
    } else if (job.result.stopped || (killed_for_memory(job.result) && !schedule_.was_withdrawn(job.unit))) {
      if (!job.result.stopped)
        report_.note(text("{} ran out of memory; it is compiled alone later", unit.name));
      schedule_.withdrawn(job.unit, job.peak);
    } else {
      fail(unit, job.result);
    }
    std::erase_if(jobs_, [&](const auto& each) { return each.get() == &job; });
  }

  void keep(const Unit& unit) const {
    system::rename_file(unit.new_object(), unit.object);
    place_.mark_done(unit.object, unit.command);
  }

  [[noreturn]] void fail(const Unit& unit, const system::ProcessResult& result) const {
    Error error(ErrorKind::refused, text("{} could not be compiled", unit.name));
    if (killed_for_memory(result)) {
      error =
          Error(ErrorKind::machine, text("{} does not fit into the memory there is, even alone", unit.name),
                {text("leave parts out: --without, or build on a larger machine and copy the wheel")})
              .with_code("memory");
    }
    throw CompileFailure(std::move(error), result.output + result.error);
  }

  MemoryNow look() {
    const system::Machine machine = settings_.machine();
    std::vector<int> groups{settings_.server};
    for (const auto& job : jobs_) groups.push_back(job->group);
    const auto held = system::memory_of_groups("/", groups);
    MemoryNow memory{machine.available_memory.value_or(0), machine.memory.value_or(0), {}};
    const auto of_group = [&](int group) {  // one that began since then is not among them
      const auto found = group == 0 ? held.end() : held.find(group);
      return found == held.end() ? std::uint64_t{0} : found->second;
    };
    for (const std::size_t unit : schedule_.running()) {
      const auto job = std::ranges::find(jobs_, unit, [](const auto& each) { return each->unit; });
      // What a server holds, it holds for all of them.
      (*job)->held = of_group((*job)->group) + of_group(settings_.server) / schedule_.running().size();
      (*job)->peak = std::max((*job)->peak, (*job)->held);
      memory.held.push_back((*job)->held);
    }
    return within(memory, settings_.memory);
  }

  void withdraw(std::size_t unit) {
    const auto job = std::ranges::find(jobs_, unit, [](const auto& each) { return each->unit; });
    if ((*job)->stop.exchange(true)) return;
    report_.note(text("memory runs short: {} is compiled later, alone", units_[unit].name));
  }

  void say() {
    std::vector<PaceOfUnit> running;
    std::uint64_t held = 0;
    std::string name;
    for (const auto& job : jobs_) {
      running.push_back({job->unit, seconds_since(job->began)});
      held += job->held;
      if (name.empty()) name = units_[job->unit].name;
    }
    const auto at_once = static_cast<unsigned>(std::max<std::size_t>(jobs_.size(), 1));
    report_.at(name, {held, pace_.seconds_left(running, at_once)});
    report_.progressed(schedule_.done());
  }

  void stop_all() noexcept {
    for (const auto& job : jobs_) job->stop = true;
    for (const auto& job : jobs_) {
      if (job->thread.joinable()) job->thread.join();
      if (job->group != 0) place_.note_ended(job->group);
    }
  }

  const std::vector<Unit>& units_;
  const Workplace& place_;
  const CompileSettings& settings_;
  system::ProcessRunner& processes_;
  Reporter& report_;
  Schedule schedule_;
  Pace pace_;
  std::vector<std::unique_ptr<Job>> jobs_;
  std::vector<Compiled> compiled_;
  std::mutex mutex_;
  std::condition_variable ended_;
  std::deque<Job*> finished_;
};

}  // namespace

std::vector<Unit> not_done(const std::vector<Unit>& units, const Workplace& place) {
  std::vector<Unit> left;
  for (const Unit& unit : units)
    if (!place.is_done(unit.object, unit.command)) left.push_back(unit);
  return left;
}

std::vector<Compiled> compile(const std::vector<Unit>& units, const Workplace& place,
                              const CompileSettings& settings, system::ProcessRunner& processes,
                              Reporter& report) {
  const std::vector<Unit> left = not_done(units, place);
  const Activity activity(report, text("Compiling {}", settings.what), left.size());
  return Crew(left, place, settings, processes, report).work();
}

}  // namespace wheelfit::build
