// SPDX-License-Identifier: Apache-2.0
#include "diagnose/other_proxies.hpp"

#include <algorithm>
#include <regex>

#include "system/ascii.hpp"
#include "system/files.hpp"

namespace wheelfit::diagnose {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t largest_file = 1U << 20U;

template <typename Function>
void for_each_line(std::string_view text, Function&& function) {
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    const std::size_t begin = line.find_first_not_of(" \t\r");
    if (begin != std::string_view::npos) {
      const std::size_t last = line.find_last_not_of(" \t\r");
      function(line.substr(begin, last - begin + 1), begin > 0);
    }
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

// Without quotes and what follows a blank or a comment sign; "" for what is no address of a proxy.
std::string address_in(std::string_view value) {
  const std::size_t begin = value.find_first_not_of(" \t\"'");
  if (begin == std::string_view::npos) return "";
  value.remove_prefix(begin);
  return std::string(value.substr(0, value.find_first_of(" \t\"';")));
}

void add(std::vector<std::string>& found, std::string_view value) {
  std::string address = address_in(value);
  const bool shaped = address.find("://") != std::string::npos || address.find(':') != std::string::npos;
  if (shaped && std::find(found.begin(), found.end(), address) == found.end())
    found.push_back(std::move(address));
}

// "key = value" or "key: value" at `sign`; the key in lower case.
bool is_key(std::string_view line, char sign, std::initializer_list<std::string_view> keys,
            std::string_view& value) {
  const std::size_t at = line.find(sign);
  if (at == std::string_view::npos) return false;
  std::string key = system::ascii_lower(line.substr(0, at));
  while (!key.empty() && (key.back() == ' ' || key.back() == '\t')) key.pop_back();
  value = line.substr(at + 1);
  return std::find(keys.begin(), keys.end(), key) != keys.end();
}

using Parser = std::vector<std::string> (*)(std::string_view);

void read_into(std::vector<Fact<std::string>>& found, const fs::path& file, Parser parse) {
  std::error_code failed;
  if (!fs::is_regular_file(file, failed)) return;
  for (std::string& address : parse(system::read_file_if_any(file, largest_file).value_or(""))) {
    const bool known =
        std::any_of(found.begin(), found.end(), [&](const auto& each) { return *each == address; });
    if (!known) found.emplace_back(std::move(address), file.string());
  }
}

}  // namespace

std::vector<std::string> proxies_in_gitconfig(std::string_view text) {
  std::vector<std::string> found;
  bool of_http = false;
  for_each_line(text, [&](std::string_view line, bool) {
    std::string_view value;
    if (line.starts_with('[')) {
      of_http = system::ascii_lower(line).starts_with("[http");
    } else if (of_http && is_key(line, '=', {"proxy"}, value)) {
      add(found, value);
    }
  });
  return found;
}

std::vector<std::string> proxies_in_apt_conf(std::string_view text) {
  static const std::regex setting(R"(^\s*Acquire::https?::Proxy\s+"([^"]+)\")", std::regex::icase);
  std::vector<std::string> found;
  for_each_line(text, [&](std::string_view line, bool) {
    std::match_results<std::string_view::const_iterator> match;
    if (std::regex_search(line.begin(), line.end(), match, setting)) add(found, match[1].str());
  });
  return found;
}

std::vector<std::string> proxies_in_condarc(std::string_view text) {
  std::vector<std::string> found;
  bool inside = false;
  for_each_line(text, [&](std::string_view line, bool indented) {
    std::string_view value;
    if (!indented) inside = line.starts_with("proxy_servers:");
    if (inside && indented && is_key(line, ':', {"http", "https"}, value)) add(found, value);
  });
  return found;
}

std::vector<std::string> proxies_in_assignments(std::string_view text) {
  std::vector<std::string> found;
  for_each_line(text, [&](std::string_view line, bool) {
    std::string_view value;
    if (line.starts_with("export ")) line.remove_prefix(7);
    if (is_key(line, '=', {"https_proxy", "http_proxy", "all_proxy"}, value)) add(found, value);
  });
  return found;
}

std::vector<Fact<std::string>> find_other_proxies(const system::EnvironmentVariables& variables,
                                                  const fs::path& root) {
  std::vector<Fact<std::string>> found;
  if (const auto home = variables.get_nonempty("HOME")) {
    read_into(found, fs::path(*home) / ".gitconfig", proxies_in_gitconfig);
    read_into(found, fs::path(*home) / ".condarc", proxies_in_condarc);
    read_into(found, fs::path(*home) / ".wgetrc", proxies_in_assignments);
  }
  const fs::path etc = root / "etc";
  read_into(found, etc / "gitconfig", proxies_in_gitconfig);
  read_into(found, etc / "environment", proxies_in_assignments);
  read_into(found, etc / "wgetrc", proxies_in_assignments);
  read_into(found, etc / "apt/apt.conf", proxies_in_apt_conf);
  std::error_code failed;
  for (const auto& entry : fs::directory_iterator(etc / "apt/apt.conf.d", failed))
    read_into(found, entry.path(), proxies_in_apt_conf);
  return found;
}

}  // namespace wheelfit::diagnose
