// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "proof/case.hpp"
#include "proof/version_names.hpp"

namespace wheelfit::proof {
namespace {

// Libraries whose number is CUDA's major version.
constexpr std::array<std::string_view, 5> cuda_numbered{"libcudart.so.", "libcublas.so.", "libcublasLt.so.",
                                                        "libnvrtc.so.", "libnvJitLink.so."};

// The same library with another number, among what is loaded.
std::optional<std::string> other_number(const Process& process, std::string_view name) {
  const auto found = name.find(".so.");
  if (found == std::string_view::npos) return std::nullopt;
  const std::string_view stem = name.substr(0, found + 4);
  for (std::size_t object = 0; object < process.objects().size(); ++object)
    if (process.image(object).soname().starts_with(stem)) return std::string(process.image(object).soname());
  return std::nullopt;
}

bool is_torch_library(std::string_view name) {
  return name.starts_with("libtorch") || name.starts_with("libc10");
}
bool is_accelerated(std::string_view name) {
  return name.find("_cuda") != std::string_view::npos || name.find("_hip") != std::string_view::npos;
}

// The newest that is missing of one library speaks for the older ones.
struct Worst {
  std::string_view name;
  std::vector<unsigned> parts;
};

}  // namespace

Reason reason_of_absence(const Case& subject, const std::string& wanted_by, const std::string& name) {
  const auto other = other_number(subject.process, name);
  const bool by_cuda =
      std::ranges::any_of(cuda_numbered, [&](std::string_view stem) { return name.starts_with(stem); });
  if (by_cuda && other)
    return {ReasonCode::cuda_major,
            text("{} needs {}, here is {}: another CUDA major", wanted_by, name, *other),
            {}};
  if (is_torch_library(name) && subject.scope.torch_directory.empty())
    return {ReasonCode::torch_missing, text("{} needs {}: torch is not installed", wanted_by, name), {}};
  if (is_torch_library(name) && is_accelerated(name))
    return {ReasonCode::torch_build,
            text("{} needs {}, which this build of torch does not have", wanted_by, name),
            {}};
  if (name.starts_with("libpython") && other)
    return {
        ReasonCode::python_tag, text("{} needs {}, here is {}: another Python", wanted_by, name, *other), {}};
  if (name.starts_with("libc.musl"))
    return {
        ReasonCode::platform, text("{} needs {}: it is built for musl, not for glibc", wanted_by, name), {}};
  if (other)
    return {ReasonCode::missing_library, text("{} needs {}, here is {}", wanted_by, name, *other), {}};
  return {ReasonCode::missing_library, text("{} needs {}, which is not found", wanted_by, name), {}};
}

void check_version_need(Case& subject, const std::string& wanted_by, const binary::VersionNeed& need) {
  const auto provider = subject.process.find(need.library);
  if (!provider || subject.process.image(*provider).version_definitions().empty()) return;
  const binary::ElfImage& image = subject.process.image(*provider);
  std::optional<Worst> worst;
  for (const binary::RequiredVersion& version : need.versions) {
    if (version.weak || image.defines_version(version.name)) continue;
    subject.missing_versions.emplace(version.name);
    auto numbered = numbered_version(version.name);
    auto parts = numbered ? std::move(numbered->parts) : std::vector<unsigned>{};
    if (!worst || parts > worst->parts) worst = Worst{version.name, std::move(parts)};
  }
  if (!worst) return;
  const auto numbered = numbered_version(worst->name);
  const std::string_view newest = numbered ? newest_defined(image, numbered->family) : std::string_view{};
  const std::string path = subject.process.objects()[*provider].path.string();
  if (newest.empty())
    subject.refuse(code_of_version(worst->name),
                   text("{} needs {}, which {} does not have", wanted_by, worst->name, path));
  else
    subject.refuse(code_of_version(worst->name),
                   text("{} needs {}, {} has up to {}", wanted_by, worst->name, path, newest));
}

void check_libraries(Case& subject) {
  std::set<std::string> said;
  for (const Need& need : subject.loaded.needs) {
    if (need.result.library != nullptr || !said.insert(need.name).second) continue;
    const std::string wanted_by = subject.process.objects()[need.wanted_by].file_name();
    if (need.result.found_by != FoundBy::nothing)
      subject.refuse(ReasonCode::missing_library, text("{} needs {}, but {} is {}", wanted_by, need.name,
                                                       need.result.path.string(), need.result.problem));
    else if (!need.result.problem.empty())
      subject.refuse(ReasonCode::missing_library, text("{} needs {}, of which there is only one {}",
                                                       wanted_by, need.name, need.result.problem));
    else
      subject.take(reason_of_absence(subject, wanted_by, need.name));
  }
}

void check_versions(Case& subject) {
  for (const std::size_t object : subject.loaded.added)
    for (const binary::VersionNeed& need : subject.process.image(object).version_needs())
      check_version_need(subject, subject.process.objects()[object].file_name(), need);
}

}  // namespace wheelfit::proof
