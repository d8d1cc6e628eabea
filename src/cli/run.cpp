// SPDX-License-Identifier: Apache-2.0
#include "cli/run.hpp"

#include <algorithm>
#include <new>

#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "cli/command_line.hpp"
#include "commands/verbs.hpp"
#include "render/failure.hpp"

namespace wheelfit::cli {

namespace {

render::Stream stream(bool terminal, int columns) {
  return {terminal, columns > 0 ? std::optional<int>(columns) : std::nullopt};
}

render::Language language_of(const std::string& wished, const system::EnvironmentVariables& variables) {
  const auto language = wished.empty() ? std::nullopt : render::parse_language(wished);
  return language ? *language : render::language_of_locale(variables);
}

render::Loudness loudness_of(const commands::OutputSettings& output) {
  if (output.quiet) return render::Loudness::quiet;
  return output.verbose ? render::Loudness::verbose : render::Loudness::normal;
}

ExitCode install(const Invocation& invocation, const std::vector<std::string>& subjects, system::World& world,
                 commands::Console& console) {
  const commands::Settings& settings = invocation.settings;
  if (invocation.when == Invocation::When::later)
    return commands::install_later(subjects, invocation.requirements_file, settings, world, console);
  if (invocation.when == Invocation::When::now)
    return commands::install(subjects, invocation.requirements_file, settings, world, console);
  if (!invocation.subjects.empty() || invocation.requirements_file)
    throw Error(ErrorKind::usage, text("--finish takes what --later left, and nothing else"));
  const auto wish = invocation.proof_given ? commands::ProofWish::given : commands::ProofWish::of_the_note;
  return commands::install_finish(settings, wish, world, console);
}

// An entry point goes on to its program after a warning, too.
bool warnings_count(const Invocation& invocation) {
  return invocation.verb != Verb::install || invocation.when != Invocation::When::finish;
}

ExitCode dispatch(const Invocation& invocation, system::World& world, commands::Console& console) {
  const commands::Settings& settings = invocation.settings;
  std::vector<std::string> subjects = invocation.subjects;
  if (invocation.verb == Verb::seed) {
    commands::SeedRequest request = invocation.seed;
    request.subjects = std::move(subjects);
    return commands::seed(request, settings, world, console);
  }
  const bool named = !subjects.empty() || invocation.requirements_file;
  if (!named && invocation.verb != Verb::inspect && invocation.verb != Verb::doctor)
    subjects.push_back(commands::default_package(settings));
  switch (invocation.verb) {
    case Verb::plan:
      return commands::plan(subjects.front(), settings, world, console);
    case Verb::check:
      return commands::check(subjects.front(), settings, world, console);
    case Verb::inspect:
      return commands::inspect(settings, world, console);
    case Verb::doctor:
      if (invocation.disk || invocation.disk_request.free || invocation.disk_request.on)
        return commands::disk(invocation.disk_request, settings, world, console);
      return commands::doctor(settings, world, console);
    case Verb::fetch:
      if (invocation.list) return commands::list_downloads(subjects, settings, world, console);
      return commands::fetch(subjects, invocation.output_directory, settings, world, console);
    case Verb::bundle:
      if (invocation.list) return commands::list_bundle(subjects.front(), world, console);
      return commands::bundle(subjects, invocation.requirements_file, invocation.output_file, settings, world,
                              console);
    case Verb::export_choice:
      return commands::export_choice(invocation.format, subjects, settings, world, console);
    case Verb::build:
      return commands::build(subjects.front(), invocation.output_directory, settings, world, console);
    case Verb::install:
      return install(invocation, subjects, world, console);
    case Verb::verify:
      return commands::verify(subjects, settings, world, console);
    case Verb::uninstall:
      return commands::uninstall(subjects, settings, world, console);
    case Verb::seed:
      break;
  }
  return ExitCode::internal;
}

// How errors are to be shown while (or before) the command line is understood.
struct ErrorShape {
  bool json = false;
  render::Style style;
};

ExitCode report(const Error& error, const ErrorShape& shape, render::Output& output) {
  if (shape.json)
    output.document(render::error_json(error));
  else
    output.message(render::error_text(error, shape.style));
  return exit_code_for(error.kind());
}

ExitCode run_invocation(const Invocation& invocation, system::World& world, render::Output& output,
                        const Streams& streams, ErrorShape& shape) {
  const commands::OutputSettings& wishes = invocation.settings.output;
  const auto colour = wishes.no_color ? render::ColourWish::never : render::ColourWish::automatic;
  const render::Language language = language_of(wishes.language, world.variables);
  shape.json = wishes.json;
  shape.style = render::choose_style(stream(streams.messages_terminal, streams.columns), colour, language,
                                     world.variables);
  render::ProgressReporter progress(
      output, {streams.messages_terminal && shape.style.colour, loudness_of(wishes), shape.style});
  commands::Console console{output, progress,
                            render::choose_style(stream(streams.results_terminal, streams.columns), colour,
                                                 language, world.variables),
                            wishes.json};
  const ExitCode code = dispatch(invocation, world, console);
  // Warnings make a success worth a look, and nothing else.
  return code == ExitCode::done && warnings_count(invocation) && progress.warned() ? ExitCode::unproven
                                                                                   : code;
}

}  // namespace

ExitCode run(const std::vector<std::string>& arguments, system::World& world, render::Output& output,
             const Streams& streams) noexcept {
  ErrorShape shape;
  shape.json = std::find(arguments.begin(), arguments.end(), "--json") != arguments.end();
  try {
    shape.style.language = render::language_of_locale(world.variables);
    try {
      const auto parsed = parse_command_line(arguments, world.variables);
      if (const auto* answer = std::get_if<Answer>(&parsed)) {
        output.result(answer->text);
        return ExitCode::done;
      }
      return run_invocation(std::get<Invocation>(parsed), world, output, streams, shape);
    } catch (const Error& error) {
      return report(error, shape, output);
    } catch (const std::bad_alloc&) {
      return report(Error(ErrorKind::machine, text("there is not enough memory")), shape, output);
    } catch (const std::exception& error) {
      return report(Error(ErrorKind::internal, text("wheelfit made a mistake: {}", std::string(error.what())),
                          {text("please report this with the command and its output")}),
                    shape, output);
    }
  } catch (...) {
    return ExitCode::internal;
  }
}

}  // namespace wheelfit::cli
