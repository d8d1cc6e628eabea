// SPDX-License-Identifier: Apache-2.0
#include "pipcache/cache_key.hpp"

#include <array>
#include <map>
#include <utility>

#include <nlohmann/json.hpp>

#include "pipcache/pip_release.hpp"
#include "system/sha224.hpp"

namespace wheelfit::pipcache {
namespace {

// packaging.tags.INTERPRETER_SHORT_NAMES
constexpr std::array<std::pair<std::string_view, std::string_view>, 5> brief_names{
    {{"python", "py"}, {"cpython", "cp"}, {"pypy", "pp"}, {"ironpython", "ip"}, {"jython", "jy"}}};

std::filesystem::path directory_of(std::string_view key) {
  const std::string hash = system::sha224_hex(key);
  return std::filesystem::path("wheels") / hash.substr(0, 2) / hash.substr(2, 2) / hash.substr(4, 2) /
         hash.substr(6);
}

}  // namespace

KeyInterpreter key_interpreter(std::string_view implementation, const python::Version& version) {
  KeyInterpreter interpreter;
  interpreter.name = implementation;
  for (const auto& [full, brief] : brief_names) {
    if (implementation == full) interpreter.name = brief;
  }
  interpreter.version = std::to_string(version.major()) + std::to_string(version.minor());
  return interpreter;
}

std::filesystem::path key_directory(const Link& link, const KeyInterpreter& interpreter) {
  std::map<std::string, std::string> parts{{"url", link.url}};
  if (link.hash) parts[link.hash->algorithm] = link.hash->hex;
  if (!link.subdirectory.empty()) parts["subdirectory"] = link.subdirectory;
  parts["interpreter_name"] = interpreter.name;
  parts["interpreter_version"] = interpreter.version;
  // Sorted, without blanks, in ASCII: as json.dumps() writes it for pip.
  using nlohmann::json;
  return directory_of(json(parts).dump(-1, ' ', true, json::error_handler_t::replace));
}

std::filesystem::path legacy_key_directory(const Link& link) {
  return directory_of(link.hash ? link.url + "#" + link.hash->algorithm + "=" + link.hash->hex : link.url);
}

std::vector<std::filesystem::path> key_directories(const Link& link, const KeyInterpreter& interpreter,
                                                   const python::Version& pip) {
  if (!is_at_least(pip, 20, 0)) return {legacy_key_directory(link)};
  std::vector<std::filesystem::path> all{key_directory(link, interpreter)};
  if (!is_at_least(pip, 21, 0)) all.push_back(legacy_key_directory(link));
  return all;
}

std::vector<std::filesystem::path> key_directories(std::string_view verbatim,
                                                   const std::vector<Hash>& page_hashes,
                                                   const KeyInterpreter& interpreter,
                                                   const python::Version& pip) {
  const auto link = parse_link(verbatim, pip, page_hashes);
  return link ? key_directories(*link, interpreter, pip) : std::vector<std::filesystem::path>();
}

}  // namespace wheelfit::pipcache
