// SPDX-License-Identifier: Apache-2.0
// A TOML table of our own data, read strictly: a key of the wrong type, a value that does not parse and a key
// that nobody asked for are errors that name the file and the line.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "python/specifier.hpp"
#include "python/version.hpp"

namespace wheelfit::catalog {

// Every member throws Error{usage} ("packages/x.toml:12: `cuda_major` must be a whole number") on bad data.
class DataTable {
 public:
  static DataTable parse(std::string_view text, const std::string& file);

  bool has(std::string_view key) const;
  std::optional<std::string> text(std::string_view key);
  std::string required_text(std::string_view key);
  std::vector<std::string> texts(std::string_view key);  // empty where the key is absent
  std::optional<int> integer(std::string_view key);
  int required_integer(std::string_view key);
  std::optional<bool> boolean(std::string_view key);
  std::optional<python::Version> version(std::string_view key);
  python::Version required_version(std::string_view key);
  std::vector<python::Version> versions(std::string_view key);
  python::SpecifierSet specifiers(std::string_view key);  // empty where the key is absent
  std::optional<DataTable> table(std::string_view key);
  std::vector<DataTable> tables(std::string_view key);  // [[key]]

  // Call it when all has been read.
  void expect_no_more() const;
  [[noreturn]] void fail(std::string_view key, std::string_view complaint) const;

 private:
  struct Content;
  explicit DataTable(std::shared_ptr<Content> content) : content_(std::move(content)) {}
  std::shared_ptr<Content> content_;
};

}  // namespace wheelfit::catalog
