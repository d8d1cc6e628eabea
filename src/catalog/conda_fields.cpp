// SPDX-License-Identifier: Apache-2.0
#include "catalog/conda_fields.hpp"

#include <algorithm>
#include <cctype>
#include <string_view>

#include "python/package_name.hpp"

namespace wheelfit::catalog {
namespace {

constexpr const char* said_by = "what the package depends on, as its channel lists it";

// "pytorch >=2.7.1,<2.8.0a0 cuda*" in its three words.
struct Dependency {
  std::string_view versions;
  std::string_view build;
};

std::string_view take_word(std::string_view& rest) {
  const std::size_t begin = std::min(rest.find_first_not_of(' '), rest.size());
  rest.remove_prefix(begin);
  const std::string_view word = rest.substr(0, rest.find(' '));
  rest.remove_prefix(word.size());
  return word;
}

// The one that says most: a package may be named twice, once for its version and once for its build.
std::optional<Dependency> dependency(const index::CondaRecord& record, std::string_view name) {
  std::optional<Dependency> found;
  for (const std::string& line : record.depends) {
    std::string_view rest = line;
    if (take_word(rest) != name) continue;
    const std::string_view versions = take_word(rest);
    const Dependency one{versions, take_word(rest)};
    if (!found || found->versions.empty() || found->versions == "*") found = one;
  }
  return found;
}

// The first number of ">=2.7.1,<2.8.0a0": 2.7.1.
std::optional<python::Version> lowest(std::string_view versions) {
  const std::size_t begin = versions.find_first_of("0123456789");
  if (begin == std::string_view::npos) return std::nullopt;
  std::string_view number = versions.substr(begin, versions.find_first_not_of("0123456789.", begin) - begin);
  while (number.ends_with('.')) number.remove_suffix(1);
  const auto parsed = python::Version::parse(number);
  return parsed ? std::optional(*parsed) : std::nullopt;
}

std::string minor_text(const python::Version& version) {
  return std::to_string(version.major()) + "." + std::to_string(version.minor());
}

// Whether no other minor release is admitted: "2.7.*", ">=2.7.1,<2.8.0a0", "==2.7.1".
bool names_one_minor(std::string_view versions) {
  const auto low = lowest(versions);
  if (!low || low->release().size() < 2) return false;
  const std::size_t below = versions.find('<');
  if (below == std::string_view::npos) return versions.find('>') == std::string_view::npos;
  const auto high = lowest(versions.substr(below));
  return high && high->major() == low->major() && high->minor() == low->minor() + 1;
}

// "cp312-cp312": of "python_abi 3.12.* *_cp312", else of "python >=3.12,<3.13.0a0".
std::string python_tags(const index::CondaRecord& record) {
  if (const auto abi = dependency(record, "python_abi");
      abi && abi->build.find("_cp") != std::string_view::npos) {
    const std::string tag(abi->build.substr(abi->build.find("_cp") + 1));
    const std::size_t letters = tag.find_first_not_of("0123456789", 2);
    return tag.substr(0, letters) + "-" + tag;
  }
  const auto python = dependency(record, "python");
  if (!python || !names_one_minor(python->versions)) return "py3-none";
  const python::Version version = *lowest(python->versions);
  const std::string tag = "cp" + std::to_string(version.major()) + std::to_string(version.minor());
  return tag + "-" + tag;
}

std::string platform_of(const std::string& subdir) {
  if (subdir == "linux-64") return "linux_x86_64";
  if (subdir == "linux-aarch64") return "linux_aarch64";
  return "any";
}

void add_torch(const index::CondaRecord& record, WheelFields& fields) {
  for (const char* name : {"pytorch", "libtorch"}) {
    const auto torch = dependency(record, name);
    if (!torch || !names_one_minor(torch->versions)) continue;
    const auto version = python::Version::parse(minor_text(*lowest(torch->versions)));
    if (version) fields.torch = *version;
    return;
  }
}

void add_cuda(const index::CondaRecord& record, WheelFields& fields) {
  for (const char* name : {"cuda-version", "cudatoolkit", "cuda-cudart"}) {
    const auto cuda = dependency(record, name);
    const auto version = cuda ? lowest(cuda->versions) : std::nullopt;
    if (!version) continue;
    fields.cuda = CudaTag{static_cast<int>(version->major()), std::nullopt};
    return;
  }
}

void add_floors(const index::CondaRecord& record, Candidate& candidate) {
  const auto glibc = dependency(record, "__glibc");
  if (const auto version = glibc ? lowest(glibc->versions) : std::nullopt) {
    candidate.knowledge.edit().glibc = Sourced<python::Version>{*version, said_by};
    candidate.knowledge.edit().glibc_certain = true;
  }
  const auto python = dependency(record, "python");
  if (!python || record.noarch.empty()) return;
  if (auto wanted = python::SpecifierSet::parse(python->versions))
    candidate.requires_python = std::move(*wanted);
}

}  // namespace

std::optional<Candidate> conda_candidate(const index::CondaRecord& record, const std::string& subdir) {
  const std::string wheel = python::file_name_form(record.name) + "-" + record.version + "-" +
                            python_tags(record) + "-" + platform_of(subdir) + ".whl";
  auto fields = parse_wheel_fields(wheel);
  if (!fields) return std::nullopt;
  add_torch(record, *fields);
  add_cuda(record, *fields);
  Candidate candidate;
  candidate.name = record.file_name;
  candidate.fields = std::move(*fields);
  if (!record.sha256.empty()) candidate.sha256 = record.sha256;
  candidate.size = record.size;
  candidate.release_order = static_cast<int>(std::min<std::int64_t>(record.build_number, 1'000'000));
  add_floors(record, candidate);
  return candidate;
}

}  // namespace wheelfit::catalog
