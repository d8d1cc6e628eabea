// SPDX-License-Identifier: Apache-2.0
#include "install/receipt.hpp"

#include <nlohmann/json.hpp>

namespace wheelfit::install {
namespace {

using Json = nlohmann::ordered_json;
constexpr int schema_version = 1;

// The receipt is read back by later versions and by people's scripts: a field that is missing or of another
// type is left empty rather than making the whole receipt unreadable.
std::string string_at(const Json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::uint64_t number_at(const Json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_number_unsigned() ? found->get<std::uint64_t>() : 0;
}

Json proof_to_json(const ProofRecord& proof) {
  return {{"kind", proof.kind}, {"passed", proof.passed}, {"detail", proof.detail}, {"at", proof.at}};
}

ProofRecord proof_from_json(const Json& object) {
  const auto passed = object.find("passed");
  return {.kind = string_at(object, "kind"),
          .passed = passed != object.end() && passed->is_boolean() && passed->get<bool>(),
          .detail = string_at(object, "detail"),
          .at = string_at(object, "at")};
}

Json bundle_to_json(const std::optional<BundleMark>& bundle) {
  return bundle ? Json{{"file", bundle->file}, {"sha256", bundle->sha256}} : Json();
}

std::optional<BundleMark> bundle_at(const Json& document) {
  const auto found = document.find("bundle");
  if (found == document.end() || !found->is_object()) return std::nullopt;
  return BundleMark{string_at(*found, "file"), string_at(*found, "sha256")};
}

}  // namespace

std::string receipt_to_json(const Receipt& receipt) {
  Json proofs = Json::array();
  for (const ProofRecord& proof : receipt.proofs) proofs.push_back(proof_to_json(proof));
  const Json document = {
      {"schema_version", schema_version},
      {"distribution", receipt.distribution},
      {"version", receipt.version},
      {"wheel", receipt.wheel},
      {"url", receipt.url},
      {"source", receipt.source},
      {"sha256", receipt.sha256},
      {"size", receipt.size},
      {"bundle", bundle_to_json(receipt.bundle)},
      {"files", receipt.files},
      {"installed_bytes", receipt.installed_bytes},
      {"python", receipt.python},
      {"torch", receipt.torch},
      {"torch_cuda", receipt.torch_cuda},
      {"wheelfit_version", receipt.wheelfit_version},
      {"installed_at", receipt.installed_at},
      {"proofs", std::move(proofs)},
  };
  // Bytes that are no UTF-8 (a file name of another encoding) are replaced: a receipt must always be
  // writable.
  return document.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::optional<Receipt> receipt_from_json(std::string_view text) {
  const Json document = Json::parse(text, nullptr, false);
  if (!document.is_object() || document.value("schema_version", Json()) != schema_version)
    return std::nullopt;
  Receipt receipt{.distribution = string_at(document, "distribution"),
                  .version = string_at(document, "version"),
                  .wheel = string_at(document, "wheel"),
                  .url = string_at(document, "url"),
                  .source = string_at(document, "source"),
                  .sha256 = string_at(document, "sha256"),
                  .size = number_at(document, "size"),
                  .bundle = bundle_at(document),
                  .files = number_at(document, "files"),
                  .installed_bytes = number_at(document, "installed_bytes"),
                  .python = string_at(document, "python"),
                  .torch = string_at(document, "torch"),
                  .torch_cuda = string_at(document, "torch_cuda"),
                  .wheelfit_version = string_at(document, "wheelfit_version"),
                  .installed_at = string_at(document, "installed_at"),
                  .proofs = {}};
  if (receipt.distribution.empty()) return std::nullopt;
  const auto proofs = document.find("proofs");
  if (proofs != document.end() && proofs->is_array()) {
    for (const Json& proof : *proofs) {
      if (proof.is_object()) receipt.proofs.push_back(proof_from_json(proof));
    }
  }
  return receipt;
}

}  // namespace wheelfit::install
