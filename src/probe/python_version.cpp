// SPDX-License-Identifier: Apache-2.0
#include "probe/python_version.hpp"

#include <functional>
#include <nlohmann/json.hpp>

#include "binary/bytes.hpp"
#include "probe/text_scan.hpp"
#include "probe/witnesses.hpp"

namespace wheelfit::probe {
namespace {

using MaybeVersion = std::optional<python::Version>;

bool same_as_far_as_known(const python::Version& left, const python::Version& right) {
  return python::same_release_prefix(left, right);
}

class VersionWitnesses {
 public:
  VersionWitnesses(const PythonLayout& layout, const RootedFiles& files) : layout_(layout), files_(files) {}

  Fact<python::Version> fact() {
    ask_conda();
    if (layout_.base_prefix) ask_base(*layout_.base_prefix);
    ask_pyvenv_cfg();
    if (!fact_.known()) ask_binaries();
    if (!layout_.library_name.empty()) add(leading_version(layout_.short_version()), layout_.library_name);
    return std::move(fact_);
  }

 private:
  void add(const MaybeVersion& version, const std::filesystem::path& source) {
    if (version) add_witness(fact_, *version, source.string(), same_as_far_as_known);
  }

  template <typename Read>
  void ask_file(const std::filesystem::path& file, const Read& read) {
    if (const auto content = read_file(file)) add(read(*content), file);
  }

  void ask_conda() {
    const std::filesystem::path directory = layout_.base_prefix.value_or(layout_.prefix) / "conda-meta";
    for (const std::string& name : names_in(directory)) add(version_in_conda_name(name), directory / name);
  }

  void ask_base(const std::filesystem::path& base) {
    ask_file(base / "include" / layout_.name_with_flags() / "patchlevel.h", version_in_patchlevel);
    ask_file(*layout_.standard_library / "build-details.json", version_in_build_details);
    if (base != files_.machine("/usr")) return;
    ask_file(files_.machine("/var/lib/dpkg/status"), [this](std::string_view status) {
      return version_in_dpkg_status(status, layout_.library_name + "-minimal");
    });
    ask_file(files_.machine("/lib/apk/db/installed"),
             [](std::string_view installed) { return version_in_apk_list(installed, "python3"); });
  }

  void ask_pyvenv_cfg() {
    if (!layout_.is_virtual()) return;
    for (const char* key : {"version_info", "version"}) {
      if (const auto said = layout_.pyvenv_cfg->get(key)) {
        // virtualenv and uv may write 3.11.7.final.0.
        add(leading_version(said->substr(0, said->find(".final"))), layout_.prefix / "pyvenv.cfg");
      }
    }
  }

  void ask_binaries() {
    std::vector<std::filesystem::path> candidates;
    if (layout_.real_executable) candidates.push_back(*layout_.real_executable);
    if (layout_.base_prefix) {
      candidates.push_back(*layout_.base_prefix / layout_.library_folder /
                           ("lib" + layout_.name_with_flags() + ".so.1.0"));
    }
    for (const std::filesystem::path& path : candidates) {
      if (fact_.known()) return;
      const auto file = map_file(path);
      if (file) add(version_in_binary(binary::Bytes(file->bytes()).text(), layout_.short_version()), path);
    }
  }

  const PythonLayout& layout_;
  const RootedFiles& files_;
  Fact<python::Version> fact_;
};

// The value of `key` in the paragraph that starts with `start`.
MaybeVersion version_in_paragraph(std::string_view text, const std::string& start, std::string_view key) {
  const std::size_t at = text.starts_with(std::string_view(start).substr(1)) ? 0 : text.find(start);
  if (at == std::string_view::npos) return std::nullopt;
  const std::string_view paragraph = text.substr(at, text.find("\n\n", at) - at);
  const std::size_t value = paragraph.find(key);
  if (value == std::string_view::npos) return std::nullopt;
  return leading_version(paragraph.substr(value + key.size()));
}

}  // namespace

Fact<python::Version> python_version(const PythonLayout& layout, const RootedFiles& files) {
  return VersionWitnesses(layout, files).fact();
}

MaybeVersion version_in_patchlevel(std::string_view header) {
  constexpr std::string_view name = "PY_VERSION ";
  const std::size_t at = header.find(name);
  if (at == std::string_view::npos) return std::nullopt;
  const std::string_view line = header.substr(at, header.find('\n', at) - at);
  const std::size_t open = line.find('"');
  const std::size_t close = line.rfind('"');
  if (open == std::string_view::npos || close <= open) return std::nullopt;
  std::string_view spelled = line.substr(open + 1, close - open - 1);
  if (spelled.ends_with('+')) spelled.remove_suffix(1);  // a build from between two releases
  const auto version = python::Version::parse(spelled);
  return version ? std::optional(*version) : std::nullopt;
}

MaybeVersion version_in_build_details(std::string_view json) {
  const auto document = nlohmann::json::parse(json, nullptr, false);
  if (!document.is_object()) return std::nullopt;
  const auto implementation = document.find("implementation");
  if (implementation == document.end() || !implementation->is_object() ||
      !implementation->contains("version")) {
    return std::nullopt;
  }
  const auto& version = (*implementation)["version"];
  std::string spelled;
  for (const char* part : {"major", "minor", "micro"}) {
    if (!version.is_object() || !version.contains(part) || !version[part].is_number_unsigned())
      return std::nullopt;
    spelled += (spelled.empty() ? "" : ".") + std::to_string(version[part].get<unsigned>());
  }
  return leading_version(spelled);
}

MaybeVersion version_in_dpkg_status(std::string_view status, std::string_view package) {
  return version_in_paragraph(status, "\nPackage: " + std::string(package) + "\n", "\nVersion: ");
}

MaybeVersion version_in_apk_list(std::string_view installed, std::string_view package) {
  return version_in_paragraph(installed, "\nP:" + std::string(package) + "\n", "\nV:");
}

MaybeVersion version_in_conda_name(std::string_view file_name) {
  constexpr std::string_view stem = "python-";
  if (!file_name.starts_with(stem) || !file_name.ends_with(".json") || file_name.size() <= stem.size() ||
      !is_digit(file_name[stem.size()])) {
    return std::nullopt;
  }
  file_name.remove_prefix(stem.size());
  const auto version = python::Version::parse(file_name.substr(0, file_name.find('-')));
  return version ? std::optional(*version) : std::nullopt;
}

MaybeVersion version_in_binary(std::string_view bytes, std::string_view short_version) {
  if (short_version.empty()) return std::nullopt;
  const std::string wanted = '\0' + std::string(short_version) + ".";
  for (std::size_t at = bytes.find(wanted); at != std::string_view::npos; at = bytes.find(wanted, at + 1)) {
    std::string_view spelled = bytes.substr(at + 1, 16);
    const std::size_t end = spelled.find('\0');
    if (end == std::string_view::npos) continue;
    spelled = spelled.substr(0, end);
    if (spelled.ends_with('+')) spelled.remove_suffix(1);
    const auto version = python::Version::parse(spelled);
    if (version && version->release().size() == 3) return *version;
  }
  return std::nullopt;
}

}  // namespace wheelfit::probe
