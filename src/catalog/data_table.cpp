// SPDX-License-Identifier: Apache-2.0
#include "catalog/data_table.hpp"

#include <limits>
#include <set>

#include <toml++/toml.h>

#include "base/error.hpp"

namespace wheelfit::catalog {

struct DataTable::Content {
  std::shared_ptr<const toml::table> document;  // keeps `table` alive
  const toml::table* table = nullptr;
  std::string file;
  std::set<std::string, std::less<>> asked;

  const toml::node* find(std::string_view key) {
    asked.emplace(key);
    return table->get(key);
  }
};

namespace {

[[noreturn]] void complain(const std::string& file, std::uint32_t line, std::string_view complaint) {
  throw Error(ErrorKind::usage, text("{}:{}: {}", file, line, complaint));
}

}  // namespace

DataTable DataTable::parse(std::string_view text, const std::string& file) {
  auto content = std::make_shared<Content>();
  content->file = file;
  try {
    content->document = std::make_shared<const toml::table>(toml::parse(text, file));
  } catch (const toml::parse_error& error) {
    complain(file, error.source().begin.line, error.description());
  }
  content->table = content->document.get();
  return DataTable(std::move(content));
}

void DataTable::fail(std::string_view key, std::string_view complaint) const {
  const toml::node* node = content_->table->get(key);
  const toml::node& place = node != nullptr ? *node : static_cast<const toml::node&>(*content_->table);
  complain(content_->file, place.source().begin.line, "`" + std::string(key) + "` " + std::string(complaint));
}

bool DataTable::has(std::string_view key) const { return content_->table->contains(key); }

std::optional<std::string> DataTable::text(std::string_view key) {
  const toml::node* node = content_->find(key);
  if (node == nullptr) return std::nullopt;
  if (!node->is_string()) fail(key, "must be a text");
  return node->as_string()->get();
}

std::string DataTable::required_text(std::string_view key) {
  auto value = text(key);
  if (!value || value->empty()) fail(key, "is missing");
  return std::move(*value);
}

std::vector<std::string> DataTable::texts(std::string_view key) {
  const toml::node* node = content_->find(key);
  std::vector<std::string> values;
  if (node == nullptr) return values;
  if (!node->is_array()) fail(key, "must be a list of texts");
  for (const toml::node& element : *node->as_array()) {
    if (!element.is_string()) fail(key, "must be a list of texts");
    values.push_back(element.as_string()->get());
  }
  return values;
}

std::optional<int> DataTable::integer(std::string_view key) {
  const toml::node* node = content_->find(key);
  if (node == nullptr) return std::nullopt;
  if (!node->is_integer()) fail(key, "must be a whole number");
  const std::int64_t value = node->as_integer()->get();
  if (value < 0 || value > std::numeric_limits<int>::max()) fail(key, "is out of range");
  return static_cast<int>(value);
}

int DataTable::required_integer(std::string_view key) {
  const auto value = integer(key);
  if (!value) fail(key, "is missing");
  return *value;
}

std::optional<bool> DataTable::boolean(std::string_view key) {
  const toml::node* node = content_->find(key);
  if (node == nullptr) return std::nullopt;
  if (!node->is_boolean()) fail(key, "must be true or false");
  return node->as_boolean()->get();
}

std::optional<python::Version> DataTable::version(std::string_view key) {
  const auto written = text(key);
  if (!written) return std::nullopt;
  const auto parsed = python::Version::parse(*written);
  if (!parsed) fail(key, "is not a version");
  return *parsed;
}

python::Version DataTable::required_version(std::string_view key) {
  auto value = version(key);
  if (!value) fail(key, "is missing");
  return std::move(*value);
}

std::vector<python::Version> DataTable::versions(std::string_view key) {
  std::vector<python::Version> values;
  for (const std::string& written : texts(key)) {
    const auto parsed = python::Version::parse(written);
    if (!parsed) fail(key, "holds \"" + written + "\", which is not a version");
    values.push_back(*parsed);
  }
  return values;
}

python::SpecifierSet DataTable::specifiers(std::string_view key) {
  const auto written = text(key);
  if (!written) return {};
  auto parsed = python::SpecifierSet::parse(*written);
  if (!parsed) fail(key, parsed.error().message);
  return std::move(*parsed);
}

std::optional<DataTable> DataTable::table(std::string_view key) {
  const toml::node* node = content_->find(key);
  if (node == nullptr) return std::nullopt;
  if (!node->is_table()) fail(key, "must be a table");
  auto content = std::make_shared<Content>();
  content->document = content_->document;
  content->table = node->as_table();
  content->file = content_->file;
  return DataTable(std::move(content));
}

std::vector<DataTable> DataTable::tables(std::string_view key) {
  const toml::node* node = content_->find(key);
  std::vector<DataTable> values;
  if (node == nullptr) return values;
  if (!node->is_array()) fail(key, "must be a list of tables");
  for (const toml::node& element : *node->as_array()) {
    if (!element.is_table()) fail(key, "must be a list of tables");
    auto content = std::make_shared<Content>();
    content->document = content_->document;
    content->table = element.as_table();
    content->file = content_->file;
    values.push_back(DataTable(std::move(content)));
  }
  return values;
}

void DataTable::expect_no_more() const {
  for (const auto& [key, node] : *content_->table) {
    if (!content_->asked.contains(key.str())) {
      complain(content_->file, key.source().begin.line,
               "nothing is called `" + std::string(key.str()) + "` here");
    }
  }
}

}  // namespace wheelfit::catalog
