// SPDX-License-Identifier: Apache-2.0
// An image is built where no GPU is: `--later` leaves a note there, and `--finish`, at the container's start,
// does what it says.
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/version.hpp"
#include "bundle/bundle_file.hpp"
#include "catalog/knowledge.hpp"
#include "commands/decide.hpp"
#include "commands/environment_step.hpp"
#include "commands/flags.hpp"
#include "commands/install_bundle.hpp"
#include "commands/later_note.hpp"
#include "commands/proof_step.hpp"
#include "commands/requirements_file.hpp"
#include "commands/subject.hpp"
#include "commands/suggestions.hpp"
#include "commands/verbs.hpp"
#include "render/later.hpp"
#include "system/file_lock.hpp"
#include "system/files.hpp"
#include "system/sha256.hpp"
#include "system/url.hpp"

namespace wheelfit::commands {

namespace {

namespace fs = std::filesystem;

fs::path place_of_note(const probe::Environment& environment) {
  if (auto path = later_note_path(environment)) return *path;
  throw Error(ErrorKind::refused, text("where this Python keeps its packages could not be found out"),
              {text("name the environment with --python")});
}

// A name that nobody knows must not wait for the container's start to be found out.
std::string checked(const std::string& subject, const catalog::Knowledge& knowledge, const fs::path& here) {
  const Subject parsed = parse_subject(subject, here);
  if (const auto* local = std::get_if<LocalWheel>(&parsed)) return local->path.string();
  if (const auto* remote = std::get_if<RemoteWheel>(&parsed)) {
    if (system::redacted(remote->url) == remote->url) return subject;
    throw Error(ErrorKind::usage, text("an address with a password is not written into an image"),
                {text("lay the file, or a bundle, into the image")});
  }
  const std::string package = package_of(parsed);
  if (knowledge.find(package) == nullptr)
    throw Error(ErrorKind::usage, text("nothing is known about a package named {}", package));
  return subject;
}

LaterNote written_down(std::vector<std::string> subjects, const std::optional<fs::path>& requirements_file,
                       const Settings& settings, system::World& world, Reporter& report) {
  const catalog::Knowledge knowledge = catalog::load_knowledge(settings.sources.data_directory);
  if (requirements_file) add_requirements(*requirements_file, knowledge, subjects, world, report);
  LaterNote note = note_of(settings);
  note.made_by = std::string("wheelfit ") + program_version;
  note.made_at = timestamp(world.clock);
  if (const auto bundle = bundle_among(subjects, world.current_directory)) {
    const bundle::BundleReader reader(*bundle);  // a bad one is refused now
    note.bundle = *bundle;
    note.bundle_sha256 = system::to_hex(system::sha256_of_file(*bundle));
    return note;
  }
  for (const std::string& subject : subjects)
    note.subjects.push_back(checked(subject, knowledge, world.current_directory));
  return note;
}

std::vector<std::string> finishing_command(const Settings& settings, const probe::Environment& environment) {
  Settings repeated = settings;
  repeated.environment.python = *environment.interpreter.executable;
  repeated.environment.target.reset();
  repeated.environment.overrides.clear();
  std::vector<std::string> command{"wheelfit", "install", "--finish"};
  for (std::string& flag : flags_to_repeat(repeated)) command.push_back(std::move(flag));
  return command;
}

std::optional<LaterNote> read_note(const fs::path& file) {
  const auto content = system::read_file_if_any(file);
  if (!content) return std::nullopt;
  auto note = later_note_from_json(*content);
  if (!note)
    throw Error(ErrorKind::refused, text("{} cannot be read: {}", file.string(), note.error().message),
                {text("wheelfit install --later … writes it anew")})
        .with_code("later-note");
  return *note;
}

bool waits_for_gpu(const Settings& settings, const probe::Environment& environment) {
  if (settings.proof.required != Proof::gpu || !settings.proof.verify) return false;
  const auto& gpus = environment.accelerators.gpus;
  return !gpus || gpus->empty();
}

void require_same_bundle(const LaterNote& note) {
  if (!fs::is_regular_file(*note.bundle))
    throw Error(ErrorKind::machine,
                text("the bundle {} that was to be installed is not there", note.bundle->string()),
                {text("lay it there, or name what is wanted: wheelfit install NAME")})
        .with_code("later-bundle");
  if (system::to_hex(system::sha256_of_file(*note.bundle)) == note.bundle_sha256) return;
  throw Error(ErrorKind::refused,
              text("{} is not the bundle that was laid aside: its sha256 differs", note.bundle->string()),
              {text("wheelfit install --later {} writes the note anew", note.bundle->string())})
      .with_code("sha256-mismatch");
}

ExitCode carry_out(const LaterNote& note, const Settings& settings, system::World& world, Console& console) {
  if (!note.bundle) return install(note.subjects, std::nullopt, settings, world, console);
  require_same_bundle(note);
  return install_bundle(*note.bundle, settings, world, console);
}

ExitCode show(const render::LaterView& view, const Console& console, ExitCode code) {
  console.show([&] { return render::later_text(view, console.style); },
               [&] { return render::later_json(view); });
  return code;
}

render::LaterView described(const LaterNote& note, const fs::path& file, render::LaterOutcome outcome) {
  std::vector<std::string> what = note.subjects;
  if (note.bundle) what.push_back(note.bundle->string());
  return {outcome, std::move(what), file, {}};
}

}  // namespace

ExitCode install_later(const std::vector<std::string>& subjects,
                       const std::optional<fs::path>& requirements_file, const Settings& settings,
                       system::World& world, Console& console) {
  const probe::Environment environment = read_environment(settings, world, TargetMeans::machine);
  writable_destination(environment, settings, console.report);
  const fs::path file = place_of_note(environment);
  const LaterNote note = written_down(subjects, requirements_file, settings, world, console.report);
  if (!settings.dry_run) system::write_file_atomically(file, later_note_to_json(note));
  render::LaterView view = described(note, file, render::LaterOutcome::left);
  view.command = finishing_command(settings, environment);
  return show(view, console, ExitCode::done);
}

ExitCode install_finish(const Settings& wished, ProofWish proof_wish, system::World& world,
                        Console& console) {
  const probe::Environment environment = read_environment(wished, world, TargetMeans::machine);
  const fs::path file = place_of_note(environment);
  const render::LaterView nothing{render::LaterOutcome::nothing, {}, file, {}};
  if (!read_note(file)) return show(nothing, console, ExitCode::done);
  // Two starts at once: the second waits, and then finds no note.
  const system::FileLock lock = system::FileLock::acquire(
      file.parent_path() / "later.lock", std::chrono::hours(2),
      [&] { console.report.note(text("another start is finishing what was left; waiting for it")); });
  const auto note = read_note(file);
  if (!note) return show(nothing, console, ExitCode::done);
  Settings settings = with_note(wished, *note);
  if (proof_wish == ProofWish::given) settings.proof = wished.proof;
  if (waits_for_gpu(settings, environment))
    return show(described(*note, file, render::LaterOutcome::waiting), console, ExitCode::unproven);
  const ExitCode code = carry_out(*note, settings, world, console);
  if (code == ExitCode::done && !settings.dry_run) {
    std::error_code failed;
    fs::remove(file, failed);
    if (failed) throw system::machine_error(file, "removed", failed.value());
  }
  return code;
}

}  // namespace wheelfit::commands
