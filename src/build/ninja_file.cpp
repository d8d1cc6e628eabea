// SPDX-License-Identifier: Apache-2.0
#include "build/ninja_file.hpp"

#include <algorithm>
#include <functional>
#include <optional>

namespace wheelfit::build {
namespace {

using Lookup = std::function<std::string(std::string_view)>;

bool is_name_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

// The name that begins at `at`, without or with braces; `at` is moved behind it.
std::string_view variable_name(std::string_view text, std::size_t& at) {
  const bool braces = at < text.size() && text[at] == '{';
  const std::size_t begin = braces ? at + 1 : at;
  std::size_t end = begin;
  while (end < text.size() && (is_name_character(text[end]) || (braces && text[end] == '.'))) ++end;
  at = braces && end < text.size() ? end + 1 : end;
  return text.substr(begin, end - begin);
}

std::string expanded(std::string_view text, const Lookup& value_of) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    if (text[at] != '$' || at + 1 == text.size()) {
      out += text[at++];
      continue;
    }
    ++at;
    if (text[at] == '$' || text[at] == ' ' || text[at] == ':') {
      out += text[at++];
    } else {
      out += value_of(variable_name(text, at));
    }
  }
  return out;
}

// The words of a build statement; an escaped space does not part them. Escapes stay.
std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words;
  std::string word;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '$' && at + 1 < text.size()) {
      word += text[at++];
      word += text[at];
    } else if (text[at] == ' ' || text[at] == ':') {
      if (!word.empty()) words.push_back(std::move(word));
      word.clear();
      if (text[at] == ':') words.emplace_back(":");
    } else {
      word += text[at];
    }
  }
  if (!word.empty()) words.push_back(std::move(word));
  return words;
}

// Without comments and empty lines; a '$' at a line's end continues it.
std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  std::string line;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view part = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (!line.empty()) part.remove_prefix(std::min(part.find_first_not_of(' '), part.size()));
    if (part.ends_with('$') && !part.ends_with("$$")) {
      line += part.substr(0, part.size() - 1);
      if (!text.empty()) continue;
    } else {
      line += part;
    }
    const std::size_t first = line.find_first_not_of(" \t\r");
    if (first != std::string::npos && line[first] != '#') lines.push_back(line);
    line.clear();
  }
  return lines;
}

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

struct Assignment {
  std::string_view name;
  std::string_view value;
};

std::optional<Assignment> assignment(std::string_view line) {
  const std::size_t equals = line.find('=');
  if (equals == std::string_view::npos) return std::nullopt;
  return Assignment{trimmed(line.substr(0, equals)), trimmed(line.substr(equals + 1))};
}

tl::expected<BuildStatement, ParseError> statement(std::string_view text, const Lookup& value_of) {
  BuildStatement read;
  bool behind_colon = false;
  for (const std::string& word : words_of(text)) {
    if (word == "|" || word == "||") break;
    if (word == ":") {
      behind_colon = true;
    } else if (!behind_colon) {
      read.outputs.push_back(expanded(word, value_of));
    } else if (read.rule.empty()) {
      read.rule = word;
    } else {
      read.inputs.push_back(expanded(word, value_of));
    }
  }
  if (read.outputs.empty() || read.rule.empty())
    return tl::unexpected(ParseError{"a build statement without output or rule: " + std::string(text)});
  return read;
}

}  // namespace

tl::expected<NinjaFile, ParseError> NinjaFile::parse(std::string_view text) {
  NinjaFile file;
  const Lookup global = [&file](std::string_view name) {
    const auto found = file.variables_.find(name);
    return found == file.variables_.end() ? std::string() : found->second;
  };
  std::string rule;
  for (const std::string& line : lines_of(text)) {
    const std::string_view words = trimmed(line);
    if (line.front() == ' ') {  // belongs to the rule or build statement above
      const auto binding = assignment(words);
      if (!rule.empty() && binding && binding->name == "command") file.commands_[rule] = binding->value;
    } else if (words.starts_with("rule ")) {
      rule = trimmed(words.substr(5));
    } else if (words.starts_with("build ")) {
      rule.clear();
      auto read = statement(words.substr(6), global);
      if (!read) return tl::unexpected(read.error());
      file.statements_.push_back(std::move(*read));
    } else if (words.starts_with("default ")) {
      rule.clear();
    } else if (const auto binding = assignment(words)) {
      rule.clear();
      file.variables_[std::string(binding->name)] = expanded(binding->value, global);
    } else {
      return tl::unexpected(ParseError{"not understood: " + std::string(words)});
    }
  }
  return file;
}

std::string NinjaFile::command(std::string_view rule, const std::string& input,
                               const std::string& output) const {
  const auto found = commands_.find(rule);
  if (found == commands_.end()) return {};
  return expanded(found->second, [&](std::string_view name) -> std::string {
    if (name == "in") return input;
    if (name == "out") return output;
    const auto variable = variables_.find(name);
    return variable == variables_.end() ? std::string() : variable->second;
  });
}

}  // namespace wheelfit::build
