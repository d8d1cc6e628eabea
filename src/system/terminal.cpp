// SPDX-License-Identifier: Apache-2.0
#include "system/terminal.hpp"

#include <charconv>

#include <sys/ioctl.h>
#include <unistd.h>

namespace wheelfit::system {
namespace {

int number_of(Stream stream) noexcept {
  switch (stream) {
    case Stream::input:
      return STDIN_FILENO;
    case Stream::output:
      return STDOUT_FILENO;
    case Stream::error:
      return STDERR_FILENO;
  }
  return STDOUT_FILENO;
}

}  // namespace

bool is_terminal(Stream stream) noexcept { return isatty(number_of(stream)) == 1; }

unsigned terminal_width(Stream stream, const EnvironmentVariables& variables) {
  winsize size{};
  if (ioctl(number_of(stream), TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
  unsigned columns = 0;
  const std::string set = variables.get("COLUMNS").value_or("");
  std::from_chars(set.data(), set.data() + set.size(), columns);
  return columns > 0 ? columns : 80;
}

bool wants_color(bool terminal, const EnvironmentVariables& variables) {
  if (variables.get_nonempty("NO_COLOR")) return false;  // empty counts as not set, the convention says
  if (variables.get("TERM") == "dumb") return false;
  if (variables.get_nonempty("CLICOLOR_FORCE").value_or("0") != "0") return true;
  return terminal;
}

}  // namespace wheelfit::system
