// SPDX-License-Identifier: Apache-2.0
#include "pipcache/python_url.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

#include "system/percent.hpp"

namespace wheelfit::pipcache {
namespace {

using namespace std::string_view_literals;

// urllib.parse.uses_relative, uses_netloc (with what pip's vcs package adds) and uses_params.
constexpr std::array uses_relative{""sv,     "ftp"sv,      "http"sv,    "gopher"sv, "nntp"sv,
                                   "imap"sv, "wais"sv,     "file"sv,    "https"sv,  "shttp"sv,
                                   "mms"sv,  "prospero"sv, "rtsp"sv,    "rtsps"sv,  "rtspu"sv,
                                   "sftp"sv, "svn"sv,      "svn+ssh"sv, "ws"sv,     "wss"sv};
constexpr std::array uses_netloc{
    ""sv,      "ftp"sv,   "http"sv,          "gopher"sv,  "nntp"sv,  "telnet"sv,   "imap"sv, "wais"sv,
    "file"sv,  "mms"sv,   "https"sv,         "shttp"sv,   "snews"sv, "prospero"sv, "rtsp"sv, "rtsps"sv,
    "rtspu"sv, "rsync"sv, "svn"sv,           "svn+ssh"sv, "sftp"sv,  "nfs"sv,      "git"sv,  "git+ssh"sv,
    "ws"sv,    "wss"sv,   "itms-services"sv, "ssh"sv,     "hg"sv,    "bzr"sv};
constexpr std::array uses_params{""sv,      "ftp"sv,   "hdl"sv,  "prospero"sv, "http"sv,  "imap"sv,
                                 "https"sv, "shttp"sv, "rtsp"sv, "rtsps"sv,    "rtspu"sv, "sip"sv,
                                 "sips"sv,  "mms"sv,   "sftp"sv, "tel"sv};

template <std::size_t Size>
bool is_among(const std::array<std::string_view, Size>& schemes, std::string_view scheme) noexcept {
  return std::find(schemes.begin(), schemes.end(), scheme) != schemes.end();
}

constexpr bool is_letter(char c) noexcept { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
constexpr bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }
constexpr bool is_scheme_char(char c) noexcept {
  return is_letter(c) || is_digit(c) || c == '+' || c == '-' || c == '.';
}

// Leading control characters and blanks go, tabs and ends of lines go wherever they stand.
std::string cleaned(std::string_view url) {
  while (!url.empty() && static_cast<unsigned char>(url.front()) <= ' ') url.remove_prefix(1);
  std::string kept;
  std::copy_if(url.begin(), url.end(), std::back_inserter(kept),
               [](char c) { return c != '\t' && c != '\r' && c != '\n'; });
  return kept;
}

std::string lower(std::string_view text) {
  std::string lowered(text);
  for (char& c : lowered) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return lowered;
}

// What follows the first `mark`, taken off `text`.
std::string cut_off(std::string& text, char mark) {
  const std::size_t at = text.find(mark);
  if (at == std::string::npos) return {};
  std::string rest = text.substr(at + 1);
  text.resize(at);
  return rest;
}

std::vector<std::string> segments_of(std::string_view path) {
  std::vector<std::string> segments;
  for (std::size_t from = 0;;) {
    const std::size_t slash = path.find('/', from);
    segments.emplace_back(path.substr(from, slash == std::string_view::npos ? slash : slash - from));
    if (slash == std::string_view::npos) return segments;
    from = slash + 1;
  }
}

std::string joined_path(const std::string& base, const std::string& path) {
  std::vector<std::string> segments = segments_of(path);
  if (!path.starts_with('/')) {
    std::vector<std::string> from = segments_of(base);
    if (!from.back().empty()) from.pop_back();
    from.insert(from.end(), segments.begin(), segments.end());
    segments = std::move(from);
    // Empty ones inside would become double slashes.
    if (segments.size() > 2) {
      segments.erase(std::remove(segments.begin() + 1, segments.end() - 1, std::string()),
                     segments.end() - 1);
    }
  }
  std::vector<std::string> resolved;
  for (const std::string& segment : segments) {
    if (segment == "..") {
      if (!resolved.empty()) resolved.pop_back();
    } else if (segment != ".") {
      resolved.push_back(segment);
    }
  }
  if (segments.back() == "." || segments.back() == "..") resolved.emplace_back();
  std::string result;
  for (std::size_t i = 0; i < resolved.size(); ++i) result.append(i > 0 ? "/" : "").append(resolved[i]);
  return result.empty() ? "/" : result;
}

// How many bytes of `text` belong together as UTF-8 (0: none), and how many a reader takes for one fault.
struct Utf8Step {
  std::size_t valid = 0;
  std::size_t fault = 1;
};

Utf8Step utf8_step(std::string_view text) noexcept {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
  const std::uint8_t lead = byte(0);
  if (lead < 0x80) return {1, 0};
  std::size_t length = 0;
  if (lead >= 0xC2 && lead <= 0xDF) length = 2;
  if (lead >= 0xE0 && lead <= 0xEF) length = 3;
  if (lead >= 0xF0 && lead <= 0xF4) length = 4;
  if (length == 0) return {};
  for (std::size_t i = 1; i < length; ++i) {
    std::uint8_t lowest = 0x80;
    std::uint8_t highest = 0xBF;
    if (i == 1 && lead == 0xE0) lowest = 0xA0;
    if (i == 1 && lead == 0xED) highest = 0x9F;
    if (i == 1 && lead == 0xF0) lowest = 0x90;
    if (i == 1 && lead == 0xF4) highest = 0x8F;
    if (i >= text.size() || byte(i) < lowest || byte(i) > highest) return {0, i};
  }
  return {length, 0};
}

std::string with_valid_utf8(std::string_view text) {
  std::string valid;
  while (!text.empty()) {
    const Utf8Step step = utf8_step(text);
    if (step.valid > 0) {
      valid.append(text.substr(0, step.valid));
      text.remove_prefix(step.valid);
    } else {
      valid.append("\xEF\xBF\xBD");
      text.remove_prefix(step.fault);
    }
  }
  return valid;
}

}  // namespace

std::optional<UrlParts> url_split(std::string_view url, std::string_view default_scheme) {
  UrlParts parts;
  parts.scheme = default_scheme;
  std::string rest = cleaned(url);
  const std::size_t colon = rest.find(':');
  if (colon != std::string::npos && colon > 0 && is_letter(rest.front()) &&
      std::all_of(rest.begin(), rest.begin() + static_cast<std::ptrdiff_t>(colon), is_scheme_char)) {
    parts.scheme = lower(std::string_view(rest).substr(0, colon));
    rest.erase(0, colon + 1);
  }
  if (rest.starts_with("//")) {
    const std::size_t end = std::min(rest.find_first_of("/?#", 2), rest.size());
    parts.netloc = rest.substr(2, end - 2);
    rest.erase(0, end);
    const bool opened = parts.netloc.find('[') != std::string::npos;
    const bool closed = parts.netloc.find(']') != std::string::npos;
    if (opened != closed) return std::nullopt;
  }
  parts.fragment = cut_off(rest, '#');
  parts.query = cut_off(rest, '?');
  parts.path = std::move(rest);
  return parts;
}

std::optional<UrlParts> url_parse(std::string_view url, std::string_view default_scheme) {
  auto parts = url_split(url, default_scheme);
  if (!parts || !is_among(uses_params, parts->scheme)) return parts;
  const std::size_t slash = parts->path.rfind('/');
  const std::size_t at = parts->path.find(';', slash == std::string::npos ? 0 : slash);
  if (at == std::string::npos) return parts;
  parts->params = parts->path.substr(at + 1);
  parts->path.resize(at);
  return parts;
}

std::string url_unsplit(const UrlParts& parts) {
  std::string url = parts.path;
  if (!parts.params.empty()) url += ";" + parts.params;
  if (!parts.netloc.empty()) {
    if (!url.empty() && url.front() != '/') url.insert(0, "/");
    url.insert(0, "//" + parts.netloc);
  } else if (url.starts_with("//") || (!parts.scheme.empty() && is_among(uses_netloc, parts.scheme) &&
                                       (url.empty() || url.front() == '/'))) {
    url.insert(0, "//");
  }
  if (!parts.scheme.empty()) url.insert(0, parts.scheme + ":");
  if (!parts.query.empty()) url += "?" + parts.query;
  if (!parts.fragment.empty()) url += "#" + parts.fragment;
  return url;
}

std::optional<std::string> url_join(std::string_view base, std::string_view url) {
  if (base.empty()) return std::string(url);
  if (url.empty()) return std::string(base);
  const auto from = url_parse(base);
  auto to = from ? url_parse(url, from->scheme) : std::nullopt;
  if (!to) return std::nullopt;
  if (to->scheme != from->scheme || !is_among(uses_relative, to->scheme)) return std::string(url);
  if (is_among(uses_netloc, to->scheme)) {
    if (!to->netloc.empty()) return url_unsplit(*to);
    to->netloc = from->netloc;
  }
  if (to->path.empty() && to->params.empty()) {
    to->path = from->path;
    to->params = from->params;
    if (to->query.empty()) to->query = from->query;
    return url_unsplit(*to);
  }
  to->path = joined_path(from->path, to->path);
  return url_unsplit(*to);
}

std::string unquoted(std::string_view text) { return with_valid_utf8(system::percent_decoded(text)); }

std::string quoted(std::string_view text, std::string_view safe) {
  return system::percent_encoded(text, safe);
}

}  // namespace wheelfit::pipcache
