// SPDX-License-Identifier: Apache-2.0
#include "cli/options.hpp"

#include <algorithm>

namespace wheelfit::cli {

namespace {

// CLI11 fills plain types; these put what it read into ours.
template <typename T>
CLI::Option* into_optional(CLI::App& app, const std::string& name, std::optional<T>& target,
                           const std::string& help) {
  return app.add_option_function<std::string>(
      name, [&target](const std::string& value) { target = T(value); }, help);
}

CLI::Option* seconds(CLI::App& app, const std::string& name, std::chrono::seconds& target,
                     const std::string& help) {
  return app
      .add_option_function<int>(
          name, [&target](const int& value) { target = std::chrono::seconds(value); }, help)
      ->check(CLI::Range(1, 86400))
      ->type_name("SECONDS");
}

// Throws CLI::ValidationError.
std::vector<python::Version> capabilities_of(const std::vector<std::string>& words) {
  std::vector<python::Version> capabilities;
  for (const std::string& word : words) {
    auto capability = commands::parse_capability(word);
    if (!capability) throw CLI::ValidationError("--arch", word + " is no compute capability (8.0, sm_90)");
    capabilities.push_back(std::move(*capability));
  }
  return capabilities;
}

CLI::Option* inverted_flag(CLI::App& app, const std::string& name, bool& target, const std::string& help) {
  return app.add_flag_callback(name, [&target] { target = false; }, help);
}

}  // namespace

void add_output_options(CLI::App& app, Invocation& invocation) {
  commands::OutputSettings& output = invocation.settings.output;
  app.add_flag("--json", output.json, "One JSON document on standard output, nothing else there")
      ->group("Output");
  app.add_flag("-q,--quiet", output.quiet, "No progress and no notes")->group("Output");
  app.add_flag("-v,--verbose", output.verbose, "Show more of what is done")->group("Output");
  app.add_flag("--no-color", output.no_color, "No colours (NO_COLOR does the same)")->group("Output");
  app.add_option("--lang", output.language, "Language of the text (default: the locale's)")
      ->check(CLI::IsMember({"en", "zh"}))
      ->type_name("en|zh")
      ->group("Output");
}

void add_environment_options(CLI::App& app, Invocation& invocation) {
  commands::EnvironmentSettings& environment = invocation.settings.environment;
  into_optional(
      app, "--python", environment.python,
      "The Python environment: its interpreter or its folder (default: VIRTUAL_ENV, CONDA_PREFIX, ./.venv, "
      "python3 on PATH)")
      ->type_name("PATH")
      ->group("Environment");
  app.add_option("--set", environment.overrides, "Override one fact of the environment, e.g. gpu=sm_90")
      ->type_name("KEY=VALUE")
      ->take_all()
      ->allow_extra_args(false)
      ->group("Environment");
}

void add_target_options(CLI::App& app, Invocation& invocation) {
  into_optional(
      app, "--target", invocation.settings.environment.target,
      "Another machine: python=3.10,torch=2.6.0+cu124,abi=false,glibc=2.35,gpu=sm_80,driver=550.54.14, or "
      "the file that `wheelfit inspect --json` wrote there")
      ->type_name("SPEC|FILE")
      ->group("Environment");
}

void add_machine_option(CLI::App& app, Invocation& invocation) {
  into_optional(app, "--target", invocation.settings.environment.target,
                "The machine that it will run on, where that is another (an image build): of it the GPUs and "
                "the driver count, e.g. gpu=sm_90,driver=550.54.14, or the file of `wheelfit inspect --json`")
      ->type_name("SPEC|FILE")
      ->group("Environment");
}

void add_disk_options(CLI::App& app, Invocation& invocation) {
  commands::DiskRequest& request = invocation.disk_request;
  app.add_flag("--disk", invocation.disk, "Show what takes space and could be done without")
      ->group(disk_space);
  CLI::Option* free =
      into_optional(app, "--free", request.free, "Say what frees as much (5GB, 500MiB), the least loss first")
          ->type_name("SIZE")
          ->group(disk_space);
  into_optional(app, "--on", request.on, "Count only what lies on the filesystem of PATH")
      ->type_name("PATH")
      ->group(disk_space);
  app.add_flag("--yes", request.yes, "Do it, as far as it touches caches alone")
      ->needs(free)
      ->group(disk_space);
}

void add_when_options(CLI::App& app, Invocation& invocation) {
  CLI::Option* later = app.add_flag_callback(
      "--later", [&invocation] { invocation.when = Invocation::When::later; },
      "Install nothing now: leave a note for --finish, in an image that is built where no GPU is");
  CLI::Option* finish = app.add_flag_callback(
      "--finish", [&invocation] { invocation.when = Invocation::When::finish; },
      "Do what --later left, if it left something: for the entry point of a container");
  later->group(images)->excludes(finish);
  finish->group(images);
}

void add_index_options(CLI::App& app, Invocation& invocation) {
  commands::SourceSettings& sources = invocation.settings.sources;
  app.add_option_function<std::string>(
         "--trust", [&sources](const std::string& word) { sources.trust = *catalog::parse_trust(word); },
         "The lowest trust admitted (default: index)")
      ->check(CLI::IsMember({"official", "index", "community"}))
      ->type_name("official|index|community")
      ->group("Sources");
  into_optional(app, "--source", sources.only, "Look at this source alone")
      ->type_name("NAME")
      ->group("Sources");
  into_optional(app, "--index-url", sources.index_url,
                "Package index (default: the one the environment's installer uses)")
      ->type_name("URL")
      ->group("Sources");
  app.add_option("--extra-index-url", sources.extra_index_urls, "A further package index")
      ->type_name("URL")
      ->take_all()
      ->allow_extra_args(false)
      ->group("Sources");
  into_optional(app, "--data-dir", sources.data_directory,
                "Folder whose files override the built-in knowledge")
      ->type_name("DIR")
      ->group("Sources");
}

void add_source_options(CLI::App& app, Invocation& invocation) {
  add_index_options(app, invocation);
  app.add_option("-f,--find-links", invocation.settings.sources.find_links,
                 "A page of links or a directory of wheels")
      ->type_name("URL|DIR")
      ->take_all()
      ->allow_extra_args(false)
      ->group("Sources");
}

void add_fallback_option(CLI::App& app, Invocation& invocation) {
  app.add_option("--fallback", invocation.settings.rungs.fallback,
                 "Permit a package of wheelfit's own where no wheel fits: sdpa, on PyTorch's own attention")
      ->check(CLI::IsMember({"sdpa"}))
      ->type_name("sdpa")
      ->group("Rungs");
}

void add_rung_options(CLI::App& app, Invocation& invocation) {
  commands::RungSettings& rungs = invocation.settings.rungs;
  add_fallback_option(app, invocation);
  app.add_flag("--build", rungs.build, "Permit building from source where no wheel fits (wheelfit build)")
      ->group("Rungs");
  static const std::map<std::string, resolve::Rung> words{{"wheel", resolve::Rung::wheel},
                                                          {"relative", resolve::Rung::relative},
                                                          {"conda", resolve::Rung::conda},
                                                          {"build", resolve::Rung::build},
                                                          {"fallback", resolve::Rung::fallback}};
  app.add_option_function<std::string>(
         "--only", [&rungs](const std::string& word) { rungs.only = words.at(word); },
         "Take this rung of the ladder or nothing")
      ->check(CLI::IsMember({"wheel", "relative", "conda", "build", "fallback"}))
      ->type_name("wheel|relative|conda|build|fallback")
      ->group("Rungs");
}

void add_build_options(CLI::App& app, Invocation& invocation) {
  commands::BuildSettings& build = invocation.settings.build;
  app.add_option_function<std::vector<std::string>>(
         "--arch",
         [&build](const std::vector<std::string>& values) { build.capabilities = capabilities_of(values); },
         "Compute capabilities to build for, e.g. 8.0,9.0 (default: of the GPUs that are here)")
      ->delimiter(',')
      ->type_name("LIST")
      ->group("Build");
  app.add_option_function<std::vector<std::string>>(
         "--without",
         [&build](std::vector<std::string> values) {
           std::sort(values.begin(), values.end());
           values.erase(std::unique(values.begin(), values.end()), values.end());
           build.without = std::move(values);
         },
         "Parts to leave out, e.g. backward,hdim256; the wheel's version says so")
      ->delimiter(',')
      ->type_name("LIST")
      ->group("Build");
  app.add_option("--jobs", build.jobs,
                 "Files to compile at once, at most (default: what cores and memory bear)")
      ->check(CLI::Range(1, 1024))
      ->type_name("N")
      ->group("Build");
  app.add_option("--memory", build.memory, "Memory to use, at most, e.g. 16G (default: what there is)")
      ->transform(CLI::AsSizeValue(true))
      ->type_name("SIZE")
      ->group("Build");
  static const std::map<std::string, build::CompilerCache> caches{{"auto", build::CompilerCache::automatic},
                                                                  {"none", build::CompilerCache::none},
                                                                  {"ccache", build::CompilerCache::ccache},
                                                                  {"sccache", build::CompilerCache::sccache}};
  app.add_option_function<std::string>(
         "--compiler-cache", [&build](const std::string& word) { build.cache = caches.at(word); },
         "Compiler cache (default: auto, the one that is here)")
      ->check(CLI::IsMember({"auto", "none", "ccache", "sccache"}))
      ->type_name("auto|none|ccache|sccache")
      ->group("Build");
  app.add_flag("--keep-build", build.keep, "Leave the build directory as it is at the end")->group("Build");
}

void add_network_options(CLI::App& app, Invocation& invocation) {
  commands::NetworkSettings& network = invocation.settings.network;
  app.add_flag("--offline", network.offline, "Open no connection")->group("Network");
  into_optional(app, "--proxy", network.proxy, "Proxy: http, https, socks5 or socks5h address")
      ->type_name("URL")
      ->group("Network");
  into_optional(app, "--cacert", network.ca_certificate, "Certificates to trust (PEM)")
      ->type_name("FILE")
      ->group("Network");
  seconds(app, "--timeout", network.timeout,
          "How long to wait for a connection and for an answer (default: 15)")
      ->group("Network");
  seconds(app, "--stall-timeout", network.stall_timeout,
          "How long a transfer may stand still before it is begun again (default: 20)")
      ->group("Network");
  const auto mirrors = [&app](const char* name, std::vector<std::string>& target, const char* help) {
    app.add_option(name, target, help)
        ->type_name("URL")
        ->take_all()
        ->allow_extra_args(false)
        ->group("Network");
  };
  mirrors("--github-api", network.github_apis, "Asked in place of GitHub's API; may be given several times");
  mirrors("--github", network.github, "Serves downloads in place of github.com; may be given several times");
  mirrors("--github-mirror", network.github_mirrors,
          "Serves what is at the GitHub address that is put behind it; may be given several times");
  into_optional(app, "--hf-endpoint", network.hf_endpoint,
                "Serves downloads in place of huggingface.co (HF_ENDPOINT does the same)")
      ->type_name("URL")
      ->group("Network");
  into_optional(app, "--conda-channel", network.conda_channel,
                "Asked in place of conda-forge's channel (default: conda.anaconda.org/conda-forge)")
      ->type_name("URL")
      ->group("Network");
  app.add_option("--connections", network.connections, "For one file, at most (default: 16)")
      ->check(CLI::Range(1, 64))
      ->group("Network");
}

void add_store_options(CLI::App& app, Invocation& invocation) {
  commands::StoreSettings& store = invocation.settings.store;
  into_optional(app, "--store", store.directory,
                "Where downloads are kept (default: wheelfit in the cache folder)")
      ->type_name("DIR")
      ->group("Store");
  inverted_flag(app, "--no-store", store.keep, "Leave nothing behind but what is installed")->group("Store");
}

void add_change_options(CLI::App& app, Invocation& invocation) {
  app.add_flag("--dry-run", invocation.settings.dry_run, "Say what would be done, change nothing")
      ->group("Change");
  app.add_flag("--break-system-packages", invocation.settings.environment.break_system_packages,
               "Change an environment that the operating system manages")
      ->group("Change");
}

void add_seed_options(CLI::App& app, Invocation& invocation) {
  commands::SeedRequest& seed = invocation.seed;
  into_optional(app, "--link", seed.link,
                "The link that pip would build from, as pip holds it: URL[#fragment]")
      ->type_name("URL")
      ->group(one_run);
  into_optional(app, "--pip-cache-dir", seed.pip_cache_directory,
                "pip's cache (default: where this pip has it)")
      ->type_name("DIR")
      ->group(one_run);
  CLI::Option* find_links = into_optional(app, "--find-links", seed.find_links,
                                          "Make a directory of wheels for --find-links instead")
                                ->type_name("DIR")
                                ->group(one_run);
  CLI::Option* for_uv = app.add_option_function<std::string>(
                               "--for", [&seed](const std::string&) { seed.for_uv = true; },
                               "uv: it cannot be seeded, a directory of wheels serves it")
                            ->check(CLI::IsMember({"uv"}))
                            ->type_name("uv")
                            ->group(one_run);
  std::vector<CLI::Option*> actions{find_links, for_uv};
  const auto add_action = [&](const char* name, commands::SeedAction action, const char* help) {
    CLI::Option* option = app.add_flag_callback(name, [&seed, action] { seed.action = action; }, help);
    option->group(one_run);
    for (CLI::Option* other : actions) option->excludes(other);
    actions.push_back(option);
    return option;
  };
  add_action("--list", commands::SeedAction::list, "Show what is seeded");
  CLI::Option* audit = add_action("--audit", commands::SeedAction::audit,
                                  "Find cached wheels that were built for another torch, CUDA or Python");
  add_action("--undo", commands::SeedAction::undo, "Take out what was seeded, all or by NAME");
  app.add_flag("--evict", seed.evict, "Remove what --audit finds")->needs(audit)->group(one_run);
}

void add_proof_options(CLI::App& app, Invocation& invocation) {
  commands::ProofSettings& proof = invocation.settings.proof;
  static const std::map<std::string, commands::Proof> words{{"symbols", commands::Proof::symbols},
                                                            {"import", commands::Proof::import},
                                                            {"gpu", commands::Proof::gpu}};
  app.add_option_function<std::string>(
         "--require",
         [&proof, &invocation](const std::string& word) {
           proof.required = words.at(word);
           invocation.proof_given = true;
         },
         "The proof that makes exit code 0 (default: gpu)")
      ->check(CLI::IsMember({"symbols", "import", "gpu"}))
      ->type_name("symbols|import|gpu")
      ->group("Proof");
  inverted_flag(app, "--no-verify", proof.verify, "End once the files are in place and checked")
      ->group("Proof");
  app.add_flag("--keep", proof.keep_on_failure, "Keep what was installed even if its proof fails")
      ->group("Proof");
  seconds(app, "--verify-timeout", proof.timeout, "Time limit of the proof (default: 300)")->group("Proof");
}

}  // namespace wheelfit::cli
