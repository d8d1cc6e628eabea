// SPDX-License-Identifier: Apache-2.0
#include "catalog/link.hpp"

#include <vector>

#include "system/percent.hpp"

namespace wheelfit::catalog {
namespace {

constexpr bool is_letter(char c) noexcept { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
constexpr bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

// Length of "https:"; 0 where the text does not begin with a scheme.
std::size_t scheme_length(std::string_view address) noexcept {
  if (address.empty() || !is_letter(address.front())) return 0;
  for (std::size_t i = 1; i < address.size(); ++i) {
    const char c = address[i];
    if (c == ':') return i + 1;
    if (!is_letter(c) && !is_digit(c) && c != '+' && c != '-' && c != '.') return 0;
  }
  return 0;
}

struct Parts {
  std::string_view scheme;     // "https:"
  std::string_view authority;  // "//host:80"
  std::string_view path;
  std::string_view query;  // "?a=b"
};

Parts parts_of(std::string_view address) noexcept {
  address = without_fragment(address);
  Parts parts;
  const std::size_t scheme = scheme_length(address);
  parts.scheme = address.substr(0, scheme);
  address.remove_prefix(scheme);
  if (address.starts_with("//")) {
    parts.authority = address.substr(0, address.find_first_of("/?", 2));
    address.remove_prefix(parts.authority.size());
  }
  parts.path = address.substr(0, address.find('?'));
  parts.query = address.substr(parts.path.size());
  return parts;
}

std::string without_dot_segments(std::string_view path) {
  std::vector<std::string_view> kept;
  const bool absolute = path.starts_with('/');
  if (absolute) path.remove_prefix(1);
  while (true) {
    const std::size_t slash = path.find('/');
    const bool last = slash == std::string_view::npos;
    const std::string_view segment = path.substr(0, slash);
    if (segment == "..") {
      if (!kept.empty()) kept.pop_back();
    } else if (segment != ".") {
      kept.push_back(segment);
    }
    if (last) {
      if (segment == "." || segment == "..") kept.emplace_back();
      break;
    }
    path.remove_prefix(slash + 1);
  }
  std::string result;
  for (std::size_t i = 0; i < kept.size(); ++i) {
    if (i > 0 || absolute) result += '/';
    result += kept[i];
  }
  return result;
}

std::string joined(std::string_view scheme, std::string_view authority, std::string_view path,
                   std::string_view query, std::string_view fragment) {
  std::string address;
  for (const std::string_view part : {scheme, authority, path, query}) address += part;
  if (!fragment.empty()) address.append("#").append(fragment);
  return address;
}

}  // namespace

std::string_view without_fragment(std::string_view address) noexcept {
  return address.substr(0, address.find('#'));
}

std::string_view fragment_of(std::string_view address) noexcept {
  const std::size_t at = address.find('#');
  return at == std::string_view::npos ? std::string_view() : address.substr(at + 1);
}

std::optional<std::string> resolve_link(std::string_view base, std::string_view reference) {
  if (scheme_length(reference) > 0) return std::string(reference);
  const Parts from = parts_of(base);
  if (from.scheme.empty()) return std::nullopt;
  const Parts to = parts_of(reference);
  const std::string_view fragment = fragment_of(reference);
  if (!to.authority.empty()) {
    return joined(from.scheme, to.authority, without_dot_segments(to.path), to.query, fragment);
  }
  if (to.path.empty()) {
    return joined(from.scheme, from.authority, from.path, to.query.empty() ? from.query : to.query, fragment);
  }
  std::string path(to.path);
  if (!path.starts_with('/')) {
    const std::size_t slash = from.path.rfind('/');
    path.insert(0, slash == std::string_view::npos ? std::string_view("/") : from.path.substr(0, slash + 1));
  }
  return joined(from.scheme, from.authority, without_dot_segments(path), to.query, fragment);
}

std::string file_name_of(std::string_view address) {
  address = without_fragment(address);
  address = address.substr(0, address.find('?'));
  std::string name = system::percent_decoded(address.substr(address.rfind('/') + 1));
  // An escaped slash or NUL must not become part of a path later on.
  if (name.find('/') != std::string::npos || name.find('\0') != std::string::npos) return {};
  return name;
}

std::optional<std::filesystem::path> path_of_file_address(std::string_view address) {
  if (!address.starts_with("file:")) return std::nullopt;
  const Parts parts = parts_of(address);
  if (!parts.authority.empty() && parts.authority != "//" && parts.authority != "//localhost")
    return std::nullopt;
  return std::filesystem::path(system::percent_decoded(parts.path));
}

}  // namespace wheelfit::catalog
