// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <nlohmann/json.hpp>

#include "bundle/manifest.hpp"

namespace wheelfit::bundle {
namespace {

using Json = nlohmann::ordered_json;

Json known(const std::string& value) { return value.empty() ? Json() : Json(value); }

Json encoded(const MadeFor& environment) {
  return {{"python", known(environment.python)},
          {"abi_tag", known(environment.abi_tag)},
          {"platform", known(environment.platform)},
          {"glibc", known(environment.glibc)},
          {"musl", known(environment.musl)},
          {"torch", known(environment.torch)},
          {"torch_build", known(environment.torch_build)},
          {"torch_device", known(environment.torch_device)},
          {"cxx11_abi", environment.cxx11_abi ? Json(*environment.cxx11_abi) : Json()},
          {"gpus", environment.gpus ? Json(*environment.gpus) : Json()},
          {"driver", known(environment.driver)},
          {"distributions_known", environment.distributions_known}};
}

Json encoded(const PackedFile& file) {
  return {{"name", file.name},
          {"size", file.size},
          {"sha256", file.sha256},
          {"url", known(file.url)},
          {"source", file.source},
          {"role", file.role == Role::wheel ? "wheel" : "dependency"},
          {"required_by", file.required_by}};
}

Json encoded(const PackedPackage& package) {
  Json reasons = Json::array();
  for (const SaidReason& reason : package.reasons)
    reasons.push_back({{"code", reason.code}, {"text", reason.text}});
  Json lacking = Json::array();
  for (const LackingWheel& wheel : package.lacking) {
    lacking.push_back(
        {{"requirement", wheel.requirement}, {"required_by", wheel.required_by}, {"reason", wheel.reason}});
  }
  return {{"name", package.name},       {"version", package.version}, {"wheel", package.wheel},
          {"by_hand", package.by_hand}, {"verdict", package.verdict}, {"proof", package.proof},
          {"reasons", reasons},         {"lacking", lacking}};
}

Json encoded(const PackedRecipe& recipe) { return {{"package", recipe.package}, {"toml", recipe.toml}}; }

template <typename T>
Json encoded(const std::vector<T>& values) {
  Json list = Json::array();
  for (const T& value : values) list.push_back(encoded(value));
  return list;
}

}  // namespace

const PackedFile* Manifest::find(std::string_view file_name) const noexcept {
  const auto found = std::ranges::find(files, file_name, &PackedFile::name);
  return found == files.end() ? nullptr : &*found;
}

std::string manifest_to_json(const Manifest& manifest) {
  const Json document = {{"schema_version", newest_schema},        {"made_by", manifest.made_by},
                         {"made_for", encoded(manifest.made_for)}, {"packages", encoded(manifest.packages)},
                         {"files", encoded(manifest.files)},       {"recipes", encoded(manifest.recipes)}};
  return document.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace wheelfit::bundle
