// SPDX-License-Identifier: Apache-2.0
#include "commands/install_bundle.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "bundle/bundle_file.hpp"
#include "catalog/recipe_reader.hpp"
#include "commands/bundle_supply.hpp"
#include "commands/environment_step.hpp"
#include "commands/fingerprint.hpp"
#include "commands/obtain.hpp"
#include "commands/place.hpp"
#include "commands/premises.hpp"
#include "fetch/store_layout.hpp"
#include "system/sha256.hpp"
#include "system/temp_directory.hpp"

namespace wheelfit::commands {

namespace {

namespace fs = std::filesystem;

// What this wheelfit does not know itself, the bundle tells it; what it knows, it knows by itself.
void learn(catalog::Knowledge& knowledge, const bundle::Manifest& manifest, Reporter& report) {
  for (const bundle::PackedRecipe& packed : manifest.recipes) {
    if (knowledge.find(packed.package) != nullptr) continue;
    try {
      catalog::Recipe recipe = catalog::read_recipe(packed.toml, packed.package);
      if (recipe.name == packed.package) knowledge.recipes.push_back(std::move(recipe));
    } catch (const Error& error) {
      report.note(
          text("what the bundle knows of {} cannot be used: {}", packed.package, error.sentence().english()));
    }
  }
}

void say_differences(const bundle::Manifest& manifest, const probe::Environment& environment,
                     Reporter& report) {
  for (const Difference& difference : differences(manifest.made_for, fingerprint(environment))) {
    if (difference.grave)
      report.warning(difference.sentence);
    else
      report.note(difference.sentence);
  }
}

// One package of the bundle, ready to be placed.
struct Ready {
  Decided decided;
  Obtained wheel;
  Brought brought;
};

bool already_there(const Decided& decided) {
  return decided.decision.chosen && decided.decision.chosen->kind == resolve::Rung::installed;
}

class Preparation {
 public:
  Preparation(const bundle::Manifest& manifest, install::BundleMark mark, const fetch::Store& store,
              const probe::Environment& environment)
      : manifest_(manifest),
        mark_(std::move(mark)),
        store_(store),
        environment_(environment),
        premises_(premises_of(environment)),
        supply_(manifest, store, environment) {}

  Ready prepare(const bundle::PackedPackage& package, const catalog::Knowledge& knowledge,
                const Settings& settings, system::World& world, Reporter& report) {
    Ready ready{decide_packed(packed_wheel(*manifest_.find(package.wheel)), package.by_hand, store_,
                              environment_, knowledge, settings, world, report),
                {},
                {{}, mark_}};
    require_choice(ready.decided);
    if (already_there(ready.decided)) return ready;
    ready.wheel = obtain(ready.decided, environment_, store_, settings, world, nullptr, report);
    const install::WheelSummary summary = install::inspect_wheel(ready.wheel.file.path, package.wheel);
    add_companions(summary, ready.brought, report);
    premises_.installed[package.name] = summary.version;  // for those that follow
    return ready;
  }

 private:
  void add_companions(const install::WheelSummary& summary, Brought& brought, Reporter& report) {
    const install::Companions companions =
        install::find_companions(summary.name, summary.requires_dist, premises_, supply_);
    for (const Text& row : companions.unreadable) report.warning(row);
    refuse_conflicts(companions.conflicts);
    if (!companions.lacking.empty()) {
      const install::Lacking& lacking = companions.lacking.front();
      throw Error(
          ErrorKind::refused,
          text("{} requires {}: {}", lacking.required_by, lacking.requirement, lacking.reason.english()),
          {text("make the bundle anew, from what `wheelfit inspect --json` says here today"),
           text("or install {} first", lacking.requirement)})
          .with_code("dependency");
    }
    for (const install::Companion& companion : companions.found) {
      brought.companions.push_back(supply_.wheel(companion));
      premises_.installed[companion.name] = supply_.versions(companion.name)[companion.offer].to_string();
    }
  }

  const bundle::Manifest& manifest_;
  const install::BundleMark mark_;
  const fetch::Store& store_;
  const probe::Environment& environment_;
  install::Premises premises_;
  BundleSupply supply_;
};

ExitCode show_dry_run(const std::vector<Ready>& all, const probe::Environment& environment,
                      const install::BundleMark& mark, Console& console) {
  std::vector<Placed> planned;
  for (const Ready& ready : all) {
    planned.push_back(planned_only(ready.decided, environment));
    planned.back().receipt.bundle = mark;
    for (const BroughtWheel& companion : ready.brought.companions)
      planned.back().dependencies.push_back(companion.wheel.file_name);
  }
  return show(planned, console);
}

Settings without_network(Settings settings) {
  settings.network.offline = true;
  return settings;
}

}  // namespace

std::optional<fs::path> bundle_among(const std::vector<std::string>& subjects,
                                     const fs::path& current_directory) {
  for (const std::string& subject : subjects) {
    const fs::path file = (current_directory / subject).lexically_normal();
    const bool named_so = file.extension() == ".bundle";
    if (!named_so && !bundle::looks_like_bundle(file)) continue;
    if (!fs::is_regular_file(file)) throw Error(ErrorKind::usage, text("there is no file {}", subject));
    if (subjects.size() > 1) {
      throw Error(ErrorKind::usage, text("{} is a bundle, and a bundle is installed by itself", subject),
                  {text("wheelfit install {}", subject)});
    }
    return file;
  }
  return std::nullopt;
}

ExitCode install_bundle(const fs::path& file, const Settings& wished, system::World& world,
                        Console& console) {
  const Settings settings = without_network(wished);
  bundle::BundleReader reader(file);
  const bundle::Manifest& manifest = reader.manifest();
  const system::TempDirectory unpacked(system::temporary_files(world.variables));
  const fetch::Store store{unpacked.path()};
  reader.unpack(
      [&](const bundle::PackedFile& packed) {
        return fetch::finished_path(store, packed.sha256, packed.name);
      },
      console.report);
  const install::BundleMark mark{reader.name(), system::to_hex(system::sha256_of_file(file))};
  // Beyond this point every byte is what the manifest promises.
  const probe::Environment environment = read_environment(settings, world, TargetMeans::machine);
  say_differences(manifest, environment, console.report);
  catalog::Knowledge knowledge = catalog::load_knowledge(settings.sources.data_directory);
  learn(knowledge, manifest, console.report);
  Preparation preparation(manifest, mark, store, environment);
  std::vector<Ready> all;
  for (const bundle::PackedPackage& package : manifest.packages)
    all.push_back(preparation.prepare(package, knowledge, settings, world, console.report));
  if (settings.dry_run) return show_dry_run(all, environment, mark, console);
  const install::Destination destination = writable_destination(environment, settings, console.report);
  // Beyond this point everything is known to fit, and the environment may be changed.
  Placer placer{environment, destination, knowledge, settings, world, console.report};
  std::vector<Placed> placed;
  for (const Ready& ready : all) {
    placed.push_back(already_there(ready.decided) ? placer.what_is_there(ready.decided)
                                                  : placer.place(ready.decided, ready.wheel, &ready.brought));
  }
  return show(placed, console);
}

}  // namespace wheelfit::commands
