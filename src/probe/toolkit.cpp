// SPDX-License-Identifier: Apache-2.0
#include "probe/toolkit.hpp"

#include <nlohmann/json.hpp>

#include "probe/text_scan.hpp"
#include "probe/variable_list.hpp"
#include "probe/witnesses.hpp"

namespace wheelfit::probe {
namespace {

struct Place {
  std::filesystem::path home;
  std::string source;
};

std::vector<Place> places(const Interpreter& interpreter, const system::EnvironmentVariables& variables,
                          const RootedFiles& files) {
  std::vector<Place> found;
  for (const char* name : {"CUDA_HOME", "CUDA_PATH"}) {
    if (const auto home = variables.get_nonempty(name)) {
      found.push_back({files.environment(std::filesystem::path(*home)), name});
    }
  }
  if (interpreter.prefix.known()) found.push_back({*interpreter.prefix, interpreter.prefix->string()});
  for (const std::string& directory : variable_list(variables, "PATH")) {
    found.push_back({files.environment(std::filesystem::path(directory)).parent_path(), "PATH"});
  }
  found.push_back({files.machine("/usr/local/cuda"), "/usr/local/cuda"});
  return found;
}

// All of them say it near their beginning; cuda.h goes on for a megabyte.
constexpr std::size_t beginning = std::size_t{64} << 10;

Fact<python::Version> version_at(const std::filesystem::path& home) {
  using Read = std::optional<python::Version> (*)(std::string_view);
  const std::pair<const char*, Read> witnesses[] = {
      {"version.json", version_in_toolkit_json},
      {"version.txt", version_in_toolkit_text},
      {"include/cuda.h", version_in_cuda_header},
      {"targets/x86_64-linux/include/cuda.h", version_in_cuda_header},
      {"targets/sbsa-linux/include/cuda.h", version_in_cuda_header},
  };
  Fact<python::Version> version;
  for (const auto& [name, read] : witnesses) {
    const auto text = read_file(home / name, beginning);
    const auto said = text ? read(*text) : std::nullopt;
    // version.json is exact (12.4.1), cuda.h is not (12.4).
    if (said) add_witness(version, *said, (home / name).string(), python::same_release_prefix);
  }
  return version;
}

}  // namespace

std::optional<python::Version> version_in_toolkit_json(std::string_view json) {
  const auto document = nlohmann::json::parse(json, nullptr, false);
  if (!document.is_object()) return std::nullopt;
  for (const char* part : {"cuda_nvcc", "cuda"}) {
    const auto found = document.find(part);
    if (found == document.end() || !found->is_object() || !found->contains("version")) continue;
    const auto& version = (*found)["version"];
    if (version.is_string()) return leading_version(version.get_ref<const std::string&>());
  }
  return std::nullopt;
}

std::optional<python::Version> version_in_cuda_header(std::string_view header) {
  constexpr std::string_view define = "#define CUDA_VERSION ";
  const std::size_t at = header.find(define);
  if (at == std::string_view::npos) return std::nullopt;
  const auto number = leading_version(trimmed(header.substr(at + define.size(), 16)));
  if (!number || number->major() < 1000) return std::nullopt;
  return leading_version(std::to_string(number->major() / 1000) + "." +
                         std::to_string(number->major() % 1000 / 10));
}

std::optional<python::Version> version_in_toolkit_text(std::string_view text) {
  constexpr std::string_view words = "CUDA Version ";
  const std::size_t at = text.find(words);
  return at == std::string_view::npos ? std::nullopt : leading_version(text.substr(at + words.size()));
}

Toolkit find_toolkit(const Interpreter& interpreter, const system::EnvironmentVariables& variables,
                     const RootedFiles& files) {
  Toolkit toolkit;
  for (const Place& place : places(interpreter, variables, files)) {
    const std::filesystem::path nvcc = place.home / "bin/nvcc";
    if (!file_exists(nvcc)) continue;
    toolkit.nvcc = {nvcc, place.source};
    toolkit.version = version_at(place.home);
    // /usr/bin/nvcc may be a link into the toolkit proper.
    const auto real = toolkit.version.known() ? std::nullopt : files.followed(nvcc);
    if (real) toolkit.version = version_at(real->parent_path().parent_path());
    return toolkit;
  }
  toolkit.nvcc.source = "CUDA_HOME, PATH, /usr/local/cuda: none";
  return toolkit;
}

}  // namespace wheelfit::probe
