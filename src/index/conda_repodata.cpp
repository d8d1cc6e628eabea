// SPDX-License-Identifier: Apache-2.0
#include "index/conda_repodata.hpp"

#include <nlohmann/json.hpp>

namespace wheelfit::index {
namespace {

using nlohmann::json;

// {"info": {"base_url": …}, "packages": {FILE: {…}}, "packages.conda": {FILE: {…}}}
class Handler final : public json::json_sax_t {
 public:
  Handler(std::string_view package, CondaRepodata& found) : package_(package), found_(found) {}

  bool null() override { return true; }
  bool boolean(bool) override { return true; }
  bool number_integer(number_integer_t value) override {
    if (value >= 0) return number_unsigned(static_cast<number_unsigned_t>(value));
    return true;
  }
  bool number_unsigned(number_unsigned_t value) override {
    if (!in_record()) return true;
    if (key_ == "size") record_.size = value;
    if (key_ == "build_number" && value < most_builds)
      record_.build_number = static_cast<std::int64_t>(value);
    return true;
  }
  bool number_float(number_float_t, const string_t&) override { return true; }
  bool binary(binary_t&) override { return true; }
  bool string(string_t& value) override;
  bool start_object(std::size_t) override;
  bool key(string_t& name) override;
  bool end_object() override;
  bool start_array(std::size_t) override {
    ++depth_;
    in_depends_ = wanted_ && depth_ == record_depth + 1 && key_ == "depends";
    return true;
  }
  bool end_array() override {
    --depth_;
    in_depends_ = false;
    return true;
  }
  bool parse_error(std::size_t position, const std::string&, const nlohmann::detail::exception&) override {
    error_ = "it is no JSON, or cut short, at byte " + std::to_string(position);
    return false;
  }

  const std::string& error() const noexcept { return error_; }
  bool has_sections() const noexcept { return has_sections_; }

 private:
  static constexpr int section_depth = 2;
  static constexpr int record_depth = 3;
  static constexpr number_unsigned_t most_builds = 1'000'000'000;

  bool in_record() const noexcept { return wanted_ && depth_ == record_depth; }

  std::string_view package_;
  CondaRepodata& found_;
  int depth_ = 0;
  std::string section_;
  std::string key_;
  CondaRecord record_;
  bool wanted_ = false;  // the record's file is named for the package
  bool in_depends_ = false;
  bool has_sections_ = false;
  std::string error_;
};

bool Handler::key(string_t& name) {
  if (depth_ == 1) {
    section_ = name;
    return true;
  }
  const bool packages = section_ == "packages" || section_ == "packages.conda";
  if (depth_ == section_depth && packages) {
    has_sections_ = true;
    wanted_ = name.size() > package_.size() && name.starts_with(package_) && name[package_.size()] == '-';
    if (wanted_) {
      record_ = CondaRecord{};
      record_.file_name = name;
    }
    return true;
  }
  if (wanted_ || section_ == "info") key_ = name;
  return true;
}

bool Handler::start_object(std::size_t) {
  ++depth_;
  if (depth_ == section_depth && (section_ == "packages" || section_ == "packages.conda"))
    has_sections_ = true;
  return true;
}

bool Handler::end_object() {
  if (in_record()) {
    // "flash-attn-" begins the names of other packages, too.
    if (record_.name == package_) found_.records.push_back(std::move(record_));
    wanted_ = false;
  }
  --depth_;
  return true;
}

bool Handler::string(string_t& value) {
  if (in_depends_) {
    record_.depends.push_back(std::move(value));
    return true;
  }
  if (depth_ == section_depth && section_ == "info" && key_ == "base_url") found_.base_url = std::move(value);
  if (!in_record()) return true;
  if (key_ == "name")
    record_.name = std::move(value);
  else if (key_ == "version")
    record_.version = std::move(value);
  else if (key_ == "build")
    record_.build = std::move(value);
  else if (key_ == "sha256")
    record_.sha256 = std::move(value);
  else if (key_ == "noarch")
    record_.noarch = std::move(value);
  return true;
}

json row_of(const CondaRecord& record) {
  json row = {{"name", record.name},
              {"version", record.version},
              {"build", record.build},
              {"build_number", record.build_number},
              {"depends", record.depends}};
  if (!record.sha256.empty()) row["sha256"] = record.sha256;
  if (record.size) row["size"] = *record.size;
  if (!record.noarch.empty()) row["noarch"] = record.noarch;
  return row;
}

}  // namespace

tl::expected<CondaRepodata, ParseError> parse_conda_repodata(std::istream& bytes, std::string_view package) {
  CondaRepodata found;
  Handler handler(package, found);
  if (!json::sax_parse(bytes, &handler))
    return tl::unexpected(ParseError{handler.error().empty() ? "it is no JSON" : handler.error()});
  if (!handler.has_sections()) return tl::unexpected(ParseError{"it lists no packages"});
  return found;
}

std::string write_conda_repodata(const CondaRepodata& repodata) {
  json document = {{"info", {{"base_url", repodata.base_url}}},
                   {"packages", json::object()},
                   {"packages.conda", json::object()}};
  for (const CondaRecord& record : repodata.records) {
    const char* section = record.file_name.ends_with(".conda") ? "packages.conda" : "packages";
    document[section][record.file_name] = row_of(record);
  }
  return document.dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace wheelfit::index
