// SPDX-License-Identifier: Apache-2.0
#include "install/launcher.hpp"

#include <algorithm>
#include <cctype>

#include "base/error.hpp"

namespace wheelfit::install {
namespace {

constexpr std::size_t longest_interpreter_line = 127;

std::string quoted_for_shell(std::string_view word) {
  std::string quoted = "\"";
  for (const char c : word) {
    if (c == '"' || c == '\\' || c == '$' || c == '`') quoted += '\\';
    quoted += c;
  }
  return quoted + '"';
}

// One or more identifiers joined by dots. Bytes above 127 are let through: Python identifiers may be Unicode.
bool is_dotted_name(std::string_view name) {
  bool at_start = true;
  for (const char c : name) {
    const auto byte = static_cast<unsigned char>(c);
    const bool letter = std::isalpha(byte) != 0 || c == '_' || byte > 127;
    if (c == '.' ? at_start : !(letter || (std::isdigit(byte) != 0 && !at_start))) return false;
    at_start = c == '.';
  }
  return !name.empty() && !at_start;
}

bool is_file_name(std::string_view name) {
  const bool special = name.empty() || name == "." || name == "..";
  return !special && std::none_of(name.begin(), name.end(), [](char c) {
    return c == '/' || c == '\\' || std::iscntrl(static_cast<unsigned char>(c)) != 0;
  });
}

}  // namespace

std::string interpreter_line(const std::filesystem::path& interpreter) {
  const std::string path = interpreter.string();
  const bool plain = path.find_first_of(" \t") == std::string::npos;
  if (plain && path.size() + 3 <= longest_interpreter_line) return "#!" + path + "\n";
  return "#!/bin/sh\n'''exec' " + quoted_for_shell(path) + " \"$0\" \"$@\"\n' '''\n";
}

std::string launcher_script(const python::EntryPoint& entry_point, const std::filesystem::path& interpreter) {
  if (!is_file_name(entry_point.name) || !is_dotted_name(entry_point.module) ||
      !is_dotted_name(entry_point.attribute)) {
    throw Error(ErrorKind::refused, text("the wheel's entry point {} = {}:{} cannot become a script",
                                         entry_point.name, entry_point.module, entry_point.attribute))
        .with_code("entry-point");
  }
  const std::string imported = entry_point.attribute.substr(0, entry_point.attribute.find('.'));
  return interpreter_line(interpreter) +
         "# -*- coding: utf-8 -*-\n"
         "import sys\n"
         "\n"
         "from " +
         entry_point.module + " import " + imported +
         "\n"
         "\n"
         "if __name__ == \"__main__\":\n"
         "    sys.exit(" +
         entry_point.attribute + "())\n";
}

std::optional<std::string> with_interpreter(std::string_view script,
                                            const std::filesystem::path& interpreter) {
  if (!script.starts_with("#!python")) return std::nullopt;
  const std::size_t end = script.find('\n');
  const std::string_view rest = end == std::string_view::npos ? std::string_view() : script.substr(end + 1);
  return interpreter_line(interpreter) + std::string(rest);
}

}  // namespace wheelfit::install
