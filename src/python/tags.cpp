// SPDX-License-Identifier: Apache-2.0
#include "python/tags.hpp"

#include <algorithm>

#include <fmt/core.h>

#include "python/ascii.hpp"
#include "python/platform_tags.hpp"

namespace wheelfit::python {
namespace {

// The two halves of a tag that belong to the interpreter.
struct Interpreter {
  std::string python;
  std::string abi;

  friend bool operator==(const Interpreter&, const Interpreter&) = default;
};

using PythonVersion = std::pair<int, int>;
constexpr PythonVersion first_free_threaded{3, 13};
constexpr PythonVersion last_with_pymalloc_flag{3, 7};
constexpr int oldest_stable_abi_minor = 2;

std::string versioned(std::string_view prefix, PythonVersion version) {
  return fmt::format("{}{}{}", prefix, version.first, version.second);
}

bool is_stable_abi(std::string_view abi) noexcept { return abi == "abi3" || abi == "abi3t"; }

// Only CPython since 3.13 can be built without the global lock.
bool is_threading_known(const TagTarget& target) {
  return target.implementation != "cp" || *target.python < first_free_threaded ||
         target.free_threaded.has_value();
}

bool is_free_threaded(const TagTarget& target) {
  return target.implementation == "cp" && *target.python >= first_free_threaded &&
         target.free_threaded.value_or(false);
}

// Compiled for this interpreter or for the stable ABI of an older one, best first.
std::vector<Interpreter> cpython_tags(PythonVersion version, bool free_threaded) {
  const std::string own = versioned("cp", version);
  const std::string stable = free_threaded ? "abi3t" : "abi3";
  const bool has_stable = version >= PythonVersion{3, oldest_stable_abi_minor};
  const std::string flags = free_threaded ? "t" : version <= last_with_pymalloc_flag ? "m" : "";
  std::vector<Interpreter> tags{{own, own + flags}};
  if (has_stable) tags.push_back({own, stable});
  tags.push_back({own, "none"});
  for (int minor = version.second - 1; has_stable && minor >= oldest_stable_abi_minor; --minor) {
    tags.push_back({versioned("cp", {version.first, minor}), stable});
  }
  return tags;
}

std::vector<Interpreter> other_tags(std::string_view implementation, PythonVersion version) {
  const std::string own = versioned(implementation, version);
  // PyPy's own ABI has been pp73 since 2019.
  if (implementation == "pp") return {{own, versioned("pypy", version) + "_pp73"}, {own, "none"}};
  return {{own, "none"}};
}

// "py311", "py3", "py310", ..., "py30".
std::vector<Interpreter> pure_tags(PythonVersion version) {
  std::vector<Interpreter> tags{{versioned("py", version), "none"},
                                {fmt::format("py{}", version.first), "none"}};
  for (int minor = version.second - 1; minor >= 0; --minor) {
    tags.push_back({versioned("py", {version.first, minor}), "none"});
  }
  return tags;
}

// What may stand before a platform tag of the system.
std::vector<Interpreter> before_platform(const TagTarget& target, bool free_threaded) {
  std::vector<Interpreter> tags = target.implementation == "cp"
                                      ? cpython_tags(*target.python, free_threaded)
                                      : other_tags(target.implementation, *target.python);
  const auto pure = pure_tags(*target.python);
  tags.insert(tags.end(), pure.begin(), pure.end());
  return tags;
}

// What may stand before "any".
std::vector<Interpreter> before_any(const TagTarget& target) {
  std::vector<Interpreter> tags;
  if (target.implementation == "cp") tags.push_back({versioned("cp", *target.python), "none"});
  if (target.implementation == "pp") tags.push_back({"pp3", "none"});
  const auto pure = pure_tags(*target.python);
  tags.insert(tags.end(), pure.begin(), pure.end());
  return tags;
}

template <typename Value>
std::optional<std::size_t> position(const std::vector<Value>& values, const Value& value) {
  const auto found = std::find(values.begin(), values.end(), value);
  if (found == values.end()) return std::nullopt;
  return static_cast<std::size_t>(found - values.begin());
}

// The interpreter half of a target whose Python version is not known.
std::optional<TagMismatch> miss_of_unknown_python(const Tag& tag, const TagTarget& target) {
  if (tag.python.starts_with("py")) {
    if (tag.abi == "none") return std::nullopt;
    return TagMismatch::abi;
  }
  if (!tag.python.starts_with(target.implementation)) return TagMismatch::python;
  if (target.implementation != "cp" || tag.abi == "none") return std::nullopt;
  const bool of_python = tag.abi.starts_with(tag.python);
  const bool threaded = is_stable_abi(tag.abi) ? tag.abi == "abi3t" : tag.abi.ends_with('t');
  if ((!of_python && !is_stable_abi(tag.abi)) || target.free_threaded.value_or(threaded) != threaded) {
    return TagMismatch::abi;
  }
  return std::nullopt;
}

// Judges the interpreter halves of tags against one target; the lists are made once for all tags of a wheel.
class InterpreterJudge {
 public:
  explicit InterpreterJudge(const TagTarget& target) : target_(target) {
    if (!target.python) return;
    any_ = before_any(target);
    platform_ = before_platform(target, is_free_threaded(target));
    if (is_threading_known(target)) return;
    const auto free_threaded = before_platform(target, true);
    platform_.insert(platform_.end(), free_threaded.begin(), free_threaded.end());
  }

