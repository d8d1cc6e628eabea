// SPDX-License-Identifier: Apache-2.0
// judge() against real loading. Never a false "fits"; a "refused" only where the loader refuses.
#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "binary/elf_prefix.hpp"
#include "proof/judge.hpp"
#include "real_loader.hpp"
#include "support/elf_builder.hpp"

namespace wheelfit::proof {
namespace {

namespace fs = std::filesystem;
using test::Loading;
using ::testing::IsEmpty;

bool command_exists(const std::string& command) {
  return std::system(("command -v " + command + " >/dev/null 2>&1").c_str()) == 0;
}

std::string output_of(const std::string& command) {
  std::string output;
  FILE* pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) return output;
  std::array<char, 4096> block{};
  for (std::size_t size = 0; (size = fread(block.data(), 1, block.size(), pipe)) > 0;)
    output.append(block.data(), size);
  pclose(pipe);
  return output;
}

// Every file that calls itself a shared object, linker scripts and 32-bit ones among them.
std::vector<fs::path> shared_objects_below(const std::vector<fs::path>& directories) {
  std::set<fs::path> found;
  for (const fs::path& directory : directories) {
    std::error_code none;
    constexpr auto options = fs::directory_options::skip_permission_denied;
    for (fs::recursive_directory_iterator at(directory, options, none), end; !none && at != end;
         at.increment(none))
      if (at->is_regular_file(none) && at->path().filename().string().find(".so") != std::string::npos)
        found.insert(fs::canonical(at->path()));
  }
  return {found.begin(), found.end()};
}

bool is_object_name(const fs::path& path) {
  const std::string name = path.filename().string();
  return name.ends_with(".so") || name.find(".so.") != std::string::npos;
}

struct Tally {
  std::size_t compared = 0, fits = 0, refused = 0, unproven = 0, died = 0;
  std::vector<std::string> wrong;

