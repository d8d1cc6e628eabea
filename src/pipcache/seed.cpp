// SPDX-License-Identifier: Apache-2.0
#include "pipcache/seed.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

namespace wheelfit::pipcache {
namespace {

using nlohmann::ordered_json;

bool is_hexadecimal(const std::string& text, std::size_t length) {
  return text.size() == length && std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
         });
}

bool is_plain_name(const std::string& name) {
  return !name.empty() && name != "." && name != ".." && name.find('/') == std::string::npos;
}

ordered_json replaced_to_json(const std::vector<Replaced>& replaced) {
  ordered_json list = ordered_json::array();
  for (const Replaced& wheel : replaced)
    list.push_back({{"file_name", wheel.file_name}, {"sha256", wheel.sha256}, {"kept", wheel.kept.string()}});
  return list;
}

std::vector<Replaced> replaced_from_json(const ordered_json& list) {
  std::vector<Replaced> replaced;
  for (const ordered_json& wheel : list) {
    replaced.push_back({wheel.at("file_name").get<std::string>(), wheel.at("sha256").get<std::string>(),
                        wheel.at("kept").get<std::string>()});
  }
  return replaced;
}

bool is_sound(const Replaced& wheel) {
  const std::filesystem::path kept = wheel.kept.lexically_normal();
  return is_plain_name(wheel.file_name) && kept.is_relative() && !kept.empty() && *kept.begin() != "..";
}

bool is_sound(const Seed& seed) {
  return is_plain_name(seed.file_name) && seed.file_name.ends_with(".whl") &&
         is_cache_place(seed.directory) &&
         std::all_of(seed.replaced.begin(), seed.replaced.end(),
                     [](const Replaced& wheel) { return is_sound(wheel); });
}

// Field by field, so that both directions name the same ones.
struct TextField {
  const char* name;
  std::string Seed::* member;
};
constexpr TextField text_fields[] = {
    {"distribution", &Seed::distribution},
    {"version", &Seed::version},
    {"file_name", &Seed::file_name},
    {"sha256", &Seed::sha256},
    {"made_from", &Seed::made_from},
    {"source", &Seed::source},
    {"url", &Seed::url},
    {"link", &Seed::link},
    {"python", &Seed::python},
    {"pip", &Seed::pip},
    {"torch", &Seed::torch},
    {"torch_cuda", &Seed::torch_cuda},
    {"seeded_at", &Seed::seeded_at},
    {"origin", &Seed::origin},
};

}  // namespace

bool is_cache_place(const std::filesystem::path& directory) {
  if (!directory.is_absolute() || directory.lexically_normal() != directory) return false;
  std::filesystem::path at = directory;
  for (const std::size_t length : {50U, 2U, 2U, 2U}) {
    if (!is_hexadecimal(at.filename().string(), length)) return false;
    at = at.parent_path();
  }
  return at.filename() == "wheels";
}

std::string seed_to_json(const Seed& seed) {
  ordered_json document;
  document["schema_version"] = 1;
  for (const TextField& field : text_fields) document[field.name] = seed.*field.member;
  document["size"] = seed.size;
  document["rewritten"] = seed.rewritten;
  document["directory"] = seed.directory.string();
  document["replaced"] = replaced_to_json(seed.replaced);
  document["origin_before"] = seed.origin_before ? ordered_json(*seed.origin_before) : ordered_json();
  return document.dump(2, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

std::optional<Seed> seed_from_json(std::string_view text) {
  const ordered_json document = ordered_json::parse(text, nullptr, false);
  if (!document.is_object()) return std::nullopt;
  try {
    if (document.at("schema_version").get<int>() != 1) return std::nullopt;
    Seed seed;
    for (const TextField& field : text_fields)
      seed.*field.member = document.at(field.name).get<std::string>();
    seed.size = document.at("size").get<std::uint64_t>();
    seed.rewritten = document.at("rewritten").get<bool>();
    seed.directory = document.at("directory").get<std::string>();
    seed.replaced = replaced_from_json(document.at("replaced"));
    const ordered_json& before = document.at("origin_before");
    if (before.is_string()) seed.origin_before = before.get<std::string>();
    return is_sound(seed) ? std::optional(std::move(seed)) : std::nullopt;
  } catch (const nlohmann::json::exception&) {
    return std::nullopt;
  }
}

}  // namespace wheelfit::pipcache
