// SPDX-License-Identifier: Apache-2.0
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "commands/build_wheel.hpp"
#include "commands/downloads.hpp"
#include "commands/environment_step.hpp"
#include "commands/lay_out.hpp"
#include "commands/verbs.hpp"
#include "render/build.hpp"

namespace wheelfit::commands {

namespace {

ExitCode show_obstacles(const BuildOrder& order, const Console& console) {
  const render::BuildObstaclesView view{order.source.recipe.name, order.source.sdist.version.to_string(),
                                        order.obstacles};
  console.show([&] { return render::obstacles_text(view, console.style); },
               [&] { return render::obstacles_json(view); });
  return ExitCode::refused;
}

ExitCode exit_code_of(const BuildResult& result) {
  if (!result.proof) return ExitCode::done;  // a dry run
  return result.proof->verdict == proof::Verdict::fits ? ExitCode::done : ExitCode::unproven;
}

ExitCode show(const BuildOrder& order, const BuildResult& result, const Console& console) {
  const render::BuildView view{order.source.recipe.name,
                               order.source.sdist.version.to_string(),
                               order.capabilities,
                               result.key.without,
                               order.recipe.offered(order.source.sdist.version)->by_variable,
                               result.key.digest(),
                               result.forecast,
                               result.compiled,
                               result.from_before,
                               result.seconds,
                               result.launcher,
                               result.found,
                               result.file_name,
                               result.wheel ? &*result.wheel : nullptr,
                               result.folder,
                               result.log,
                               result.proof ? &*result.proof : nullptr};
  console.show([&] { return render::build_text(view, console.style); },
               [&] { return render::build_json(view); });
  return exit_code_of(result);
}

}  // namespace

ExitCode build(const std::string& subject, const std::optional<std::filesystem::path>& output,
               const Settings& settings, system::World& world, Console& console) {
  const catalog::Knowledge knowledge = catalog::load_knowledge(settings.sources.data_directory);
  const probe::Environment environment = read_environment(settings, world);
  const auto http = settings.network.offline ? nullptr : connect(settings, environment, world);
  const BuildSource source =
      build_source(subject, environment, knowledge, settings, world, http.get(), console.report);
  const BuildOrder order = build_order(source, environment, settings.build, world);
  if (!order.obstacles.empty()) return show_obstacles(order, console);
  // Beyond this point nothing is known that would end the build.
  const Downloads downloads(settings, world);
  BuildResult result =
      build_wheel(order, knowledge, downloads.store, settings, world, http.get(), console.report);
  if (result.wheel && (output || !settings.store.keep))
    result.wheel = laid_out(*result.wheel, result.file_name, world.current_directory / output.value_or("."));
  return show(order, result, console);
}

}  // namespace wheelfit::commands
