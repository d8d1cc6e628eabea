// SPDX-License-Identifier: Apache-2.0
#include "python/record.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/core.h>

#include "python/ascii.hpp"

namespace wheelfit::python {
namespace {

// RFC 4180, as Python's csv module reads it: a quote opens a quoted column only at its beginning.
class CsvReader {
 public:
  explicit CsvReader(std::string_view text) : rest_(text) {}

  bool at_end() const noexcept { return rest_.empty(); }
  // Of the row that begins here; the first line is 1.
  std::size_t line() const noexcept { return line_; }

  // The next row's columns; nullopt where a quote is not closed.
  std::optional<std::vector<std::string>> row() {
    std::vector<std::string> columns;
    for (;;) {
      auto value = column();
      if (!value) return std::nullopt;
      columns.push_back(std::move(*value));
      if (!rest_.starts_with(',')) break;
      rest_.remove_prefix(1);
    }
    end_line();
    return columns;
  }

 private:
  std::optional<std::string> column() {
    std::string value;
    if (rest_.starts_with('"')) {
      rest_.remove_prefix(1);
      for (;;) {
        const std::size_t end = rest_.find('"');
        if (end == std::string_view::npos) return std::nullopt;
        value += rest_.substr(0, end);
        rest_.remove_prefix(end + 1);
        if (!rest_.starts_with('"')) break;
        value += '"';
        rest_.remove_prefix(1);
      }
      line_ += static_cast<std::size_t>(std::count(value.begin(), value.end(), '\n'));
    }
    const std::size_t end = std::min(rest_.find_first_of(",\r\n"), rest_.size());
    value += rest_.substr(0, end);
    rest_.remove_prefix(end);
    return value;
  }

  void end_line() {
    if (rest_.starts_with('\r')) rest_.remove_prefix(1);
    if (rest_.starts_with('\n')) rest_.remove_prefix(1);
    ++line_;
  }

  std::string_view rest_;
  std::size_t line_ = 1;
};

tl::unexpected<ParseError> wrong(std::size_t line, std::string_view why) {
  return tl::unexpected(ParseError{fmt::format("line {} of RECORD {}", line, why)});
}

tl::expected<RecordEntry, ParseError> parse_entry(std::vector<std::string> columns, std::size_t line) {
  if (columns.size() != 3) return wrong(line, fmt::format("has {} columns instead of 3", columns.size()));
  RecordEntry entry;
  entry.path = std::move(columns[0]);
  if (entry.path.empty()) return wrong(line, "names no file");
  if (!columns[1].empty()) {
    const std::size_t equals = columns[1].find('=');
    if (equals == 0 || equals == std::string::npos || equals + 1 == columns[1].size()) {
      return wrong(line, "has a hash that is not algorithm=value");
    }
    entry.hash_algorithm = columns[1].substr(0, equals);
    entry.hash = columns[1].substr(equals + 1);
    while (entry.hash.ends_with('=')) entry.hash.pop_back();
  }
  if (!columns[2].empty()) {
    entry.size = parse_number(columns[2]);
    if (!entry.size) return wrong(line, "has a size that is not a number");
  }
  return entry;
}

std::string quoted(const std::string& value) {
  if (value.find_first_of(",\"\r\n") == std::string::npos) return value;
  std::string result = "\"";
  for (const char c : value) {
    if (c == '"') result += '"';
    result += c;
  }
  return result + '"';
}

}  // namespace

tl::expected<Record, ParseError> parse_record(std::string_view text) {
  Record record;
  CsvReader reader(text);
  while (!reader.at_end()) {
    const std::size_t line = reader.line();
    auto columns = reader.row();
    if (!columns) return wrong(line, "opens a quote that is not closed");
    if (columns->size() == 1 && columns->front().empty()) continue;
    auto entry = parse_entry(std::move(*columns), line);
    if (!entry) return tl::unexpected(std::move(entry.error()));
    record.push_back(std::move(*entry));
  }
  return record;
}

std::string write_record(Record record) {
  std::stable_sort(record.begin(), record.end(),
                   [](const RecordEntry& left, const RecordEntry& right) { return left.path < right.path; });
  std::string text;
  for (const RecordEntry& entry : record) {
    const std::string hash = entry.hash.empty() ? "" : entry.hash_algorithm + "=" + entry.hash;
    const std::string size = entry.size ? std::to_string(*entry.size) : "";
    text += quoted(entry.path) + "," + quoted(hash) + "," + size + "\r\n";
  }
  return text;
}

std::string record_hash(const std::vector<std::uint8_t>& digest) {
  constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  std::string text;
  std::uint32_t bits = 0;
  unsigned held = 0;
  for (const std::uint8_t byte : digest) {
    bits = (bits << 8U) | byte;
    for (held += 8; held >= 6; held -= 6) text += alphabet[(bits >> (held - 6)) & 0x3fU];
  }
  if (held > 0) text += alphabet[(bits << (6 - held)) & 0x3fU];
  return text;
}

}  // namespace wheelfit::python
