// SPDX-License-Identifier: Apache-2.0
#include "catalog/candidate.hpp"

#include "catalog/local_label.hpp"

namespace wheelfit::catalog {

std::string_view to_string(Trust trust) noexcept {
  switch (trust) {
    case Trust::official:
      return "official";
    case Trust::index:
      return "index";
    case Trust::community:
      return "community";
  }
  return "";
}

std::optional<Trust> parse_trust(std::string_view text) noexcept {
  for (const Trust trust : {Trust::official, Trust::index, Trust::community}) {
    if (text == to_string(trust)) return trust;
  }
  return std::nullopt;
}

std::string CudaTag::to_string() const {
  return minor ? std::to_string(major) + "." + std::to_string(*minor) : std::to_string(major);
}

tl::expected<WheelFields, ParseError> parse_wheel_fields(std::string_view file_name) {
  auto file = python::WheelFilename::parse(file_name);
  if (!file) return tl::unexpected(file.error());
  WheelFields fields;
  fields.file = std::move(*file);
  fields.version = fields.file.version.public_version();
  const std::string& text = fields.file.version_text;
  if (const std::size_t plus = text.find('+'); plus != std::string::npos) {
    take_label(parse_local_label(std::string_view(text).substr(plus + 1)), fields);
  }
  return fields;
}

}  // namespace wheelfit::catalog
