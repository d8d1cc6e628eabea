// SPDX-License-Identifier: Apache-2.0
// What `resolve` produces: every candidate judged, one chosen, and why. Pure values.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/reason.hpp"
#include "base/text.hpp"
#include "catalog/candidate.hpp"
#include "catalog/catalog.hpp"
#include "catalog/knowledge.hpp"
#include "probe/environment.hpp"
#include "python/specifier.hpp"
#include "resolve/evidence.hpp"
#include "resolve/judgement.hpp"

namespace wheelfit::resolve {

enum class Rung { installed, wheel, relative, conda, build, fallback };
std::string_view to_string(Rung rung) noexcept;

// What a rung that is not taken is worth to a reader: its reason, or nothing.
enum class Standing { considered, idle };

struct LadderStep {
  Rung rung = Rung::wheel;
  bool taken = false;
  Text reason;
  Standing standing = Standing::considered;
};

struct Chosen {
  Rung kind = Rung::wheel;
  Judgement judgement;
  Proof proof = Proof::name;
  bool stand_in = false;  // the fallback, installed or to be: any wheel that fits takes its place
};

// What setup.py would try by itself.
struct UpstreamGuess {
  std::string url;
  std::optional<bool> exists;  // by what the catalog holds; nullopt: cannot be told
  Text remark;                 // "is labelled FALSE but built TRUE: undefined symbol"
};

// A distribution that is missing, and that the environment's own installer will bring with the wheel.
struct ForeseenDependency {
  std::string name;     // normalized
  std::string version;  // of the wheel that it is expected to take
  std::string wheel;    // file name
  std::optional<std::uint64_t> download_bytes;
  std::optional<std::uint64_t> disk_bytes;
  bool disk_estimated = false;  // as in Forecast
};

// Of what is missing: what is not among them, and why.
struct Unforeseen {
  std::string what;  // "einops>=0.7"
  Text reason;
};

struct Forecast {
  std::optional<std::uint64_t> download_bytes;
  std::optional<std::uint64_t> disk_bytes;  // in the environment, once it is unpacked
  std::optional<std::uint64_t> build_seconds;
  std::optional<std::uint64_t> peak_memory_bytes;
  bool disk_estimated = false;                     // from the wheel's size: its directory was not read
  std::vector<ForeseenDependency> dependencies{};  // beside the wheel; by name
  std::vector<Unforeseen> not_foreseen{};
};

// What a wheel unpacks to on a disk where only its size is known. Pure.
std::uint64_t usually_unpacked(std::uint64_t wheel_bytes) noexcept;

// What the user asked for.
struct Wishes {
  python::SpecifierSet version;
  catalog::Trust trust = catalog::Trust::index;  // the lowest admitted
  bool offline = false;
  std::string fallback{};            // the kind that is permitted ("sdpa"); "": none
  std::optional<Rung> only{};        // this rung or nothing
  bool build = false;                // building is permitted
  bool architectures_named = false;  // it was said which GPUs to build for
};

// One thing installed already under the package's name.
struct InstalledState {
  std::string version;
  bool proven = false;  // its receipt holds for this very torch and Python
  Text remark;          // "no receipt", "proved against torch 2.5.1, now 2.6.0"
};

struct Decision {
  std::string package;
  std::optional<Chosen> chosen;
  std::vector<Judgement> judgements;  // all; fitting first, best first, then refused, nearest miss first
  std::vector<Judgement> conda;       // packages of conda's, likewise, where its channels were asked
  std::vector<Reason> reasons;        // what holds for the whole environment
  std::vector<LadderStep> ladder;
  std::optional<UpstreamGuess> upstream_guess;
  Forecast forecast;
  std::vector<Text> hints;  // smallest changes that would make more possible, best first
};

// Pure: no I/O, no clock. Judges, orders and chooses. `evidence` is empty at first: what is then found out
// about the best candidates goes into another call.
Decision resolve(const probe::Environment& environment, const catalog::Recipe& recipe,
                 const catalog::Catalog& catalog, const catalog::Knowledge& knowledge, const Wishes& wishes,
                 const std::optional<InstalledState>& installed, const Evidence& evidence = {});

// The judgement of one wheel given by hand; `recipe` may be null (a distribution that is not known as data).
Judgement judge(const probe::Environment& environment, const catalog::Recipe* recipe,
                const catalog::Shared<catalog::Candidate>& candidate, const catalog::Knowledge& knowledge,
                const Wishes& wishes);

}  // namespace wheelfit::resolve
