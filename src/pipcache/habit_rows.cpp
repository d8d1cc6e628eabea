// SPDX-License-Identifier: Apache-2.0
#include "pipcache/habit_rows.hpp"

#include <vector>

#include <toml++/toml.h>

#include "base/embedded_data.hpp"
#include "base/error.hpp"
#include "pipcache/pip_release.hpp"

namespace wheelfit::pipcache {
namespace {

constexpr std::string_view rows_file = "pip.toml";

struct Row {
  std::string key;
  std::optional<python::Version> from;
  std::optional<python::Version> before;
  std::string source;

  bool holds_for(const python::Version& pip) const {
    const auto reached = [&](const python::Version& release) {
      return is_at_least(pip, release.major(), release.minor());
    };
    return (!from || reached(*from)) && (!before || !reached(*before));
  }
};

std::optional<python::Version> version_at(const toml::table& row, std::string_view key) {
  const auto written = row[key].value<std::string>();
  return written ? std::optional(python::Version::parse(*written).value()) : std::nullopt;
}

std::vector<Row> read_rows(std::string_view table, std::string_view key) {
  std::vector<Row> rows;
  for (const EmbeddedFile& file : embedded_files()) {
    if (file.path != rows_file) continue;
    const toml::table document = toml::parse(file.text, file.path);
    const toml::array* array = document[table].as_array();
    if (array == nullptr) continue;
    for (const toml::node& node : *array) {
      const toml::table& row = *node.as_table();
      rows.push_back({row[key].value_or(std::string()), version_at(row, "from"), version_at(row, "before"),
                      row["source"].value_or(std::string())});
    }
  }
  if (rows.empty()) throw Error(ErrorKind::internal, text("data/{} has no [[{}]]", rows_file, table));
  return rows;
}

}  // namespace

std::optional<std::string> unused_cache_row(std::string_view when, const python::Version& pip) {
  static const std::vector<Row> rows = read_rows("unused_cache", "when");
  for (const Row& row : rows) {
    if (row.key == when && row.holds_for(pip)) return row.source;
  }
  return std::nullopt;
}

bool has_habit(std::string_view what, const python::Version& pip) {
  static const std::vector<Row> rows = read_rows("habit", "what");
  for (const Row& row : rows) {
    if (row.key == what && row.holds_for(pip)) return true;
  }
  return false;
}

}  // namespace wheelfit::pipcache