  void take(const fs::path& object, const Loadability& ours, const test::Judgement& truth) {
    // An object whose constructor ends the process was loaded; what its constructor does is not in the proof.
    const bool loads = truth.loading != Loading::fails;
    ++compared;
    if (truth.loading == Loading::dies) ++died;
    if (ours.verdict == Verdict::unproven) ++unproven;
    if (ours.verdict == Verdict::fits) ++fits;
    if (ours.verdict == Verdict::refused) ++refused;
    const bool agree = ours.verdict == Verdict::unproven || (ours.verdict == Verdict::fits) == loads;
    if (agree) return;
    std::string line = object.string() + ": " + std::string(to_string(ours.verdict)) + ", really " +
                       (loads ? "loads" : truth.words);
    for (const Reason& reason : ours.reasons) line += "; " + reason.text.english();
    wrong.push_back(line);
  }
};

// WHEELFIT_TRUTH_SECONDS bounds the sample; 0 compares every object there is.
TEST(ProofTruth, SaysOfSystemLibrariesWhatTheLoaderSays) {
  if (!command_exists("gcc")) GTEST_SKIP() << "needs gcc";
  auto objects =
      shared_objects_below({"/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/lib64",
                            "/usr/local/cuda/lib64", "/usr/lib/llvm-14", "/usr/lib/gcc", "/usr/lib32"});
  std::erase_if(objects, [](const fs::path& path) { return !is_object_name(path); });
  if (objects.empty()) GTEST_SKIP() << "no library directory of a known layout";
  const test::RealLoader loader;
  LibraryCache cache;
  const ImportScope scope = import_scope(cache, {loader.program(), {}, {}, {}});
  ASSERT_THAT(scope.doubts, IsEmpty());
  const char* set = std::getenv("WHEELFIT_TRUTH_SECONDS");
  const std::chrono::seconds budget(set != nullptr ? std::atoi(set) : 4);
  const auto start = std::chrono::steady_clock::now();
  std::chrono::duration<double, std::milli> ours{};
  Tally tally;
  // A stride that is prime to the count visits all, the sample spread over the directories.
  const std::size_t stride = objects.size() % 97 == 0 ? 101 : 97;
  for (std::size_t i = 0, at = 0; i < objects.size(); ++i, at = (at + stride) % objects.size()) {
    if (budget.count() != 0 && std::chrono::steady_clock::now() - start > budget) break;
    const auto before = std::chrono::steady_clock::now();
    const Loadability verdict = judge(scope, objects[at]);
    ours += std::chrono::steady_clock::now() - before;
    tally.take(objects[at], verdict, loader.load(objects[at]));
  }
  std::printf(
      "%zu of %zu objects compared with dlopen: %zu fit, %zu refused, %zu unproven, %zu ended by their "
      "constructors; %.2f ms each\n",
      tally.compared, objects.size(), tally.fits, tally.refused, tally.unproven, tally.died,
      ours.count() / static_cast<double>(tally.compared));
  EXPECT_THAT(tally.wrong, IsEmpty());
  EXPECT_GT(tally.compared, 10U);
  EXPECT_GT(tally.fits, tally.unproven);
}

// The interpreter that `python3` really is, and its lib-dynload.
struct Python {
  fs::path executable, modules;
};
Python find_python() {
  std::istringstream lines(
      output_of("python3 -c 'import os, sys, sysconfig; print(os.path.realpath(sys.executable)); "
                "print(os.path.join(sysconfig.get_path(\"platstdlib\"), \"lib-dynload\"))' 2>/dev/null"));
  std::string executable, modules;
  std::getline(lines, executable);
  std::getline(lines, modules);
  return {executable, modules};
}

TEST(ProofTruth, SaysOfExtensionModulesWhatThePythonSays) {
  const Python python = find_python();
  std::error_code none;
  if (!fs::is_directory(python.modules, none)) GTEST_SKIP() << "needs python3 with a lib-dynload";
  LibraryCache cache;
  const ImportScope scope = import_scope(cache, {python.executable, {}, {}, {}});
  ASSERT_THAT(scope.doubts, IsEmpty());
  const test::TempDir directory;
  const fs::path script =
      directory.write("load.py",
                      "import ctypes, os, sys\n"
                      "for name in sorted(os.listdir(sys.argv[1])):\n"
                      "    if not name.endswith('.so'): continue\n"
                      "    try: ctypes.CDLL(os.path.join(sys.argv[1], name), os.RTLD_NOW)\n"
                      "    except OSError as e: print(name, 'no', e)\n"
                      "    else: print(name, 'yes')\n");
  std::istringstream lines(output_of("'" + python.executable.string() + "' '" + script.string() + "' '" +
                                     python.modules.string() + "'"));
  Tally tally;
  for (std::string line; std::getline(lines, line);) {
    const fs::path object = python.modules / line.substr(0, line.find(' '));
    const bool loads = line.ends_with(" yes");
    tally.take(object, judge(scope, object), {loads ? Loading::loads : Loading::fails, line});
  }
  std::printf("%zu extension modules compared with %s: %zu fit, %zu refused, %zu unproven\n", tally.compared,
              python.executable.c_str(), tally.fits, tally.refused, tally.unproven);
  EXPECT_THAT(tally.wrong, IsEmpty());
  EXPECT_GT(tally.compared, 0U);
}

// A refusal by the first bytes saves a download: it must hold for the whole object. What fits by its first
// bytes may still lack a library, but no symbol.
TEST(ProofTruth, SaysByTheFirstBytesWhatHoldsForTheWholeObject) {
  const Python python = find_python();
  auto objects =
      shared_objects_below({"/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/lib64"});
  std::erase_if(objects, [](const fs::path& path) { return !is_object_name(path); });
  if (python.executable.empty() || objects.empty()) GTEST_SKIP() << "needs python3 and a library directory";
  LibraryCache cache;
  const ImportScope scope = import_scope(cache, {python.executable, {}, {}, {}});
  const auto start = std::chrono::steady_clock::now();
  std::map<Verdict, std::size_t> tally;
  std::vector<std::string> wrong;
  for (const fs::path& object : objects) {
    if (std::chrono::steady_clock::now() - start > std::chrono::seconds(3)) break;
    const Library* library = cache.open(object).library;
    if (library == nullptr) continue;
    const auto prefix = binary::read_elf_prefix(library->file.bytes());
    if (!prefix || prefix->state != binary::PrefixState::complete) continue;
    const Loadability early = judge_prefix(scope, *prefix, object.filename().string());
    ++tally[early.verdict];
    const Loadability whole = judge(scope, object);
    const bool own_symbols_missing = std::ranges::any_of(whole.missing, [&](const MissingReference& missing) {
      return missing.wanted_by == object.filename().string();
    });
    const bool too_hard = early.verdict == Verdict::refused && whole.verdict != Verdict::refused;
    const bool too_soft = early.verdict == Verdict::fits && own_symbols_missing;
    if (too_hard || too_soft) wrong.push_back(object.string() + ": " + std::string(to_string(early.verdict)));
  }
  std::printf("by their first bytes %zu fit, %zu are refused, %zu unproven\n", tally[Verdict::fits],
              tally[Verdict::refused], tally[Verdict::unproven]);
  EXPECT_THAT(wrong, IsEmpty());
  EXPECT_GT(tally[Verdict::fits], 0U);
}

TEST(ProofTruth, ReadsTheCacheOfTheLoaderAsLdconfigDoes) {
  const std::string listed = output_of("PATH=$PATH:/sbin:/usr/sbin ldconfig -p 2>/dev/null");
  LibraryCache cache;
  const LoaderCache& loader_cache = cache.loader_cache();
  if (listed.empty() || loader_cache.entries().empty()) GTEST_SKIP() << "needs ldconfig and its cache";
  std::multiset<std::string> expected, seen;
  std::istringstream lines(listed);
  for (std::string line; std::getline(lines, line);) {
    const auto arrow = line.find(" => ");
    if (line.empty() || line.front() != '\t' || arrow == std::string::npos) continue;
    expected.insert(line.substr(1, line.find(' ') - 1) + line.substr(arrow));
  }
  for (const LoaderCacheEntry& entry : loader_cache.entries()) seen.insert(entry.name + " => " + entry.path);
  EXPECT_EQ(seen, expected);
}

}  // namespace
}  // namespace wheelfit::proof
