// SPDX-License-Identifier: Apache-2.0
#include "catalog/build_failures.hpp"

#include <algorithm>

#include "catalog/data_table.hpp"

namespace wheelfit::catalog {
namespace {

constexpr std::size_t most_lines = 8;
constexpr std::size_t most_columns = 300;

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    if (text.substr(0, end).find_first_not_of(" \t\r^~|") != std::string_view::npos)
      lines.push_back(text.substr(0, std::min(end, most_columns)));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

bool is_error(std::string_view line) {
  return line.find("rror: ") != std::string_view::npos || line.find("error:") != std::string_view::npos ||
         line.find("fatal") != std::string_view::npos;
}

}  // namespace

std::vector<BuildFailure> build_failures(const Knowledge& knowledge) {
  const std::string file = "build.toml";
  DataTable table = DataTable::parse(knowledge.file(file), file);
  std::vector<BuildFailure> failures;
  for (DataTable& row : table.tables("failure")) {
    BuildFailure failure{row.required_text("code"), row.texts("texts"), row.required_text("cause"), {}};
    for (std::string& cure : row.texts("cures")) failure.cures.emplace_back(std::move(cure));
    failures.push_back(std::move(failure));
  }
  return failures;
}

std::optional<BuildFailure> explain_build_failure(const Knowledge& knowledge, std::string_view output) {
  for (BuildFailure& failure : build_failures(knowledge)) {
    const bool said = std::ranges::any_of(
        failure.texts, [&](const std::string& each) { return output.find(each) != std::string_view::npos; });
    if (said) return std::move(failure);
  }
  return std::nullopt;
}

std::vector<std::string> end_of_log(std::string_view output) {
  const std::vector<std::string_view> lines = lines_of(output);
  std::vector<std::string> end;
  for (const std::string_view line : lines)
    if (is_error(line) && end.size() < most_lines) end.emplace_back(line);
  if (!end.empty()) return end;
  const std::size_t first = lines.size() - std::min(lines.size(), most_lines);
  for (std::size_t at = first; at < lines.size(); ++at) end.emplace_back(lines[at]);
  return end;
}

}  // namespace wheelfit::catalog
