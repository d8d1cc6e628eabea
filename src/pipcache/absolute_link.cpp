// SPDX-License-Identifier: Apache-2.0
#include "pipcache/link.hpp"
#include "pipcache/pip_release.hpp"
#include "pipcache/python_url.hpp"

namespace wheelfit::pipcache {
namespace {

constexpr bool is_alphanumeric(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

// A character as pip up to 19.0 wrote it: its code point, in lower case, a blank for a leading zero.
std::string code_point_escape(std::uint32_t code_point) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string hex;
  for (; code_point > 0; code_point >>= 4U) hex.insert(hex.begin(), digits[code_point & 15U]);
  while (hex.size() < 2) hex.insert(0, hex.empty() ? "0" : " ");
  return "%" + hex;
}

// Up to 19.0: what is in no address is escaped, the rest stays.
std::string with_escapes(std::string_view url) {
  constexpr std::string_view kept = "$&+,/:;=?@.#%_\\|-";
  std::string result;
  for (std::size_t i = 0; i < url.size();) {
    if (is_alphanumeric(url[i]) || kept.find(url[i]) != std::string_view::npos) {
      result += url[i++];
      continue;
    }
    const auto lead = static_cast<unsigned char>(url[i++]);
    std::uint32_t code_point = lead;
    if (lead >= 0xC0) code_point = lead & (lead >= 0xF0 ? 0x07U : lead >= 0xE0 ? 0x0FU : 0x1FU);
    while (i < url.size() && (static_cast<unsigned char>(url[i]) & 0xC0U) == 0x80U)
      code_point = code_point << 6U | (static_cast<unsigned char>(url[i++]) & 0x3FU);
    result += code_point_escape(code_point);
  }
  return result;
}

std::string requoted(std::string_view part, bool is_local, const python::Version& pip) {
  std::string path = quoted(unquoted(part));
  if (is_local && is_at_least(pip, 25, 2) && path.starts_with("///")) path.erase(0, 2);
  return path;
}

// Since 20.1 '@' and an escaped slash stay as they are, and what lies between is quoted anew.
std::string requoted_path(std::string_view path, bool is_local, const python::Version& pip) {
  if (!is_at_least(pip, 20, 1)) return quoted(unquoted(path), is_local ? "/" : "/@");
  std::string result;
  std::size_t from = 0;
  for (std::size_t at = 0; at < path.size();) {
    const std::string_view rest = path.substr(at);
    const bool is_slash = rest.starts_with("%2F") || rest.starts_with("%2f");
    if (rest.front() != '@' && !is_slash) {
      ++at;
      continue;
    }
    result += requoted(path.substr(from, at - from), is_local, pip);
    result += is_slash ? "%2F" : "@";
    at += is_slash ? 3 : 1;
    from = at;
  }
  return result + requoted(path.substr(from), is_local, pip);
}

}  // namespace

std::optional<std::string> absolute_link(std::string_view base, std::string_view href,
                                         const python::Version& pip) {
  const bool is_absolute = href.starts_with("https://") || href.starts_with("http://");
  const auto joined =
      is_absolute && is_at_least(pip, 25, 0) ? std::optional(std::string(href)) : url_join(base, href);
  if (!joined) return std::nullopt;
  if (!is_at_least(pip, 19, 1)) return with_escapes(*joined);
  // ";…" at the end of the path was left unquoted as long as it counted as parameters.
  auto parts = is_at_least(pip, 25, 0) ? url_split(*joined) : url_parse(*joined);
  if (!parts) return std::nullopt;
  parts->path = requoted_path(parts->path, parts->netloc.empty(), pip);
  if (!is_at_least(pip, 25, 2)) return url_unsplit(*parts);
  // An empty host is written out for any scheme.
  const std::string scheme = std::exchange(parts->scheme, "file");
  return scheme + url_unsplit(*parts).substr(4);
}

}  // namespace wheelfit::pipcache