  std::optional<TagMismatch> miss(const Tag& tag) const {
    if (!target_.python) return miss_of_unknown_python(tag, target_);
    if (position_of(tag)) return std::nullopt;
    const bool of_this_python = tag.python == versioned(target_.implementation, *target_.python);
    const bool pure = tag.python.starts_with("py") && position(any_, Interpreter{tag.python, "none"});
    const bool stable =
        is_stable_abi(tag.abi) && std::any_of(platform_.begin(), platform_.end(), [&](const auto& own) {
          return own.python == tag.python && is_stable_abi(own.abi);
        });
    return of_this_python || pure || stable ? TagMismatch::abi : TagMismatch::python;
  }

  // Among the tags that may stand before the tag's platform.
  std::optional<std::size_t> position_of(const Tag& tag) const {
    return position(tag.platform == "any" ? any_ : platform_, Interpreter{tag.python, tag.abi});
  }
  std::size_t platform_count() const noexcept { return platform_.size(); }

 private:
  const TagTarget& target_;
  std::vector<Interpreter> platform_;
  std::vector<Interpreter> any_;
};

bool is_fully_known(const TagTarget& target) {
  return target.python && is_threading_known(target) && is_platform_known(target);
}

// How close a tag that misses was: the later the part that failed, the closer.
bool is_nearer(const TagVerdict& one, const TagVerdict& other) {
  if (!other.mismatch || *one.mismatch != *other.mismatch)
    return !other.mismatch || *one.mismatch > *other.mismatch;
  return one.needs_glibc && (!other.needs_glibc || *one.needs_glibc < *other.needs_glibc);
}

}  // namespace

std::vector<Tag> supported_tags(const TagTarget& target) {
  std::vector<Tag> tags;
  if (!is_fully_known(target)) return tags;
  const auto platforms = platform_tags(target);
  for (const Interpreter& interpreter : before_platform(target, is_free_threaded(target))) {
    for (const std::string& platform : platforms)
      tags.push_back({interpreter.python, interpreter.abi, platform});
  }
  for (const Interpreter& interpreter : before_any(target))
    tags.push_back({interpreter.python, interpreter.abi, "any"});
  return tags;
}

TagVerdict judge_tags(const std::vector<Tag>& wheel_tags, const TagTarget& target) {
  const bool ranked = is_fully_known(target);
  const InterpreterJudge interpreters(target);
  const std::vector<std::string> platforms = ranked ? platform_tags(target) : std::vector<std::string>{};
  TagVerdict best;
  for (const Tag& tag : wheel_tags) {
    TagVerdict verdict;
    verdict.mismatch = interpreters.miss(tag);
    if (!verdict.mismatch) {
      if (const auto miss = platform_miss(tag.platform, target)) {
        verdict.mismatch = miss->mismatch;
        verdict.needs_glibc = miss->needs_glibc;
      }
    }
    verdict.compatible = !verdict.mismatch;
    if (verdict.compatible && ranked) {
      const std::size_t interpreter = *interpreters.position_of(tag);
      verdict.priority = tag.platform == "any"
                             ? interpreters.platform_count() * platforms.size() + interpreter
                             : interpreter * platforms.size() + position(platforms, tag.platform).value_or(0);
    }
    const bool better = verdict.compatible ? !best.compatible || verdict.priority < best.priority
                                           : !best.compatible && is_nearer(verdict, best);
    if (better) best = verdict;
  }
  return best;
}

}  // namespace wheelfit::python
