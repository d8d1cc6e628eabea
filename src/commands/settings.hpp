// SPDX-License-Identifier: Apache-2.0
// What the options say, after flags, variables and the settings file were laid over each other (cli/). Plain
// values.
#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "catalog/candidate.hpp"
#include "commands/build_settings.hpp"
#include "resolve/decision.hpp"

namespace wheelfit::commands {

// How far a proof must go for exit code 0.
enum class Proof { symbols, import, gpu };

struct EnvironmentSettings {
  std::optional<std::filesystem::path> python;
  std::optional<std::string> target;   // SPEC or FILE
  std::vector<std::string> overrides;  // --set KEY=VALUE
  bool break_system_packages = false;
};

struct SourceSettings {
  catalog::Trust trust = catalog::Trust::index;
  std::optional<std::string> only;  // --source
  std::optional<std::string> index_url;
  std::vector<std::string> extra_index_urls;
  std::vector<std::string> find_links;
  std::optional<std::filesystem::path> data_directory;
};

// Which rungs of the ladder may be taken.
struct RungSettings {
  std::string fallback;               // the kind that is permitted; "": none
  bool build = false;                 // --build
  std::optional<resolve::Rung> only;  // --only
};

struct NetworkSettings {
  bool offline = false;
  std::optional<std::string> proxy;
  std::optional<std::filesystem::path> ca_certificate;
  std::chrono::seconds timeout{15};        // to connect, and again for the first byte
  std::chrono::seconds stall_timeout{20};  // of a transfer that hardly moves
  // In place of https://api.github.com and https://github.com, in the order in which they are asked.
  std::vector<std::string> github_apis;
  std::vector<std::string> github;
  std::vector<std::string> github_mirrors;   // put before the whole address; asked after the others
  std::optional<std::string> hf_endpoint;    // in place of https://huggingface.co; else HF_ENDPOINT
  std::optional<std::string> conda_channel;  // in place of every channel's own address
  int connections = 16;                      // for one file, at most
};

struct StoreSettings {
  std::optional<std::filesystem::path> directory;
  bool keep = true;  // false: --no-store, nothing is left behind
};

struct ProofSettings {
  Proof required = Proof::gpu;
  bool verify = true;
  bool keep_on_failure = false;       // --keep
  std::chrono::seconds timeout{300};  // of the verifying child
};

struct OutputSettings {
  bool json = false;
  bool quiet = false;
  bool verbose = false;
  bool no_color = false;
  std::string language;  // "en", "zh"; "": from the locale
};

struct Settings {
  EnvironmentSettings environment;
  SourceSettings sources;
  RungSettings rungs;
  BuildSettings build;
  NetworkSettings network;
  StoreSettings store;
  ProofSettings proof;
  OutputSettings output;
  bool dry_run = false;
};

}  // namespace wheelfit::commands
