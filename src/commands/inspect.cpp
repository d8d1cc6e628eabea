// SPDX-License-Identifier: Apache-2.0
#include "render/inspect.hpp"
#include "commands/environment_step.hpp"
#include "commands/verbs.hpp"

#include <nlohmann/json.hpp>

namespace wheelfit::commands {

ExitCode inspect(const Settings& settings, system::World& world, Console& console) {
  const probe::Environment environment = read_environment(settings, world);
  console.show([&] { return render::inspect_text(environment, console.style); },
               [&] { return render::inspect_json(environment); });
  return ExitCode::done;
}

}  // namespace wheelfit::commands
