// SPDX-License-Identifier: Apache-2.0
// The options, in the groups that verbs share; each is declared once.
#pragma once

#include <CLI/CLI.hpp>

#include "cli/command_line.hpp"

namespace wheelfit::cli {

// Options of this group say what one run does: no variable and no settings file gives them.
constexpr const char* one_run = "Seeding";
constexpr const char* images = "Images";
constexpr const char* disk_space = "Disk space";

void add_output_options(CLI::App& app, Invocation& invocation);       // every verb
void add_environment_options(CLI::App& app, Invocation& invocation);  // --python, --set
void add_target_options(CLI::App& app, Invocation& invocation);       // --target
void add_machine_option(CLI::App& app, Invocation& invocation);       // --target of an install
void add_disk_options(CLI::App& app, Invocation& invocation);         // --disk, --free, --on, --yes
void add_when_options(CLI::App& app, Invocation& invocation);         // --later, --finish
void add_index_options(CLI::App& app, Invocation& invocation);    // --trust, --source, indexes, --data-dir
void add_source_options(CLI::App& app, Invocation& invocation);   // the same and --find-links
void add_network_options(CLI::App& app, Invocation& invocation);  // --offline, --proxy, --cacert, --timeout
void add_fallback_option(CLI::App& app, Invocation& invocation);
void add_rung_options(CLI::App& app, Invocation& invocation);    // --fallback, --only
void add_build_options(CLI::App& app, Invocation& invocation);   // --arch, --without, --jobs, ...
void add_store_options(CLI::App& app, Invocation& invocation);   // --store, --no-store
void add_change_options(CLI::App& app, Invocation& invocation);  // --dry-run, --break-system-packages
void add_seed_options(CLI::App& app, Invocation& invocation);    // what `seed` does
void add_proof_options(CLI::App& app, Invocation& invocation);   // --require, --no-verify, --keep

}  // namespace wheelfit::cli
