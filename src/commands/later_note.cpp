// SPDX-License-Identifier: Apache-2.0
#include "commands/later_note.hpp"

#include <array>
#include <utility>

#include <nlohmann/json.hpp>

namespace wheelfit::commands {

namespace {

constexpr int schema_version = 1;

constexpr std::array<std::pair<Proof, const char*>, 3> proofs{
    {{Proof::symbols, "symbols"}, {Proof::import, "import"}, {Proof::gpu, "gpu"}}};
constexpr std::array rungs{resolve::Rung::wheel, resolve::Rung::relative, resolve::Rung::conda,
                           resolve::Rung::build, resolve::Rung::fallback};

}  // namespace

std::string later_note_to_json(const LaterNote& note) {
  nlohmann::ordered_json document;
  document["schema_version"] = schema_version;
  document["finish"] = "wheelfit install --finish";
  document["subjects"] = note.subjects;
  document["bundle"] = note.bundle ? nlohmann::ordered_json(note.bundle->string()) : nullptr;
  document["bundle_sha256"] = note.bundle_sha256;
  document["trust"] = note.trust;
  document["only"] = note.only;
  document["fallback"] = note.fallback;
  document["require"] = note.require;
  document["verify"] = note.verify;
  document["keep_store"] = note.keep_store;
  document["break_system_packages"] = note.break_system_packages;
  document["made_by"] = note.made_by;
  document["made_at"] = note.made_at;
  return document.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

tl::expected<LaterNote, ParseError> later_note_from_json(std::string_view text) {
  try {
    const nlohmann::json document = nlohmann::json::parse(text);
    if (document.at("schema_version").get<int>() != schema_version)
      return tl::unexpected(ParseError{"a later version of wheelfit wrote it"});
    LaterNote note;
    document.at("subjects").get_to(note.subjects);
    if (!document.at("bundle").is_null()) note.bundle = document.at("bundle").get<std::string>();
    document.at("bundle_sha256").get_to(note.bundle_sha256);
    document.at("trust").get_to(note.trust);
    document.at("only").get_to(note.only);
    document.at("fallback").get_to(note.fallback);
    document.at("require").get_to(note.require);
    document.at("verify").get_to(note.verify);
    document.at("keep_store").get_to(note.keep_store);
    document.at("break_system_packages").get_to(note.break_system_packages);
    document.at("made_by").get_to(note.made_by);
    document.at("made_at").get_to(note.made_at);
    if (note.subjects.empty() == !note.bundle.has_value())
      return tl::unexpected(ParseError{"it must name either subjects or a bundle"});
    return note;
  } catch (const nlohmann::json::exception& error) {
    return tl::unexpected(ParseError{error.what()});
  }
}

std::optional<std::filesystem::path> later_note_path(const probe::Environment& environment) {
  const auto& scheme = environment.interpreter.scheme;
  if (!scheme) return std::nullopt;
  return scheme->data / "share" / "wheelfit" / "later.json";
}

LaterNote note_of(const Settings& settings) {
  LaterNote note;
  note.trust = catalog::to_string(settings.sources.trust);
  if (settings.rungs.only) note.only = resolve::to_string(*settings.rungs.only);
  note.fallback = settings.rungs.fallback;
  for (const auto& [proof, word] : proofs)
    if (proof == settings.proof.required) note.require = word;
  note.verify = settings.proof.verify;
  note.keep_store = settings.store.keep;
  note.break_system_packages = settings.environment.break_system_packages;
  return note;
}

Settings with_note(Settings settings, const LaterNote& note) {
  if (const auto trust = catalog::parse_trust(note.trust)) settings.sources.trust = *trust;
  for (const resolve::Rung rung : rungs)
    if (resolve::to_string(rung) == note.only) settings.rungs.only = rung;
  settings.rungs.fallback = note.fallback;
  for (const auto& [proof, word] : proofs)
    if (note.require == word) settings.proof.required = proof;
  settings.proof.verify = note.verify;
  settings.store.keep = settings.store.keep && note.keep_store;
  settings.environment.break_system_packages |= note.break_system_packages;
  return settings;
}

}  // namespace wheelfit::commands
