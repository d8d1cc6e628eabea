// SPDX-License-Identifier: Apache-2.0
#include "system/posix_process.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <sstream>

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "system/child_output.hpp"
#include "system/files.hpp"
#include "system/interrupt.hpp"

namespace wheelfit::system {
namespace {

using SteadyTime = std::chrono::steady_clock::time_point;

struct Pipe {
  FileDescriptor read_end;
  FileDescriptor write_end;
};

Pipe make_pipe() {
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) throw machine_error("a pipe", "made", errno);
  fcntl(ends[0], F_SETFL, O_NONBLOCK);
  return {FileDescriptor(ends[0]), FileDescriptor(ends[1])};
}

// posix_spawn's two parameter objects, freed together.
struct SpawnSettings {
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;

  SpawnSettings() {
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
  }
  ~SpawnSettings() {
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
  }
  SpawnSettings(const SpawnSettings&) = delete;
  SpawnSettings& operator=(const SpawnSettings&) = delete;
};

// The strings of a command in the shape that exec wants.
class PointerTable {
 public:
  explicit PointerTable(std::vector<std::string> strings) : strings_(std::move(strings)) {
    for (std::string& string : strings_) pointers_.push_back(string.data());
    pointers_.push_back(nullptr);
  }
  char* const* data() const noexcept { return pointers_.data(); }

