// SPDX-License-Identifier: Apache-2.0
#include "pipcache/link.hpp"

#include <algorithm>
#include <array>

#include "pipcache/pip_release.hpp"
#include "pipcache/python_url.hpp"
#include "python/package_name.hpp"

namespace wheelfit::pipcache {
namespace {

// pip's _SUPPORTED_HASHES, the ones it trusts more first.
constexpr std::array<std::string_view, 6> algorithms{"sha512", "sha384", "sha256", "sha224", "sha1", "md5"};

constexpr bool is_lower_hex(char c) noexcept { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); }

// How far the value reaches that begins `text`: it grew laxer with pip 22.3.
std::size_t value_length(std::string_view text, const python::Version& pip) {
  if (is_at_least(pip, 23, 1)) return std::min(text.find('&'), text.size());
  if (is_at_least(pip, 22, 3)) return std::min(text.find('\n'), text.size());
  return static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(), is_lower_hex) - text.begin());
}

// The first "<algorithm>=<value>" of the whole address; since 23.1 only behind '#' or '&'.
std::optional<Hash> hash_in(std::string_view url, const python::Version& pip) {
  const bool anchored = is_at_least(pip, 23, 1);
  const bool may_be_empty = is_at_least(pip, 22, 3);
  for (std::size_t at = anchored ? 1 : 0; at < url.size(); ++at) {
    if (anchored && url[at - 1] != '#' && url[at - 1] != '&') continue;
    for (const std::string_view algorithm : algorithms) {
      if (!url.substr(at).starts_with(algorithm) || !url.substr(at + algorithm.size()).starts_with('='))
        continue;
      const std::string_view value = url.substr(at + algorithm.size() + 1);
      const std::size_t length = value_length(value, pip);
      if (length > 0 || may_be_empty)
        return Hash{std::string(algorithm), std::string(value.substr(0, length))};
    }
  }
  return std::nullopt;
}

// Which of the hashes goes into the key.
std::optional<Hash> hash_for_key(std::string_view url, const python::Version& pip,
                                 const std::vector<Hash>& page_hashes) {
  const auto written = hash_in(url, pip);
  if (is_at_least(pip, 23, 0)) {
    if (page_hashes.empty()) return written;
    Hash first = page_hashes.front();
    if (written && written->algorithm == first.algorithm) first.hex = written->hex;
    return first;
  }
  // 22.3 and 22.3.1 lost what a page says beside its links; before 22.2 pages were HTML only.
  if (is_at_least(pip, 22, 3) || !is_at_least(pip, 22, 2)) return written;
  for (const std::string_view algorithm : algorithms) {
    for (const Hash& hash : page_hashes) {
      if (hash.algorithm == algorithm) return hash;
    }
  }
  return written;
}

// The value of "#key=" or "&key=", wherever in the address it stands.
std::optional<std::string_view> fragment_value(std::string_view url, std::string_view key) {
  for (std::size_t at = url.find_first_of("#&"); at != std::string_view::npos;
       at = url.find_first_of("#&", at + 1)) {
    std::string_view rest = url.substr(at + 1);
    if (!rest.starts_with(key)) continue;
    rest.remove_prefix(key.size());
    return rest.substr(0, rest.find('&'));
  }
  return std::nullopt;
}

std::string file_name_of(const UrlParts& parts, const python::Version& pip) {
  std::string path = unquoted(parts.path);
  path.erase(path.find_last_not_of('/') + 1);
  std::string name = path.substr(path.rfind('/') + 1);
  const bool is_no_name = is_at_least(pip, 26, 2) && (name == "." || name == "..");
  if (name.empty() || is_no_name) return parts.netloc.substr(parts.netloc.rfind('@') + 1);
  // Up to 26.1 it was decoded once more.
  return is_at_least(pip, 26, 2) ? name : unquoted(name);
}

}  // namespace

std::optional<Link> parse_link(std::string_view verbatim, const python::Version& pip,
                               const std::vector<Hash>& page_hashes) {
  auto parts = url_split(verbatim);
  if (!parts) return std::nullopt;
  const auto egg = fragment_value(verbatim, "egg=");
  if (egg && is_at_least(pip, 26, 0) && !python::is_valid_name(*egg)) return std::nullopt;
  Link link;
  link.file_name = file_name_of(*parts, pip);
  parts->fragment.clear();
  link.url = url_unsplit(*parts);
  link.hash = hash_for_key(verbatim, pip, page_hashes);
  link.subdirectory = fragment_value(verbatim, "subdirectory=").value_or("");
  return link;
}

}  // namespace wheelfit::pipcache
