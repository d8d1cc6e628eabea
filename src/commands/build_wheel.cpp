// SPDX-License-Identifier: Apache-2.0
#include "commands/build_wheel.hpp"

#include <algorithm>
#include <chrono>

#include "base/activity.hpp"
#include "base/error.hpp"
#include "build/architectures.hpp"
#include "build/setup_script.hpp"
#include "build/units.hpp"
#include "catalog/build_failures.hpp"
#include "commands/obtain.hpp"
#include "fetch/store_layout.hpp"
#include "python/wheel_filename.hpp"
#include "system/archive.hpp"
#include "system/files.hpp"
#include "system/machine.hpp"
#include "system/posix_process.hpp"
#include "system/room.hpp"
#include "system/sha256.hpp"

namespace wheelfit::commands {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

// Source distributions are small; cutlass has some thousand files.
constexpr system::ArchiveLimits most_source{std::uint64_t{2} << 30U, 100'000};

fetch::FetchedFile obtain_source(const BuildSource& source, const fetch::Store& store,
                                 const Settings& settings, system::World& world, system::HttpClient* http,
                                 Reporter& report) {
  if (source.file)
    return {*source.file, system::to_hex(system::sha256_of_file(*source.file)), fs::file_size(*source.file)};
  const catalog::SourceDistribution& sdist = source.sdist;
  if (sdist.url.empty()) {
    throw Error(ErrorKind::unreachable,
                text("where the source of {} {} can be downloaded is known only to the package index",
                     source.recipe.name, sdist.version.to_string()),
                {text("give --index-url, or the file: wheelfit build FILE.tar.gz")});
  }
  catalog::Candidate candidate;
  candidate.name = sdist.file_name;
  candidate.url = sdist.url;
  candidate.sha256 = sdist.sha256;
  candidate.size = sdist.size;
  return obtain_candidate(candidate, {}, store, settings, world, http, report);
}

// The archive holds one folder; its content becomes `tree`.
void unpack_source(const fs::path& archive, const build::Workplace& place) {
  if (fs::exists(place.source() / "setup.py")) return;
  const fs::path half = place.folder() / "unpacking";
  system::remove_quietly(half);
  system::unpack_archive(archive, half, most_source);
  std::vector<fs::path> roots;
  for (const auto& entry : fs::directory_iterator(half)) roots.push_back(entry.path());
  if (roots.size() != 1 || !fs::exists(roots.front() / "setup.py")) {
    throw Error(ErrorKind::refused, text("{} is no source distribution: there is no setup.py in its folder",
                                         archive.filename().string()));
  }
  system::remove_quietly(place.source());
  system::rename_file(roots.front(), place.source());
  system::remove_quietly(half);
}

// What the sizes of a tree come to.
std::uint64_t bytes_below(const fs::path& tree) {
  std::uint64_t bytes = 0;
  std::error_code failed;
  for (auto entry = fs::recursive_directory_iterator(tree, failed); entry != fs::end(entry);
       entry.increment(failed))
    if (!failed && entry->is_regular_file(failed)) bytes += entry->file_size(failed);
  return bytes;
}

std::string filled(std::string value, const std::string& name, const std::string& with) {
  const std::size_t at = value.find(name);
  return at == std::string::npos ? value : value.replace(at, name.size(), with);
}

build::SetupRun setup_run(const BuildOrder& order) {
  build::SetupRun run;
  run.python = *order.environment.interpreter.executable;
  for (const catalog::BuildVariable& row : order.recipe.variables) {
    if (!row.version.admits(order.source.sdist.version)) continue;
    std::string value = filled(row.value, "{label}", order.label);
    value = filled(value, "{architectures}", build::architecture_list(order.capabilities));
    run.variables[row.name] = filled(value, "{threads}", "1");
  }
  run.variables["MAX_JOBS"] = "1";
  const fs::path nvcc = *order.environment.toolkit.nvcc;
  run.variables["CUDA_HOME"] = nvcc.parent_path().parent_path().string();
  return run;
}

class WheelBuilder {
 public:
  WheelBuilder(const BuildOrder& order, const catalog::Knowledge& knowledge, const fetch::Store& store,
               const Settings& settings, system::World& world, Reporter& report)
      : order_(order),
        knowledge_(knowledge),
        store_(store),
        settings_(settings),
        world_(world),
        report_(report),
        launcher_(build::launcher_for(settings.build.cache, world.variables)) {}

  BuildResult build(const fetch::FetchedFile& source) {
    const Clock::time_point began = Clock::now();
    result_.key = key_of(order_, source.sha256, settings_.build);
    if (!settings_.build.again && find_in_store()) return std::move(result_);
    build::Workplace place(store_.directory, result_.key);
    const bool begun_before = fs::exists(place.source());
    if (settings_.build.again && !settings_.dry_run) place.start_over();
    prepare(source, place);
    const build::SetupRun run = setup_run(order_);
    for (bool first = true;; first = false) {
      const build::SetupOutcome outcome = ask_setup(run, place, first);
      if (const auto* made = std::get_if<build::WheelMade>(&outcome)) {
        keep(made->wheel);
        break;
      }
      if (const auto* failed = std::get_if<build::SetupFailed>(&outcome))
        explain(text("setup.py failed"), failed->output, place);
      const auto& wanted = std::get<build::WantsCompiled>(outcome);
      if (!compile(wanted, place, first)) {
        if (!begun_before) place.remove();  // a dry run leaves no more than it found
        return finished(began);
      }
      build::mark_compiled(wanted, place);
    }
    if (!settings_.build.keep) place.clear();
    return finished(began);
  }

 private:
  bool find_in_store() {
    const auto built = build::find_built(store_.directory, result_.key);
    if (!built) return false;
    const fs::path file = fetch::finished_path(store_, built->sha256, built->file_name);
    if (!fs::exists(file)) return false;
    result_.found = true;
    result_.file_name = built->file_name;
    result_.wheel = fetch::FetchedFile{file, built->sha256, built->size, true};
    prove(file);
    return true;
  }

  void prepare(const fetch::FetchedFile& source, const build::Workplace& place) {
    result_.folder = place.folder();
    result_.log = place.log();
    unpack_source(source.path, place);
    if (auto obstacle = build::missing_file(order_.recipe, order_.source.sdist.version, place.source()))
      throw Error(ErrorKind::refused, std::move(obstacle->sentence), std::move(obstacle->cures))
          .with_code(obstacle->code);
  }

  build::SetupOutcome ask_setup(const build::SetupRun& run, const build::Workplace& place, bool first) {
    const Activity activity(
        report_, first ? text("Asking setup.py what is to be compiled") : text("Linking and packing"));
    return build::run_setup(run, place, world_.variables, world_.processes);
  }

  // --memory says less than there is.
  build::Means means() const {
    const system::Machine machine = machine_now();
    const std::uint64_t most = settings_.build.memory != 0 ? settings_.build.memory : ~std::uint64_t{0};
    return {machine.cores, settings_.build.jobs, std::min(machine.memory.value_or(0), most),
            std::min(machine.available_memory.value_or(0), most)};
  }

  system::Machine machine_now() const {
    return system::read_machine(world_.root, system::schedulable_cores());
  }

  // False: that is all of a dry run.
  bool compile(const build::WantsCompiled& wanted, const build::Workplace& place, bool first) {
    const std::string stand_in =
        order_.recipe.stand_in ? knowledge_.file(order_.recipe.stand_in->header) : std::string();
    build::Units units =
        build::units_of(wanted.file,
                        {order_.recipe, order_.source.sdist.version, order_.capabilities,
                         settings_.build.without, place.made(), means().cores},
                        stand_in, [](const fs::path& file) { return system::read_file(file); });
    for (const build::GeneratedFile& file : units.generated)
      if (system::read_file_if_any(file.path) != file.content)
        system::write_file_atomically(file.path, file.content, system::Durability::ordinary);
    const std::vector<build::Unit> left = build::not_done(units.units, place);
    foresee(units, left, place);
    if (first) result_.from_before = units.units.size() - left.size();
    if (settings_.dry_run) return false;
    build::CompileSettings how = compile_settings(place);
    std::optional<build::CacheServer> server;
    if (how.launcher == "sccache" && !left.empty()) {
      server.emplace(place, store_.directory / "sccache", world_.variables, world_.processes);
      how.variables.merge(server->variables());
      how.server = server->group();
    }
    try {
      for (build::Compiled& each : build::compile(units.units, place, how, world_.processes, report_))
        result_.compiled.push_back(std::move(each));
    } catch (const build::CompileFailure& failure) {
      explain(failure.sentence(), failure.output(), place, &failure);
    } catch (Error& error) {
      if (error.kind() == ErrorKind::interrupted)
        error.add_cure(text("what is compiled stays: the same command goes on from here"));
      throw;
    }
    return true;
  }

  build::CompileSettings compile_settings(const build::Workplace& place) {
    build::CompileSettings how;
    how.jobs = settings_.build.jobs == 0 ? means().cores : std::min(settings_.build.jobs, means().cores);
    how.launcher = result_.launcher = launcher_;
    how.variables = build::cache_variables(place.folder());
    how.machine = [this] { return machine_now(); };
    how.memory = settings_.build.memory;
    how.what = order_.source.recipe.name + " " + order_.source.sdist.version.to_string();
    return how;
  }

  void foresee(const build::Units& units, const std::vector<build::Unit>& left,
               const build::Workplace& place) {
    std::vector<build::Load> loads;
    for (const build::Unit& unit : left) loads.push_back(unit.load);
    const build::Means with = means();
    const build::Course course = build::course_of(loads, with);
    build::Forecast& forecast = result_.forecast;
    forecast.units = units.units.size();
    forecast.units_left = left.size();
    forecast.jobs = std::max(course.jobs, 1U);
    forecast.threads = units.threads;
    forecast.seconds = course.seconds;
    forecast.peak_bytes = course.peak_bytes;
    const std::uint64_t source_bytes = bytes_below(place.source());  // they are there already
    forecast.build_bytes = source_bytes;
    for (const build::Unit& unit : units.units) {
      forecast.build_bytes += 2 * unit.load.object_bytes;  // and once more in the module
      forecast.wheel_bytes += unit.load.object_bytes;
    }
    std::uint64_t fattest = 0;
    for (const build::Load& load : loads) fattest = std::max(fattest, load.peak_bytes);
    if (auto shortage = build::memory_shortage(with.memory_limit, fattest)) {
      throw Error(ErrorKind::machine, std::move(shortage->sentence), std::move(shortage->cures))
          .with_code(shortage->code);
    }
    const Text elsewhere = text("--store DIR on a larger filesystem");
    system::require_room({{"build", place.folder(), forecast.build_bytes - source_bytes, elsewhere},
                          {"store", store_.directory, forecast.wheel_bytes, elsewhere}});
    say_forecast();
  }

  void say_forecast() const {
    const build::Forecast& forecast = result_.forecast;
    if (forecast.units_left == 0) return;
    report_.note(text(
        "{} of {} files to compile, {} at once: about {} minutes, {} GB of memory, {} MB of disk in {}",
        forecast.units_left, forecast.units, forecast.jobs, static_cast<int>(forecast.seconds / 60 + 0.5),
        fmt::format("{:.1f}", static_cast<double>(forecast.peak_bytes) / 1e9),
        (forecast.build_bytes + forecast.wheel_bytes) / 1'000'000, result_.folder.string()));
  }

  void keep(const fs::path& made) {
    result_.file_name = made.filename().string();
    check_name();
    prove(made);
    const std::string sha256 = system::to_hex(system::sha256_of_file(made));
    const fs::path place = fetch::finished_path(store_, sha256, result_.file_name);
    system::make_directories(place.parent_path());
    if (!fs::exists(place)) {
      const fs::path half = fs::path(place).concat(".part");
      system::remove_quietly(half);
      system::link_or_copy(made, half);
      system::rename_file(half, place);
    }
    result_.wheel = fetch::FetchedFile{place, sha256, fs::file_size(place), false};
    build::remember_built(store_.directory, result_.key, {result_.file_name, sha256, result_.wheel->size});
  }

  // setup.py may have ignored the label: then the name would tell less than the truth.
  void check_name() const {
    const auto name = python::WheelFilename::parse(result_.file_name);
    if (name && (settings_.build.without.empty() || name->version.local() == order_.label)) return;
    throw Error(ErrorKind::refused,
                text("setup.py made {}, whose name does not say what was left out", result_.file_name));
  }

  void prove(const fs::path& wheel) {
    const Activity activity(report_, text("Proving {}", result_.file_name));
    result_.proof = Examiner(order_.environment, world_, nullptr).wheel(wheel, {true}).proof;
    check_modules();
    if (result_.proof->verdict != proof::Verdict::refused) return;
    throw Error(
        ErrorKind::refused,
        text("{} was built, but would not load here: it {}", result_.file_name,
             result_.proof->reasons.empty() ? std::string() : result_.proof->reasons.front().text.english()));
  }

  // setup.py may leave out what it is run for, and still make a wheel.
  void check_modules() const {
    for (const std::string& name : order_.recipe.modules) {
      const bool there = std::ranges::any_of(result_.proof->modules, [&](const proof::ModuleProof& module) {
        return fs::path(module.member).filename().string().starts_with(name + ".");
      });
      if (there) continue;
      throw Error(ErrorKind::refused, text("{} was built without its module {}", result_.file_name, name))
          .with_code("hollow");
    }
  }

  [[noreturn]] void explain(const Text& what, const std::string& output, const build::Workplace& place,
                            const Error* known = nullptr) const {
    const auto row = catalog::explain_build_failure(knowledge_, output);
    const bool caused = row && (known == nullptr || known->cures().empty());
    std::vector<Text> cures;
    if (known != nullptr) cures = known->cures();
    if (row) cures.insert(cures.end(), row->cures.begin(), row->cures.end());
    for (const std::string& line : catalog::end_of_log(output)) report_.note(Text(line));
    cures.push_back(text("what is compiled stays: `wheelfit build` goes on from here; the whole log: {}",
                         place.log().string()));
    Error error(known != nullptr ? known->kind() : ErrorKind::refused, caused ? row->cause : what,
                std::move(cures));
    if (caused) error.add_context(what);
    throw std::move(error).with_code(row ? row->code : known != nullptr ? known->code() : std::string());
  }

  BuildResult finished(Clock::time_point began) {
    result_.seconds = std::chrono::duration<double>(Clock::now() - began).count();
    return std::move(result_);
  }

  const BuildOrder& order_;
  const catalog::Knowledge& knowledge_;
  const fetch::Store& store_;
  const Settings& settings_;
  system::World& world_;
  Reporter& report_;
  const std::string launcher_;
  BuildResult result_;
};

}  // namespace

BuildResult build_wheel(const BuildOrder& order, const catalog::Knowledge& knowledge,
                        const fetch::Store& store, const Settings& settings, system::World& world,
                        system::HttpClient* http, Reporter& report) {
  WheelBuilder builder(order, knowledge, store, settings, world, report);
  return builder.build(obtain_source(order.source, store, settings, world, http, report));
}

}  // namespace wheelfit::commands
