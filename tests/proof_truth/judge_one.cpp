// SPDX-License-Identifier: Apache-2.0
// What the proof says of objects in a real environment, with the time it took; for figures and for looking.
// For scripts/proof-table a line an object, tabs between:
//   --lines  path, verdict, milliseconds, code and sentence of the first reason, first missing symbol,
//   verdict
//            by the first bytes
//   --gpu    path, images that are compressed, images whose target is not verified, then what cuobjdump would
//            name and how often: "sm_90a.cubin=2"
#include <chrono>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <map>
#include <string>

#include <fmt/core.h>

#include "binary/elf_prefix.hpp"
#include "binary/fatbin.hpp"
#include "proof/fatbin_decompressor.hpp"
#include "proof/judge.hpp"

namespace {

using namespace wheelfit;  // NOLINT: a program of one file
using Clock = std::chrono::steady_clock;

struct Answer {
  std::string object;
  proof::Loadability whole = {};
  double milliseconds = 0;
  bool has_early = false;  // the first bytes suffice for a verdict
  proof::Loadability early = {};
  std::size_t early_bytes = 0;
  double early_milliseconds = 0;
};

double milliseconds_since(Clock::time_point start) {
  return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

Answer ask(proof::LibraryCache& cache, const proof::ImportScope& scope, const char* object) {
  Answer answer;
  answer.object = object;
  auto start = Clock::now();
  answer.whole = proof::judge(scope, object);
  answer.milliseconds = milliseconds_since(start);
  const proof::Library* library = cache.open(object).library;
  if (library == nullptr) return answer;
  const auto prefix = binary::read_elf_prefix(library->file.bytes());
  if (!prefix || prefix->state != binary::PrefixState::complete) return answer;
  start = Clock::now();
  answer.early = proof::judge_prefix(scope, *prefix, std::filesystem::path(object).filename().string());
  answer.early_milliseconds = milliseconds_since(start);
  answer.early_bytes = prefix->tables_end;
  answer.has_early = true;
  return answer;
}

void print(const proof::Loadability& result, double milliseconds, const std::string& object) {
  fmt::print("{}  {}  ({:.1f} ms, {} symbols, {} objects, {} missing)\n", to_string(result.verdict), object,
             milliseconds, result.needs.symbols, result.needs.objects, result.missing.size());
  for (const auto& reason : result.reasons)
    fmt::print("  {}: {}\n", to_string(reason.code), reason.text.english());
  for (const auto& library : result.needs.libraries)
    fmt::print("  needs {}: {} {}\n", library.name, to_string(library.found_by), library.path.string());
  for (const auto& [family, version] : result.needs.newest_versions)
    fmt::print("  newest {}_{}\n", family, version);
}

void print_all(const Answer& answer) {
  print(answer.whole, answer.milliseconds, answer.object);
  if (!answer.has_early) return;
  fmt::print("  by its first {} bytes: ", answer.early_bytes);
  print(answer.early, answer.early_milliseconds, "");
}

// cuobjdump's names of machine code leave the family suffix out.
std::string name_of(const binary::FatbinImage& image) {
  const bool ptx = image.kind == binary::ImageKind::ptx;
  std::string arch = binary::to_string(image.arch);
  if (!ptx && image.arch.suffix == binary::ArchSuffix::f) arch.pop_back();
  return fmt::format("sm_{}.{}", arch, ptx ? "ptx" : "cubin");
}

void print_gpu_code(proof::LibraryCache& cache, const char* object) {
  const proof::Library* library = cache.open(object).library;
  if (library == nullptr) return;
  const auto listing =
      binary::list_fatbins(library->file.bytes(), binary::Depth::payloads, proof::fatbin_decompressor());
  std::map<std::string, int> tally;
  int compressed = 0, unverified = 0;
  for (const auto& container : listing.containers)
    for (const auto& image : container.images) {
      const bool listed = image.kind == binary::ImageKind::ptx || image.kind == binary::ImageKind::cubin;
      if (container.relocatable || !listed) continue;
      ++tally[name_of(image)];
      if (image.compression != binary::Compression::none) ++compressed;
      if (!image.suffix_confirmed) ++unverified;
    }
  fmt::print("{}\t{}\t{}", object, compressed, unverified);
  for (const auto& [name, count] : tally) fmt::print("\t{}={}", name, count);
  fmt::print("\n");
}

int list_gpu_code(int count, char** objects) {
  proof::LibraryCache cache;
  for (int i = 0; i < count; ++i) print_gpu_code(cache, objects[i]);
  return 0;
}

void print_line(const Answer& answer) {
  const auto& [verdict, reasons, needs, missing, not_covered] = answer.whole;
  fmt::print("{}\t{}\t{:.2f}\t{}\t{}\t{}\t{}\n", answer.object, to_string(verdict), answer.milliseconds,
             reasons.empty() ? "" : to_string(reasons.front().code),
             reasons.empty() ? "" : reasons.front().text.english(),
             missing.empty() ? "" : missing.front().demangled,
             answer.has_early ? to_string(answer.early.verdict) : "");
}

}  // namespace

int main(int count, char** arguments) {
  if (count > 2 && std::strcmp(arguments[1], "--gpu") == 0) return list_gpu_code(count - 2, arguments + 2);
  const bool lines = count > 1 && std::strcmp(arguments[1], "--lines") == 0;
  const int first = lines ? 2 : 1;
  if (count < first + 3) {
    fmt::print(
        "usage: judge_one [--lines] PYTHON SITE[:SITE...] OBJECT...\n       judge_one --gpu OBJECT...\n");
    return 64;
  }
  proof::PythonProcess python{arguments[first], {}, {}, {}};
  for (const std::string& site : proof::split_path_list(arguments[first + 1]))
    python.site_directories.emplace_back(site);
  proof::LibraryCache cache;
  const auto start = Clock::now();
  const auto scope = proof::import_scope(cache, python);
  if (!lines)
    fmt::print("scope: {} objects, {} global, torch in '{}' ({:.1f} ms)\n", scope.process.objects().size(),
               scope.process.global_scope().size(), scope.torch_directory.string(),
               milliseconds_since(start));
  for (int i = first + 2; i < count; ++i) {
    const Answer answer = ask(cache, scope, arguments[i]);
    lines ? print_line(answer) : print_all(answer);
  }
  return 0;
}
