// SPDX-License-Identifier: Apache-2.0
#include "python/wheel_filename.hpp"

#include <algorithm>
#include <utility>

#include "python/ascii.hpp"

namespace wheelfit::python {
namespace {

// "py2.py3" -> {"py2", "py3"}; lower case, as tags compare; empty where a piece is empty or has odd
// characters.
TagSet tag_set(std::string_view text) {
  std::vector<std::string> tags;
  for (const std::string_view piece : split(text, '.')) {
    const bool regular =
        std::all_of(piece.begin(), piece.end(), [](char c) { return is_alphanumeric(c) || c == '_'; });
    if (piece.empty() || !regular) return TagSet();
    tags.push_back(lowered(piece));
  }
  return TagSet(std::move(tags));
}

// Names escape '-' as '_'; wheels with '.' or upper case in them exist and are taken.
bool is_name_field(std::string_view name) {
  return !name.empty() && name.find("__") == std::string_view::npos &&
         std::all_of(name.begin(), name.end(),
                     [](char c) { return is_alphanumeric(c) || c == '_' || c == '.'; });
}

}  // namespace

tl::expected<WheelFilename, ParseError> WheelFilename::parse(std::string_view file_name) {
  const auto wrong = [&](std::string_view why) {
    return tl::unexpected(
        ParseError{"not a wheel's file name, " + std::string(why) + ": \"" + std::string(file_name) + "\""});
  };
  constexpr std::string_view suffix = ".whl";
  if (!file_name.ends_with(suffix)) return wrong("it does not end in .whl");
  const auto fields = split(file_name.substr(0, file_name.size() - suffix.size()), '-');
  if (fields.size() != 5 && fields.size() != 6) return wrong("it has not 5 or 6 parts between dashes");

  WheelFilename wheel;
  wheel.name = fields[0];
  if (!is_name_field(wheel.name)) return wrong("its first part is not a name");
  wheel.version_text = fields[1];
  auto version = Version::parse(fields[1]);
  if (!version || stripped(fields[1]) != fields[1]) return wrong("its second part is not a version");
  wheel.version = std::move(*version);
  if (fields.size() == 6) {
    wheel.build = fields[2];
    if (wheel.build.empty() || !is_digit(wheel.build.front()))
      return wrong("its build tag does not begin with a digit");
  }
  wheel.python_tags = tag_set(fields[fields.size() - 3]);
  wheel.abi_tags = tag_set(fields[fields.size() - 2]);
  wheel.platform_tags = tag_set(fields[fields.size() - 1]);
  const bool odd_python = std::any_of(wheel.python_tags.begin(), wheel.python_tags.end(),
                                      [](const std::string& tag) { return is_digit(tag.front()); });
  if (odd_python || wheel.python_tags.empty() || wheel.abi_tags.empty() || wheel.platform_tags.empty()) {
    return wrong("one of its tags is empty or has characters that no tag has");
  }
  return wheel;
}

std::vector<Tag> WheelFilename::tags() const {
  std::vector<Tag> result;
  result.reserve(python_tags.size() * abi_tags.size() * platform_tags.size());
  for (const std::string& python : python_tags) {
    for (const std::string& abi : abi_tags) {
      for (const std::string& platform : platform_tags) result.push_back({python, abi, platform});
    }
  }
  return result;
}

}  // namespace wheelfit::python
