// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <vector>

#include "cli/run.hpp"
#include "probe/gpu_child.hpp"
#include "system/curl_http.hpp"
#include "system/interrupt.hpp"
#include "system/posix_process.hpp"
#include "system/terminal.hpp"
#include "system/world.hpp"

int main(int argc, char** argv) {
  using namespace wheelfit;
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  if (!arguments.empty() && arguments.front() == probe::gpu_child_argument)
    return probe::gpu_probe_child_main();

  system::catch_interrupts();
  system::RealClock clock;
  const auto variables = system::EnvironmentVariables::of_this_process();
  system::PosixProcessRunner processes(variables);
  system::World world{
      [&clock](const system::HttpSettings& settings) { return system::make_http_client(settings, clock); },
      processes,
      clock,
      variables,
      variables.get_nonempty("WHEELFIT_ROOT").value_or("/"),
      std::filesystem::current_path(),
  };
  render::Output output;
  const bool live = system::is_terminal(system::Stream::error);
  const cli::Streams streams{
      system::is_terminal(system::Stream::output), live,
      live ? static_cast<int>(system::terminal_width(system::Stream::error, variables)) : 0};
  return static_cast<int>(cli::run(arguments, world, output, streams));
}
