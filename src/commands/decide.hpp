// SPDX-License-Identifier: Apache-2.0
// From what the user named to a decision: the part that plan, fetch and install have in common.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "base/reporter.hpp"
#include "catalog/catalog.hpp"
#include "catalog/knowledge.hpp"
#include "commands/conda_package.hpp"
#include "commands/settings.hpp"
#include "commands/subject.hpp"
#include "fetch/fetch.hpp"
#include "probe/environment.hpp"
#include "resolve/decision.hpp"
#include "resolve/evidence.hpp"
#include "system/world.hpp"

namespace wheelfit::commands {

struct Downloads;

// The file of conda's that the one candidate was made of.
struct GivenPackage {
  CondaPackage package;
  std::string address;                         // of the package: file: or http
  std::shared_ptr<const Downloads> downloads;  // where the wheel lies; goes with it under --no-store
};

struct Decided {
  resolve::Decision decision;
  catalog::Recipe recipe;  // of the package; made up for a distribution that is not known as data
  catalog::Catalog catalog;
  resolve::Wishes wishes;
  std::optional<resolve::InstalledState> installed;
  resolve::Evidence evidence;         // what the binaries of the best candidates said
  bool by_hand = false;               // a file or address was named
  std::optional<GivenPackage> conda;  // by_hand: it was a package of conda's
};

// What a decision goes by: names and what is known of them, or also what the best candidates' binaries say.
enum class DecideBy { name, evidence };

// Lists, judges and chooses. `http` may be null when offline. Throws Error{usage} for a package that is not
// known, with the names that are near.
Decided decide(const Subject& subject, const probe::Environment& environment,
               const catalog::Knowledge& knowledge, const Settings& settings, system::World& world,
               system::HttpClient* http, Reporter& report, DecideBy by = DecideBy::evidence);

// Chooses anew after the whole binary of a chosen wheel has spoken against it; nothing is listed again.
void decide_again(Decided& decided, const catalog::Candidate& refused, const proof::WheelProof& proof,
                  const probe::Environment& environment, const catalog::Knowledge& knowledge,
                  const Settings& settings, system::World& world, system::HttpClient* http, Reporter& report);

// Where the chosen wheel could not be had: takes the fallback, if the caller permits it and it runs here.
// False: nothing was changed.
bool take_fallback(Decided& decided, const probe::Environment& environment,
                   const catalog::Knowledge& knowledge);

// A wheel that came with others in one file.
struct PackedWheel {
  std::string file_name;
  std::string url;     // where it is from; "" for what was a file
  std::string source;  // "official" "index" "community" "file" "url"
  std::string sha256;
  std::uint64_t size = 0;
};

// The same for one wheel that lies in `store`: nothing else comes into question, and no network is used.
// `by_hand`: it was named as a file or address when it was packed.
Decided decide_packed(const PackedWheel& wheel, bool by_hand, const fetch::Store& store,
                      const probe::Environment& environment, const catalog::Knowledge& knowledge,
                      const Settings& settings, system::World& world, Reporter& report);

// Of a package of conda's that its symbols refuse: says whose torch it was built against.
void name_condas_torch(resolve::Judgement& judgement);

// The package a subject is about, normalized.
std::string package_of(const Subject& subject);

}  // namespace wheelfit::commands
