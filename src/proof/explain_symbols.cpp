// SPDX-License-Identifier: Apache-2.0
// Why symbols are missing, in the user's terms: another C++ ABI, another torch, another Python, ... One
// reason for each cause, with the first symbol it was seen with.
#include <algorithm>
#include <cctype>
#include <charconv>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "binary/missing_symbol.hpp"
#include "proof/case.hpp"
#include "proof/version_names.hpp"

namespace wheelfit::proof {
namespace {

using binary::MissingCause;

// Each costs a pass over the names of the libraries; further ones seldom have a cause of their own.
constexpr std::size_t most_explained = 8;

struct Exporter {
  std::string file_name;
  bool of_torch = false;
  std::vector<std::string_view> names;
  const binary::ElfImage* image = nullptr;
};

// A symbol's cause is looked for in what the object depends on, not in everything the process has loaded.
std::vector<Exporter> exporters_of(const Case& subject) {
  const std::string torch = subject.scope.torch_directory.string() + "/";
  std::vector<Exporter> exporters;
  for (const std::size_t index : subject.loaded.scope) {
    if (index == subject.loaded.object) continue;
    const LoadedObject& object = subject.process.objects()[index];
    Exporter exporter{object.file_name(), false, {}, &object.library->image};
    exporter.of_torch = torch.size() > 1 && object.path.lexically_normal().string().starts_with(torch);
    exporter.image->for_each_export(
        [&](const binary::ExportedSymbol& symbol) { exporter.names.push_back(symbol.name); });
    exporters.push_back(std::move(exporter));
  }
  return exporters;
}

// "_ZNK3c106Scalar4typeEv" -> "3c10": the outermost namespace as it is mangled; "" where there is none.
std::string_view mangled_namespace(std::string_view symbol) {
  if (!symbol.starts_with("_Z")) return {};
  const auto nested = symbol.find('N');
  if (nested == std::string_view::npos || nested > 4) return {};
  const auto start = symbol.find_first_not_of("KVrRO", nested + 1);
  if (start == std::string_view::npos) return {};
  std::size_t length = 0;
  const auto [end, error] = std::from_chars(symbol.data() + start, symbol.data() + symbol.size(), length);
  if (error != std::errc{}) return {};
  const auto digits = static_cast<std::size_t>(end - (symbol.data() + start));
  return length > symbol.size() ? std::string_view{} : symbol.substr(start, digits + length);
}

bool is_torch_namespace(std::string_view symbol, const std::vector<Exporter>& exporters) {
  const std::string_view space = mangled_namespace(symbol);
  return !space.empty() && std::ranges::any_of(exporters, [&](const Exporter& exporter) {
    return exporter.of_torch && std::ranges::any_of(exporter.names, [&](std::string_view name) {
             return mangled_namespace(name) == space;
           });
  });
}

struct Explanation {
  binary::MissingSymbol found;
  const Exporter* exporter = nullptr;
};

// The nearest thing that any library offers: the other ABI, then another version, then another signature.
Explanation nearest(const MissingReference& missing, const std::vector<Exporter>& exporters) {
  Explanation best;
  best.found.wanted = missing.demangled;
  for (const Exporter& exporter : exporters) {
    binary::MissingSymbol found = binary::explain_missing(missing.symbol, exporter.names);
    const bool elsewhere = std::ranges::find(exporter.names, missing.symbol) != exporter.names.end();
    if (elsewhere) found = {MissingCause::other_version, missing.demangled, {}};
    if (found.cause == MissingCause::absent) continue;
    if (best.exporter == nullptr || found.cause < best.found.cause) best = {std::move(found), &exporter};
    if (best.found.cause == MissingCause::other_cxx_abi) break;
  }
  return best;
}

bool wants_new_abi(const MissingReference& missing) {
  return missing.symbol.find("__cxx11") != std::string::npos ||
         missing.symbol.find("B5cxx11") != std::string::npos;
}

std::string versioned(const MissingReference& missing) {
  return missing.version.empty() ? missing.demangled : missing.demangled + "@" + missing.version;
}

Reason reason_of_absent(const MissingReference& missing, const std::vector<Exporter>& exporters) {
  if (missing.symbol.starts_with("Py") || missing.symbol.starts_with("_Py"))
    return {ReasonCode::python_tag,
            text("{} wants {}, which this Python does not have", missing.wanted_by, missing.demangled),
            {}};
  if (is_torch_namespace(missing.symbol, exporters))
    return {ReasonCode::torch_minor,
            text("{} wants {}, which this torch does not have", missing.wanted_by, missing.demangled),
            {}};
  return {ReasonCode::missing_symbol,
          text("{} wants {}, which no library it is linked with has", missing.wanted_by, versioned(missing)),
          {}};
}

Reason reason_of(const MissingReference& missing, const std::vector<Exporter>& exporters) {
  const Explanation why = nearest(missing, exporters);
  if (why.exporter == nullptr) return reason_of_absent(missing, exporters);
  const std::string& there = why.exporter->file_name;
  switch (why.found.cause) {
    case MissingCause::other_cxx_abi:
      if (wants_new_abi(missing))
        return {ReasonCode::cxx11_abi,
                text("{} is built for the C++11 ABI, {} has the old one: {} is missing", missing.wanted_by,
                     there, missing.demangled),
                {}};
      return {ReasonCode::cxx11_abi,
              text("{} is built for the old C++ ABI, {} has the C++11 one: {} is missing", missing.wanted_by,
                   there, missing.demangled),
              {}};
    case MissingCause::signature_changed:
      return {why.exporter->of_torch ? ReasonCode::torch_minor : ReasonCode::missing_symbol,
              text("{} wants {}, {} has {}", missing.wanted_by, missing.demangled, there,
                   why.found.offered.empty() ? std::string{} : why.found.offered.front()),
              {}};
    default:
      return {
          code_of_version(missing.version),
          text("{} wants {}, {} has it with another version", missing.wanted_by, versioned(missing), there),
          {}};
  }
}

}  // namespace

void explain_missing_symbols(Case& subject) {
  if (subject.libraries_known) subject.result.verdict = Verdict::refused;
  const std::vector<Exporter> exporters = exporters_of(subject);
  std::vector<std::pair<ReasonCode, std::string>> said;  // code and pattern: one of each
  std::size_t explained = 0;
  for (const MissingReference& missing : subject.result.missing) {
    if (subject.missing_versions.contains(missing.version)) continue;
    if (++explained > most_explained) break;
    Reason reason = reason_of(missing, exporters);
    const std::pair cause{reason.code, std::string(reason.text.pattern())};
    if (std::ranges::find(said, cause) != said.end()) continue;
    said.push_back(cause);
    subject.take(std::move(reason));
  }
}

}  // namespace wheelfit::proof
