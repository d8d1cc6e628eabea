// SPDX-License-Identifier: Apache-2.0
// Steps that several verbs begin with: which environment, which store, what is installed, how the network is
// reached.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "catalog/catalog.hpp"
#include "commands/settings.hpp"
#include "install/install.hpp"
#include "probe/environment.hpp"
#include "resolve/decision.hpp"
#include "system/curl_http.hpp"
#include "system/world.hpp"

namespace wheelfit::commands {

// --store, else `wheelfit` under XDG_CACHE_HOME, else ~/.cache/wheelfit.
std::filesystem::path store_directory(const Settings& settings, const system::World& world);

// What --target describes: everything, or the machine on which the environment here is to run; then its GPUs
// and its driver are taken, and all else is as it is here.
enum class TargetMeans { everything, machine };

// The described (--target) or the probed environment, with --set laid over it.
probe::Environment read_environment(const Settings& settings, system::World& world,
                                    TargetMeans target = TargetMeans::everything);

// What is downloaded for another machine is downloaded here: with the index, the proxy and the certificates
// of the environment at hand, where there is one, in place of those of the described one.
void use_network_of_this_machine(probe::Environment& described, const Settings& settings,
                                 system::World& world);

// An environment that something is to be installed into or removed from: throws Error{usage} for a described
// one, Error{refused} for an externally managed one without --break-system-packages. Recovers what a killed
// run left.
install::Destination writable_destination(const probe::Environment& environment, const Settings& settings,
                                          Reporter& report);

// How the network is reached: the flags, then the environment's own installer's proxy and certificates.
system::HttpSettings http_settings(const Settings& settings, const probe::Environment& environment,
                                   const system::World& world);
// The client that honours them.
std::unique_ptr<system::HttpClient> connect(const Settings& settings, const probe::Environment& environment,
                                            system::World& world);

// Where the catalog may look.
catalog::ListingRequest listing_request(const Settings& settings, const probe::Environment& environment,
                                        const system::World& world);

// What is installed of `package`, judged by its receipt against the torch and Python of today.
std::optional<resolve::InstalledState> installed_state(const probe::Environment& environment,
                                                       const std::string& package);

}  // namespace wheelfit::commands
