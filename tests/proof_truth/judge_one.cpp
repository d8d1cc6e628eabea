// SPDX-License-Identifier: Apache-2.0
// What the proof says of objects in a real environment, with the time it took; for figures and for looking.
#include <chrono>
#include <cstdio>
#include <string>

#include "binary/elf_prefix.hpp"
#include "proof/judge.hpp"

namespace {

using Clock = std::chrono::steady_clock;

double milliseconds_since(Clock::time_point start) {
  return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

void print(const wheelfit::proof::Loadability& result, double milliseconds, const char* object) {
  std::printf("%s  %s  (%.1f ms, %zu symbols, %zu objects, %zu missing)\n",
              std::string(to_string(result.verdict)).c_str(), object, milliseconds, result.needs.symbols,
              result.needs.objects, result.missing.size());
  for (const auto& reason : result.reasons)
    std::printf("  %s: %s\n", std::string(to_string(reason.code)).c_str(), reason.text.english().c_str());
  for (const auto& library : result.needs.libraries)
    std::printf("  needs %s: %s %s\n", library.name.c_str(), std::string(to_string(library.found_by)).c_str(),
                library.path.c_str());
  for (const auto& [family, version] : result.needs.newest_versions)
    std::printf("  newest %s_%s\n", family.c_str(), version.c_str());
}

}  // namespace

int main(int count, char** arguments) {
  if (count < 4) {
    std::printf("usage: judge_one PYTHON SITE[:SITE...] OBJECT...\n");
    return 64;
  }
  wheelfit::proof::PythonProcess python{arguments[1], {}, {}, {}};
  for (const std::string& site : wheelfit::proof::split_path_list(arguments[2]))
    python.site_directories.emplace_back(site);
  wheelfit::proof::LibraryCache cache;
  auto start = Clock::now();
  const auto scope = wheelfit::proof::import_scope(cache, python);
  std::printf("scope: %zu objects, %zu global, torch in '%s' (%.1f ms)\n", scope.process.objects().size(),
              scope.process.global_scope().size(), scope.torch_directory.c_str(), milliseconds_since(start));
  for (int i = 3; i < count; ++i) {
    start = Clock::now();
    const auto result = wheelfit::proof::judge(scope, arguments[i]);
    print(result, milliseconds_since(start), arguments[i]);
    const auto* library = cache.open(arguments[i]).library;
    const auto prefix = library != nullptr ? wheelfit::binary::read_elf_prefix(library->file.bytes())
                                           : tl::unexpected(wheelfit::ParseError{});
    if (!prefix || prefix->state != wheelfit::binary::PrefixState::complete) continue;
    start = Clock::now();
    const auto early = judge_prefix(scope, *prefix, arguments[i]);
    std::printf("  by its first %zu bytes: ", static_cast<std::size_t>(prefix->tables_end));
    print(early, milliseconds_since(start), "");
  }
  return 0;
}
