// SPDX-License-Identifier: Apache-2.0
#include "cli/command_line.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/version.hpp"
#include "cli/options.hpp"
#include "cli/settings_file.hpp"
#include "commands/suggestions.hpp"

namespace wheelfit::cli {

namespace {

constexpr const char* exit_codes =
    "Exit codes: 0 done and proven as required; 1 done, but something could not be proven here; 2 nothing "
    "fits, or a "
    "proof failed; 3 a source could not be reached; 4 a fault of wheelfit or the machine; 64 wrong usage";

CLI::Option* add_subjects(CLI::App& app, Invocation& invocation, const char* help) {
  return app.add_option("subject", invocation.subjects, help)->type_name("REQUIREMENT|FILE.whl|URL|RECEIPT");
}

// Where wheels come from: what plan, check, fetch and install share.
void add_supply_options(CLI::App& app, Invocation& invocation) {
  add_source_options(app, invocation);
  add_network_options(app, invocation);
  add_store_options(app, invocation);
}

void declare_plan(CLI::App& app, Invocation& invocation) {
  add_subjects(app, invocation, "What to plan for (default: flash-attn)")->expected(0, 1);
  add_target_options(app, invocation);
  add_rung_options(app, invocation);
  add_build_options(app, invocation);
  add_supply_options(app, invocation);
  app.add_flag("--dry-run", invocation.settings.dry_run, "A plan changes nothing in any case")->group("");
}

void declare_check(CLI::App& app, Invocation& invocation) {
  app.add_option("subject", invocation.subjects, "What to check")
      ->type_name("FILE|URL|REQUIREMENT")
      ->required()
      ->expected(1);
  add_target_options(app, invocation);
  add_supply_options(app, invocation);
}

void declare_inspect(CLI::App& app, Invocation& invocation) {
  add_target_options(app, invocation);
  add_store_options(app, invocation);
}

void declare_doctor(CLI::App& app, Invocation& invocation) {
  add_disk_options(app, invocation);
  add_source_options(app, invocation);
  add_network_options(app, invocation);
  add_store_options(app, invocation);
}

void declare_fetch(CLI::App& app, Invocation& invocation) {
  add_subjects(app, invocation, "What to download")->required();
  app.add_option_function<std::string>(
         "-o,--output", [&invocation](const std::string& value) { invocation.output_directory = value; },
         "Put the file there as well")
      ->type_name("DIR");
  app.add_flag("--list", invocation.list,
               "Download nothing: say what another machine should, as commands to paste");
  add_target_options(app, invocation);
  add_supply_options(app, invocation);
  app.add_flag("--dry-run", invocation.settings.dry_run, "Say what would be done, change nothing")
      ->group("Change");
}

void add_requirements_file(CLI::App& app, Invocation& invocation) {
  app.add_option_function<std::string>(
         "-r,--requirement",
         [&invocation](const std::string& value) { invocation.requirements_file = value; },
         "Take the packages named in a requirements file")
      ->type_name("FILE");
}

void declare_bundle(CLI::App& app, Invocation& invocation) {
  add_subjects(app, invocation, "What to pack (default: flash-attn); with --list, the bundle")
      ->type_name("REQUIREMENT|FILE.whl|URL|RECEIPT|BUNDLE");
  add_requirements_file(app, invocation);
  app.add_option_function<std::string>(
         "-o,--output", [&invocation](const std::string& value) { invocation.output_file = value; },
         "The file to write (default: NAME-VERSION.bundle here)")
      ->type_name("FILE");
  app.add_flag("--list", invocation.list, "Say what is inside a bundle");
  add_target_options(app, invocation);
  add_fallback_option(app, invocation);
  add_supply_options(app, invocation);
}

void declare_export(CLI::App& app, Invocation& invocation) {
  app.add_option_function<std::string>(
         "format",
         [&invocation](const std::string& word) { invocation.format = *render::export_format(word); },
         "For which file: requirements, constraints, uv, pylock, conda or dockerfile")
      ->type_name("FORMAT")
      ->check(CLI::IsMember({"requirements", "constraints", "uv", "pylock", "conda", "dockerfile"}))
      ->required();
  add_subjects(app, invocation, "What to name there (default: flash-attn)")->expected(0, -1);
  add_target_options(app, invocation);
  add_supply_options(app, invocation);
}

void declare_install(CLI::App& app, Invocation& invocation) {
  add_subjects(app, invocation, "What to install")->type_name("REQUIREMENT|FILE.whl|URL|RECEIPT|BUNDLE");
  add_requirements_file(app, invocation);
  add_when_options(app, invocation);
  add_machine_option(app, invocation);
  add_rung_options(app, invocation);
  add_build_options(app, invocation);
  add_supply_options(app, invocation);
  add_change_options(app, invocation);
  add_proof_options(app, invocation);
}

void declare_seed(CLI::App& app, Invocation& invocation) {
  add_subjects(app, invocation, "What to seed (default: flash-attn); with --undo, names")->expected(0, -1);
  add_seed_options(app, invocation);
  app.add_flag("--dry-run", invocation.settings.dry_run, "Say what would be done, change nothing")
      ->group("Change");
  add_target_options(app, invocation);
  add_index_options(app, invocation);
  add_network_options(app, invocation);
  add_store_options(app, invocation);
}

void declare_build(CLI::App& app, Invocation& invocation) {
  app.add_option("subject", invocation.subjects, "What to build (default: flash-attn)")
      ->type_name("REQUIREMENT|FILE.tar.gz")
      ->expected(0, 1);
  app.add_option_function<std::string>(
         "-o,--output", [&invocation](const std::string& value) { invocation.output_directory = value; },
         "Put the wheel there as well")
      ->type_name("DIR");
  add_build_options(app, invocation);
  app.add_flag("--again", invocation.settings.build.again, "Build though the same wheel was built before")
      ->group("Build");
  app.add_flag("--dry-run", invocation.settings.dry_run,
               "Say what stands in the way and what it would take, compile nothing")
      ->group("Change");
  add_supply_options(app, invocation);
}

void declare_uninstall(CLI::App& app, Invocation& invocation) {
  app.add_option("name", invocation.subjects, "Distributions to remove")->type_name("NAME")->required();
  add_change_options(app, invocation);
}

void declare_verify(CLI::App& app, Invocation& invocation) {
  app.add_option("name", invocation.subjects, "Distributions to prove (default: flash-attn)")
      ->type_name("NAME");
  app.add_option_function<std::string>(
         "--data-dir",
         [&invocation](const std::string& value) { invocation.settings.sources.data_directory = value; },
         "Folder whose files override the built-in knowledge")
      ->type_name("DIR")
      ->group("Sources");
  add_proof_options(app, invocation);
}

struct VerbRow {
  const char* name;
  Verb verb;
  void (*declare)(CLI::App&, Invocation&);
  const char* help;
};

constexpr VerbRow verbs[] = {
    {"plan", Verb::plan, declare_plan, "Say which wheel fits and why (what a bare `wheelfit` does)"},
    {"install", Verb::install, declare_install, "Install the wheel that fits, prove it, leave a receipt"},
    {"verify", Verb::verify, declare_verify, "Prove what is installed: files, import, numbers on the GPU"},
    {"uninstall", Verb::uninstall, declare_uninstall, "Remove distributions by their RECORD"},
    {"check", Verb::check, declare_check,
     "Say of one wheel or shared object whether it would load here, by its symbols"},
    {"inspect", Verb::inspect, declare_inspect, "Show the environment, read from files"},
    {"doctor", Verb::doctor, declare_doctor,
     "Say what could make an install fail here, and what would mend it"},
    {"fetch", Verb::fetch, declare_fetch, "Download the wheel that fits"},
    {"bundle", Verb::bundle, declare_bundle,
     "Pack the wheel that fits, and what it requires, into one file for a machine without network"},
    {"export", Verb::export_choice, declare_export,
     "Name the wheel that fits, with its hash, in a file for pip, uv, conda or an image"},
    {"build", Verb::build, declare_build,
     "Build a wheel from its source distribution, within the machine's means"},
    {"seed", Verb::seed, declare_seed, "Put the wheel where a plain `pip install` finds it"},
};

// "--extra-index-url" of an option; "" for positionals.
std::string long_name(const CLI::Option& option) {
  return option.get_lnames().empty() ? std::string() : option.get_lnames().front();
}

// Options that no flag gave take their variable's value, else the settings file's.
void apply_fallbacks(CLI::App& app, const system::EnvironmentVariables& variables, const OptionValues& file) {
  for (CLI::Option* option : app.get_options()) {
    const std::string name = long_name(*option);
    if (name.empty() || name == "help" || option->count() > 0 || option->get_group() == one_run ||
        option->get_group() == images || option->get_group() == disk_space)
      continue;
    const bool repeatable = option->get_multi_option_policy() == CLI::MultiOptionPolicy::TakeAll &&
                            option->get_expected_max() > 1;
    const auto values = fallback_values(name, repeatable, variables, file);
    if (!values || values->empty()) continue;
    const bool is_flag = option->get_expected_max() == 0;
    if (is_flag && (values->front() == "false" || values->front() == "0" || values->front() == "no"))
      continue;
    if (is_flag)
      option->add_result("true");
    else
      option->add_result(*values);
    try {
      option->run_callback();
    } catch (const CLI::Error& error) {
      throw Error(ErrorKind::usage, text("the setting {} is wrong: {}", name, std::string(error.what())));
    }
  }
}

void check_settings_names(const OptionValues& file, const std::vector<CLI::App*>& apps,
                          const system::EnvironmentVariables& variables) {
  std::vector<std::string> options;
  for (const CLI::App* app : apps)
    for (const CLI::Option* option : app->get_options()) options.push_back(long_name(*option));
  for (const auto& [name, values] : file) {
    if (std::find(options.begin(), options.end(), name) != options.end()) continue;
    std::vector<Text> cures;
    if (const auto near = commands::nearest_name(name, options))
      cures.push_back(text("did you mean {}?", *near));
    throw Error(ErrorKind::usage,
                text("{} has {}, which is no option", settings_file(variables)->string(), name),
                std::move(cures));
  }
}

// A bare `wheelfit` plans; so does `wheelfit flash-attn==2.8.3`, or one that begins with an option.
std::vector<std::string> with_verb(std::vector<std::string> arguments) {
  static const std::vector<std::string> own{"-h", "--help", "--version"};
  const bool answers =
      !arguments.empty() && std::find(own.begin(), own.end(), arguments.front()) != own.end();
  const bool has_verb = std::any_of(arguments.begin(), arguments.end(), [](const std::string& argument) {
    return std::any_of(std::begin(verbs), std::end(verbs),
                       [&](const VerbRow& row) { return argument == row.name; });
  });
  if (!answers && !has_verb) arguments.insert(arguments.begin(), "plan");
  return arguments;
}

}  // namespace

std::variant<Invocation, Answer> parse_command_line(const std::vector<std::string>& arguments,
                                                    const system::EnvironmentVariables& variables) {
  Invocation invocation;
  CLI::App app{
      "wheelfit gets flash-attn working in a Python environment: it chooses the wheel that fits, installs it "
      "all-or-nothing and proves it.",
      "wheelfit"};
  app.set_version_flag("--version", std::string("wheelfit ") + program_version);
  app.footer(exit_codes);
  app.require_subcommand(1);
  std::vector<CLI::App*> parts;
  for (const VerbRow& row : verbs) {
    CLI::App* part = app.add_subcommand(row.name, row.help);
    part->footer(exit_codes);
    part->parse_complete_callback([&invocation, verb = row.verb] { invocation.verb = verb; });
    add_environment_options(*part, invocation);
    row.declare(*part, invocation);
    add_output_options(*part, invocation);
    parts.push_back(part);
  }
  try {
    std::vector<std::string> reversed = with_verb(arguments);
    std::reverse(reversed.begin(), reversed.end());
    app.parse(reversed);
  } catch (const CLI::CallForHelp&) {
    const auto chosen = app.get_subcommands();
    return Answer{chosen.empty() ? app.help() : chosen.front()->help()};
  } catch (const CLI::CallForVersion&) {
    return Answer{std::string("wheelfit ") + program_version + "\n"};
  } catch (const CLI::ParseError& error) {
    throw Error(ErrorKind::usage, text("{}", std::string(error.what())), {text("wheelfit --help")});
  }
  const OptionValues file = read_settings_file(variables);
  check_settings_names(file, parts, variables);
  apply_fallbacks(*app.get_subcommands().front(), variables, file);
  return invocation;
}

}  // namespace wheelfit::cli
