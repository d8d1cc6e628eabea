// SPDX-License-Identifier: Apache-2.0
// What `diagnose` produces: what was seen of the environment's surroundings and of the network, and what is
// wrong with it. Plain values; addresses may hold credentials, sentences do not.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/fact.hpp"
#include "base/text.hpp"
#include "system/http_trace.hpp"

namespace wheelfit::diagnose {

enum class Section { environment, room, cache, store, network };
enum class Severity { note, warning, broken };

std::string_view to_string(Section section) noexcept;
std::string_view to_string(Severity severity) noexcept;

struct Finding {
  Section section = Section::environment;
  Severity severity = Severity::note;
  std::string code;
  Text text;
  std::vector<Text> cures;  // the best first; a line to copy where there is one
  Text because = {};        // what is said behind a colon; empty where `text` says it all

  friend bool operator==(const Finding&, const Finding&) = default;
};

// A folder as this user finds it.
struct Folder {
  std::filesystem::path path;
  bool exists = false;
  bool writable = false;  // or, where it does not exist, could be made
  std::string owner;      // of the folder or its nearest existing parent
  std::string filesystem;
  std::uint64_t files = 0;
  std::uint64_t bytes = 0;
  bool counted_all = true;  // false: there are more files than were counted

  friend bool operator==(const Folder&, const Folder&) = default;
};

struct Surroundings {
  std::optional<Folder> site_packages;
  std::optional<Folder> pip_cache;
  std::optional<Folder> store;
  bool pip_has_files = true;  // pip's metadata is there, and pip itself too
};

// What an address is good for.
enum class Role { github_api, release, mirror, index, extra_index, find_links, hugging_face, conda_channel };
std::string_view to_string(Role role) noexcept;

struct Place {
  Role role = Role::index;
  std::string url;
  Fact<std::string> setting;  // that names the address; unknown: the default
  std::string accept;
  std::optional<std::string> token;
  std::string otherwise = {};  // asked where nothing is at the first address

  friend bool operator==(const Place&, const Place&) = default;
};

// One place, asked.
struct Sight {
  Place place;
  std::vector<system::HttpHop> hops;                        // one an address; the last may have failed
  std::map<std::string, std::string, std::less<>> headers;  // of the last answer
  // Proxies that only other programs are told to use, with the files that say so, and through which it
  // answers.
  std::vector<Fact<std::string>> answers_through;
  std::optional<system::TlsNames> shown;  // the certificate that was not trusted, seen without trusting it
};

enum class Verdict { sound, warnings, broken };
std::string_view to_string(Verdict verdict) noexcept;

struct Diagnosis {
  Surroundings surroundings;
  std::optional<std::vector<Sight>> network;  // nullopt: offline, not asked
  std::vector<Finding> findings;              // the worst first

  Verdict verdict() const noexcept;
};

}  // namespace wheelfit::diagnose
