// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <set>

#include <nlohmann/json.hpp>

#include "bundle/manifest.hpp"

namespace wheelfit::bundle {
namespace {

using Json = nlohmann::json;

constexpr std::size_t most_files = 10'000;

// Leaves parse_manifest() only.
struct Fault {
  std::string message;
};

[[noreturn]] void fault(std::string message) { throw Fault{std::move(message)}; }

const Json& member(const Json& object, const std::string& where, const char* name) {
  static const Json nothing;
  if (!object.is_object()) fault(where + " is not an object");
  const auto found = object.find(name);
  return found == object.end() ? nothing : *found;
}

// null and absent are "".
std::string text_or_none(const Json& object, const std::string& where, const char* name) {
  const Json& value = member(object, where, name);
  if (value.is_null()) return {};
  if (!value.is_string()) fault(where + "." + name + " is not a string");
  return value.get<std::string>();
}

std::string text_at(const Json& object, const std::string& where, const char* name) {
  std::string value = text_or_none(object, where, name);
  if (value.empty()) fault(where + "." + name + " is missing");
  return value;
}

std::optional<bool> boolean_at(const Json& object, const std::string& where, const char* name) {
  const Json& value = member(object, where, name);
  if (value.is_null()) return std::nullopt;
  if (!value.is_boolean()) fault(where + "." + name + " is not true or false");
  return value.get<bool>();
}

std::uint64_t size_at(const Json& object, const std::string& where, const char* name) {
  const Json& value = member(object, where, name);
  if (!value.is_number_unsigned()) fault(where + "." + name + " is not a whole number");
  return value.get<std::uint64_t>();
}

const Json& list_at(const Json& object, const std::string& where, const char* name) {
  static const Json nothing = Json::array();
  const Json& value = member(object, where, name);
  if (value.is_null()) return nothing;
  if (!value.is_array()) fault(where + "." + name + " is not a list");
  if (value.size() > most_files) fault(where + "." + name + " is too long");
  return value;
}

std::vector<std::string> texts_at(const Json& object, const std::string& where, const char* name) {
  std::vector<std::string> texts;
  for (const Json& each : list_at(object, where, name)) {
    if (!each.is_string()) fault(where + "." + name + " holds what is not a string");
    texts.push_back(each.get<std::string>());
  }
  return texts;
}

template <typename Read>
auto all_of(const Json& object, const std::string& where, const char* name, Read read) {
  std::vector<decltype(read(object))> values;
  for (const Json& each : list_at(object, where, name)) values.push_back(read(each));
  return values;
}

MadeFor made_for(const Json& document) {
  const Json& json = member(document, "it", "made_for");
  const std::string at = "made_for";
  MadeFor environment{.python = text_or_none(json, at, "python"),
                      .abi_tag = text_or_none(json, at, "abi_tag"),
                      .platform = text_or_none(json, at, "platform"),
                      .glibc = text_or_none(json, at, "glibc"),
                      .musl = text_or_none(json, at, "musl"),
                      .torch = text_or_none(json, at, "torch"),
                      .torch_build = text_or_none(json, at, "torch_build"),
                      .torch_device = text_or_none(json, at, "torch_device"),
                      .cxx11_abi = boolean_at(json, at, "cxx11_abi"),
                      .gpus = std::nullopt,
                      .driver = text_or_none(json, at, "driver"),
                      .distributions_known = boolean_at(json, at, "distributions_known").value_or(false)};
  if (!member(json, at, "gpus").is_null()) environment.gpus = texts_at(json, at, "gpus");
  return environment;
}

bool is_plain_wheel_name(const std::string& name) {
  const auto is_odd = [](unsigned char c) { return c < 0x20 || c == 0x7F || c == '/' || c == '\\'; };
  return name.size() > 4 && name.size() <= 255 && name.ends_with(".whl") && !name.starts_with('.') &&
         std::ranges::none_of(name, is_odd);
}

bool is_sha256(const std::string& text) {
  return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == std::string::npos;
}

PackedFile file_of(const Json& json) {
  const std::string at = "files";
  PackedFile file{.name = text_at(json, at, "name"),
                  .size = size_at(json, at, "size"),
                  .sha256 = text_at(json, at, "sha256"),
                  .url = text_or_none(json, at, "url"),
                  .source = text_or_none(json, at, "source"),
                  .role = Role::wheel,
                  .required_by = texts_at(json, at, "required_by")};
  const std::string role = text_at(json, at, "role");
  if (role != "wheel" && role != "dependency") fault("files.role is neither wheel nor dependency");
  if (role == "dependency") file.role = Role::dependency;
  if (!is_plain_wheel_name(file.name)) fault("files.name is not the plain name of a wheel");
  if (!is_sha256(file.sha256)) fault("files.sha256 is not a SHA-256");
  return file;
}

PackedPackage package_of(const Json& json) {
  const std::string at = "packages";
  return {.name = text_at(json, at, "name"),
          .version = text_at(json, at, "version"),
          .wheel = text_at(json, at, "wheel"),
          .by_hand = boolean_at(json, at, "by_hand").value_or(false),
          .verdict = text_or_none(json, at, "verdict"),
          .proof = text_or_none(json, at, "proof"),
          .reasons = all_of(json, at, "reasons",
                            [](const Json& each) {
                              return SaidReason{text_or_none(each, "reasons", "code"),
                                                text_or_none(each, "reasons", "text")};
                            }),
          .lacking = all_of(json, at, "lacking", [](const Json& each) {
            return LackingWheel{text_or_none(each, "lacking", "requirement"),
                                text_or_none(each, "lacking", "required_by"),
                                text_or_none(each, "lacking", "reason")};
          })};
}

void check(const Manifest& manifest) {
  std::set<std::string> names;
  for (const PackedFile& file : manifest.files)
    if (!names.insert(file.name).second) fault("it names " + file.name + " twice");
  if (manifest.packages.empty()) fault("it names no package");
  for (const PackedPackage& package : manifest.packages) {
    const PackedFile* wheel = manifest.find(package.wheel);
    if (wheel == nullptr || wheel->role != Role::wheel)
      fault("the wheel of " + package.name + " is not among its files");
  }
}

Manifest read(const Json& document) {
  Manifest manifest{.made_by = text_or_none(document, "it", "made_by"),
                    .made_for = made_for(document),
                    .packages = all_of(document, "it", "packages", package_of),
                    .files = all_of(document, "it", "files", file_of),
                    .recipes = all_of(document, "it", "recipes", [](const Json& each) {
                      return PackedRecipe{text_at(each, "recipes", "package"),
                                          text_at(each, "recipes", "toml")};
                    })};
  check(manifest);
  return manifest;
}

}  // namespace

tl::expected<Manifest, ManifestFault> parse_manifest(std::string_view bytes) {
  const Json document = Json::parse(bytes, nullptr, false);
  if (!document.is_object()) return tl::unexpected(ManifestFault{"it is not a JSON object", false});
  const auto schema = document.find("schema_version");
  if (schema == document.end() || !schema->is_number_unsigned() || *schema == 0U)
    return tl::unexpected(ManifestFault{"it has no schema_version", false});
  if (*schema > static_cast<unsigned>(newest_schema))
    return tl::unexpected(ManifestFault{"its schema_version is " + schema->dump(), true});
  try {
    return read(document);
  } catch (const Fault& found) {
    return tl::unexpected(ManifestFault{found.message, false});
  }
}

}  // namespace wheelfit::bundle
