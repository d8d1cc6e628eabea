// SPDX-License-Identifier: Apache-2.0
#include "fetch/partial_file.hpp"

#include <algorithm>
#include <charconv>
#include <sstream>

#include <nlohmann/json.hpp>

#include "system/content_range.hpp"
#include "system/url.hpp"

namespace wheelfit::fetch {
namespace {

std::optional<std::uint64_t> number(std::string_view text) {
  std::uint64_t value = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || read.ec != std::errc() || read.ptr != text.data() + text.size()) return std::nullopt;
  return value;
}

// Changes with every start of the machine; "" where that cannot be told.
std::string this_boot() {
  std::string boot = system::read_file_if_any("/proc/sys/kernel/random/boot_id").value_or("");
  while (!boot.empty() && boot.back() == '\n') boot.pop_back();
  return boot;
}

std::optional<Origin> origin_in(const nlohmann::json& about) {
  if (!about.is_object()) return std::nullopt;
  try {
    Origin origin{about.at("url"), about.at("etag"), about.at("last_modified"), std::nullopt};
    if (about.at("length").is_number_unsigned()) origin.length = about["length"].get<std::uint64_t>();
    return origin;
  } catch (const nlohmann::json::exception&) {
    return std::nullopt;
  }
}

std::string head_line(const Origin& origin) {
  nlohmann::json about{{"journal", 1},        {"url", origin.url},
                       {"etag", origin.etag}, {"last_modified", origin.last_modified},
                       {"length", nullptr},   {"boot", this_boot()}};
  if (origin.length) about["length"] = *origin.length;
  return about.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

// "<first> <end>"; a line that a kill has cut is none.
std::optional<ByteSpan> span_in(std::string_view line) {
  const std::size_t blank = line.find(' ');
  if (blank == std::string_view::npos) return std::nullopt;
  const auto first = number(line.substr(0, blank));
  const auto end = number(line.substr(blank + 1));
  if (!first || !end || *end < *first) return std::nullopt;
  return ByteSpan{*first, *end};
}

}  // namespace

std::optional<std::string> Origin::validator() const {
  if (!etag.empty() && !etag.starts_with("W/")) return etag;
  if (!last_modified.empty()) return last_modified;
  return std::nullopt;
}

bool Origin::contradicts(const Origin& other) const {
  if (length && other.length && *length != *other.length) return true;
  if (!etag.empty() && !other.etag.empty()) return etag != other.etag;
  return !last_modified.empty() && !other.last_modified.empty() && last_modified != other.last_modified;
}

Origin origin_of(const std::string& url, const system::HttpResponse& response) {
  Origin origin{system::redacted(url), response.header("etag").value_or(""),
                response.header("last-modified").value_or(""), std::nullopt};
  if (response.status == 206) {
    const auto range = system::parse_content_range(response.header("content-range").value_or(""));
    if (range) origin.length = range->total;
  } else {
    origin.length = number(response.header("content-length").value_or(""));
  }
  return origin;
}

PartialFile::PartialFile(std::filesystem::path directory) : directory_(std::move(directory)) {
  system::make_directories(directory_);
  data_.emplace(data_path());
  if (std::filesystem::exists(about_path())) {
    adopt_earlier_version();
  } else {
    read_journal();
  }
}

// Before there was a journal the data were a beginning of what about.json describes.
void PartialFile::adopt_earlier_version() {
  const auto content = system::read_file_if_any(about_path());
  origin_ = origin_in(nlohmann::json::parse(content.value_or(""), nullptr, false));
  if (origin_) {
    done_.add({0, data_->size()});
    write_journal();
  }
  system::remove_quietly(about_path());
}

void PartialFile::read_journal() {
  const auto content = system::read_file_if_any(journal_path(), 64U << 20U);
  if (!content) return;
  std::istringstream lines(*content);
  std::string line;
  std::getline(lines, line);
  const nlohmann::json about = nlohmann::json::parse(line, nullptr, false);
  origin_ = origin_in(about);
  if (!origin_) return;
  const std::string boot = this_boot();
  earlier_boot_ = boot.empty() || !about.contains("boot") || about["boot"] != boot;
  const std::uint64_t there = data_->size();
  while (std::getline(lines, line)) {
    const auto span = lines.eof() ? std::nullopt : span_in(line);  // the last line ends like all others
    if (span && span->end <= there) done_.add(*span);
  }
  write_journal();  // in few lines again
}

void PartialFile::write_journal() {
  journal_.reset();
  std::string lines = head_line(*origin_);
  for (const ByteSpan& span : done_.spans()) {
    lines += std::to_string(span.first) + " " + std::to_string(span.end) + "\n";
  }
  system::write_file_atomically(journal_path(), lines, system::Durability::ordinary);
}

// The old bytes lose their journal before the new description comes: never new bytes under an old name, nor
// the reverse.
void PartialFile::start_over(const Origin& origin) {
  journal_.reset();
  system::remove_quietly(journal_path());
  done_.clear();
  data_->resize(0);
  origin_ = origin;
  earlier_boot_ = false;
  write_journal();
}

void PartialFile::record(ByteSpan span) {
  if (span.empty()) return;
  if (!journal_) journal_.emplace(journal_path(), system::OutputFile::Mode::append);
  const std::string line = std::to_string(span.first) + " " + std::to_string(span.end) + "\n";
  journal_->write(std::as_bytes(std::span(line)));
  done_.add(span);
}

void PartialFile::publish(std::uint64_t size, const std::filesystem::path& to) {
  if (data_->size() != size) data_->resize(size);
  data_->flush_to_disk();
  data_->close();
  journal_.reset();
  system::make_directories(to.parent_path());
  system::rename_file(data_path(), to);
  system::remove_quietly(directory_);
}

void PartialFile::discard() {
  journal_.reset();
  data_.reset();
  system::remove_quietly(directory_);
  system::make_directories(directory_);
  data_.emplace(data_path());
  origin_.reset();
  done_.clear();
  earlier_boot_ = false;
}

}  // namespace wheelfit::fetch
