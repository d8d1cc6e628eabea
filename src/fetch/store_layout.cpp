// SPDX-License-Identifier: Apache-2.0
#include "fetch/store_layout.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "system/files.hpp"
#include "system/sha256.hpp"
#include "system/url.hpp"

namespace wheelfit::fetch {
namespace {

bool is_sha256(const std::string& text) {
  return text.size() == 64 && std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
         });
}

std::string hash_of_address(const Artifact& artifact) {
  return system::to_hex(system::sha256_of(artifact.url()));
}

}  // namespace

std::string key_of(const Artifact& artifact) {
  return artifact.sha256 ? *artifact.sha256 : hash_of_address(artifact);
}

std::filesystem::path finished_path(const Store& store, const std::string& sha256,
                                    const std::string& file_name) {
  return store.directory / "wheels" / sha256 / file_name;
}

std::filesystem::path address_path(const Store& store, const Artifact& artifact) {
  return store.directory / "addresses" / (hash_of_address(artifact) + ".json");
}

std::filesystem::path partial_directory(const Store& store, const Artifact& artifact) {
  return store.directory / "partial" / key_of(artifact);
}

std::filesystem::path lock_path(const Store& store, const Artifact& artifact) {
  return store.directory / "locks" / key_of(artifact);
}

void remember_address(const Store& store, const Artifact& artifact, const std::string& sha256) {
  const nlohmann::json about{{"url", system::redacted(artifact.url())}, {"sha256", sha256}};
  system::write_file_atomically(address_path(store, artifact), about.dump(2) + "\n",
                                system::Durability::ordinary);
}

std::optional<std::string> remembered_sha256(const Store& store, const Artifact& artifact) {
  const auto content = system::read_file_if_any(address_path(store, artifact));
  if (!content) return std::nullopt;
  const nlohmann::json about = nlohmann::json::parse(*content, nullptr, false);
  if (!about.is_object() || !about.contains("sha256") || !about["sha256"].is_string()) return std::nullopt;
  std::string sha256 = about["sha256"].get<std::string>();
  if (!is_sha256(sha256)) return std::nullopt;
  return sha256;
}

void check_names(const Artifact& artifact) {
  const std::string& name = artifact.file_name;
  const bool plain = !name.empty() && name.front() != '.' && name.size() < 256 &&
                     name.find_first_of(std::string_view("/\\\0", 3)) == std::string::npos;
  if (!plain) {
    throw Error(ErrorKind::refused, text("\"{}\" is not a file name", name)).with_code("file-name");
  }
  if (artifact.sha256 && !is_sha256(*artifact.sha256)) {
    throw Error(ErrorKind::refused, text("\"{}\" is not a sha256", *artifact.sha256))
        .with_code("sha256-mismatch");
  }
}

}  // namespace wheelfit::fetch
