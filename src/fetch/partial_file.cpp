// SPDX-License-Identifier: Apache-2.0
#include "fetch/partial_file.hpp"

#include <charconv>

#include <nlohmann/json.hpp>

#include "system/mapped_file.hpp"
#include "system/url.hpp"

namespace wheelfit::fetch {
namespace {

std::optional<std::uint64_t> number(const std::optional<std::string>& text) {
  std::uint64_t value = 0;
  if (!text) return std::nullopt;
  const auto read = std::from_chars(text->data(), text->data() + text->size(), value);
  if (read.ec != std::errc() || read.ptr != text->data() + text->size()) return std::nullopt;
  return value;
}

std::string to_json(const Origin& origin) {
  nlohmann::json about{{"url", origin.url},
                       {"etag", origin.etag},
                       {"last_modified", origin.last_modified},
                       {"length", nullptr}};
  if (origin.length) about["length"] = *origin.length;
  return about.dump(2) + "\n";
}

std::optional<Origin> from_json(const std::string& content) {
  const nlohmann::json about = nlohmann::json::parse(content, nullptr, false);
  if (!about.is_object()) return std::nullopt;
  try {
    Origin origin{about.at("url"), about.at("etag"), about.at("last_modified"), std::nullopt};
    if (about.at("length").is_number_unsigned()) origin.length = about["length"].get<std::uint64_t>();
    return origin;
  } catch (const nlohmann::json::exception&) {
    return std::nullopt;
  }
}

}  // namespace

std::optional<std::string> Origin::validator() const {
  if (!etag.empty() && !etag.starts_with("W/")) return etag;
  if (!last_modified.empty()) return last_modified;
  return std::nullopt;
}

Origin origin_of(const std::string& url, const system::HttpResponse& response) {
  return {system::redacted(url), response.header("etag").value_or(""),
          response.header("last-modified").value_or(""), number(response.header("content-length"))};
}

PartialFile::PartialFile(std::filesystem::path directory) : directory_(std::move(directory)) {
  system::make_directories(directory_);
  const auto content = system::read_file_if_any(about());
  if (content) origin_ = from_json(*content);
  if (!origin_ || !std::filesystem::exists(data())) return;
  const system::MappedFile known(data());
  hash_.update(known.bytes());
  size_ = known.bytes().size();
}

// The old bytes go before the new description comes: never new bytes under an old name, nor the reverse.
void PartialFile::start_over(const Origin& origin) {
  out_.emplace(data(), system::OutputFile::Mode::truncate);
  size_ = 0;
  hash_ = system::Sha256();
  system::write_file_atomically(about(), to_json(origin), system::Durability::ordinary);
  origin_ = origin;
}

void PartialFile::append(std::span<const std::byte> bytes) {
  if (!out_) out_.emplace(data(), system::OutputFile::Mode::append);
  out_->write(bytes);
  hash_.update(bytes);
  size_ += bytes.size();
}

std::string PartialFile::sha256() {
  if (out_) out_->close();
  out_.reset();
  return system::to_hex(hash_.finish());
}

void PartialFile::publish(const std::filesystem::path& to) {
  if (!std::filesystem::exists(data())) start_over(origin_.value_or(Origin{}));  // an empty file
  if (!out_) out_.emplace(data(), system::OutputFile::Mode::append);
  out_->flush_to_disk();
  out_->close();
  out_.reset();
  system::make_directories(to.parent_path());
  system::rename_file(data(), to);
  system::remove_quietly(directory_);
}

void PartialFile::discard() {
  out_.reset();
  system::remove_quietly(directory_);
  system::make_directories(directory_);
  origin_.reset();
  size_ = 0;
  hash_ = system::Sha256();
}

}  // namespace wheelfit::fetch