 private:
  std::vector<std::string> strings_;
  std::vector<char*> pointers_;
};

std::vector<std::string> environment_of(const Command& command, const EnvironmentVariables& variables) {
  auto values = variables.all();
  for (const auto& [name, value] : command.environment) {
    if (value) {
      values[name] = *value;
    } else {
      values.erase(name);
    }
  }
  std::vector<std::string> entries;
  for (const auto& [name, value] : values) entries.push_back(name + "=" + value);
  return entries;
}

pid_t spawn(const std::filesystem::path& program, const Command& command,
            const EnvironmentVariables& variables, const Pipe& output, const Pipe& error) {
  SpawnSettings settings;
  posix_spawn_file_actions_addopen(&settings.actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&settings.actions, output.write_end.get(), STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&settings.actions, error.write_end.get(), STDERR_FILENO);
  if (command.directory) posix_spawn_file_actions_addchdir_np(&settings.actions, command.directory->c_str());

  sigset_t all;
  sigset_t none;
  sigfillset(&all);
  sigemptyset(&none);
  posix_spawnattr_setflags(&settings.attributes,
                           POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
  posix_spawnattr_setpgroup(&settings.attributes, 0);
  posix_spawnattr_setsigdefault(&settings.attributes, &all);
  posix_spawnattr_setsigmask(&settings.attributes, &none);

  const PointerTable arguments(command.arguments);
  const PointerTable environment(environment_of(command, variables));
  pid_t child = 0;
  const int failed = posix_spawn(&child, program.c_str(), &settings.actions, &settings.attributes,
                                 arguments.data(), environment.data());
  if (failed != 0) throw machine_error(program, "started", failed);
  return child;
}

// Ends the child's whole group if it is still there when this goes: an exception leaves no orphans.
struct KillGroup {
  pid_t group;
  bool reaped = false;

  ~KillGroup() {
    if (reaped) return;
    kill(-group, SIGKILL);
    while (waitpid(group, nullptr, 0) < 0 && errno == EINTR) {
    }
  }
  KillGroup(pid_t child) : group(child) {}
  KillGroup(const KillGroup&) = delete;
  KillGroup& operator=(const KillGroup&) = delete;
};

int milliseconds_until(SteadyTime when) {
  const auto left =
      std::chrono::duration_cast<std::chrono::milliseconds>(when - std::chrono::steady_clock::now()).count();
  return static_cast<int>(std::clamp<std::int64_t>(left, 0, 100));
}

// False at the end of the stream.
bool drain(const FileDescriptor& stream, ChildOutput& into) {
  std::array<char, 65536> buffer;
  for (;;) {
    const ssize_t got = read(stream.get(), buffer.data(), buffer.size());
    if (got > 0) into.add({buffer.data(), static_cast<std::size_t>(got)});
    if (got == 0) return false;
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return errno == EAGAIN;
  }
}

enum class End { by_itself, out_of_time, stopped };

// Reads both streams until both have ended and the child has, or it is to be ended. A grandchild that keeps
// the streams open after the child has ended is waited for only a moment.
End read_until_end(std::array<FileDescriptor*, 2> streams, std::array<ChildOutput*, 2> outputs, pid_t child,
                   SteadyTime deadline, const std::function<bool()>& stop) {
  constexpr std::chrono::milliseconds grace{300};
  std::optional<SteadyTime> ended;
  for (;;) {
    std::array<pollfd, 2> waits{};
    for (std::size_t at = 0; at < 2; ++at) waits[at] = {streams[at]->get(), POLLIN, 0};
    const bool open = *streams[0] || *streams[1];
    poll(waits.data(), waits.size(), open ? milliseconds_until(deadline) : 2);
    for (std::size_t at = 0; at < 2; ++at) {
      if (waits[at].revents != 0 && !drain(*streams[at], *outputs[at])) streams[at]->reset();
    }
    throw_if_interrupted();
    const auto now = std::chrono::steady_clock::now();
    siginfo_t state{};
    waitid(P_PID, static_cast<id_t>(child), &state, WEXITED | WNOHANG | WNOWAIT);
    if (state.si_pid != 0 && !ended) ended = now;
    if (ended && !*streams[0] && !*streams[1]) return End::by_itself;
    if (ended && now - *ended > grace) return End::by_itself;
    if (now >= deadline) return ended ? End::by_itself : End::out_of_time;
    if (!ended && stop && stop()) return End::stopped;
  }
}

}  // namespace

std::optional<std::filesystem::path> find_program(std::string_view program,
                                                  const EnvironmentVariables& variables) {
  if (program.find('/') != std::string_view::npos) return std::filesystem::path(program);
  std::istringstream folders(variables.get("PATH").value_or("/usr/local/bin:/usr/bin:/bin"));
  for (std::string folder; std::getline(folders, folder, ':');) {
    const std::filesystem::path file = std::filesystem::path(folder.empty() ? "." : folder) / program;
    if (is_executable_file(file)) return file;
  }
  return std::nullopt;
}

ProcessResult PosixProcessRunner::run(const Command& command) {
  const std::string& name = command.arguments.at(0);
  const std::optional<std::filesystem::path> program = find_program(name, variables_);
  if (!program) {
    throw Error(ErrorKind::machine, text("{} is not on PATH", name)).with_code("no-program");
  }
  Pipe output = make_pipe();
  Pipe error = make_pipe();
  const auto deadline = std::chrono::steady_clock::now() + command.timeout;
  KillGroup child(spawn(*program, command, variables_, output, error));
  if (command.on_start) command.on_start(child.group);
  output.write_end.reset();
  error.write_end.reset();

  ChildOutput out(command.on_line);
  ChildOutput err(command.on_line);
  ProcessResult result;
  const End end =
      read_until_end({&output.read_end, &error.read_end}, {&out, &err}, child.group, deadline, command.stop);
  result.timed_out = end == End::out_of_time;
  result.stopped = end == End::stopped;
  if (end != End::by_itself) kill(-child.group, SIGKILL);
  int status = 0;
  while (waitpid(child.group, &status, 0) < 0 && errno == EINTR) {
  }
  child.reaped = true;
  if (end != End::by_itself) {
    drain(output.read_end, out);
    drain(error.read_end, err);
  }
  result.output = out.finish();
  result.error = err.finish();
  if (WIFEXITED(status)) result.exit_code = WEXITSTATUS(status);
  if (WIFSIGNALED(status)) result.signal = WTERMSIG(status);
  return result;
}

}  // namespace wheelfit::system
