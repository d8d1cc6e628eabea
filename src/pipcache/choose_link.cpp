// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <charconv>
#include <limits>

#include "pipcache/index_links.hpp"
#include "pipcache/pip_release.hpp"
#include "python/package_name.hpp"
#include "python/wheel_filename.hpp"

namespace wheelfit::pipcache {
namespace {

// pip.SUPPORTED_EXTENSIONS but for ".whl".
constexpr std::array<std::string_view, 11> source_endings{
    ".zip", ".tar.gz", ".tgz", ".tar", ".tar.bz2", ".tbz", ".tar.xz", ".txz", ".tlz", ".tar.lz", ".tar.lzma"};

struct Candidate {
  std::size_t place = 0;  // on the page
  Choice choice;
  std::size_t tag_priority =
      std::numeric_limits<std::size_t>::max();  // the best is 0; a source is behind all wheels
  std::pair<std::uint64_t, std::string> build;
};

struct Stem {
  std::string_view name;
  std::string_view ending;
};

// pip's splitext(): ".tar" belongs to the ending.
Stem stem_of(std::string_view file_name) {
  const std::size_t dot = file_name.rfind('.');
  const std::size_t first = file_name.find_first_not_of('.');
  if (dot == std::string_view::npos || first == std::string_view::npos || dot < first) return {file_name, {}};
  std::size_t cut = dot;
  if (cut >= 4) {
    std::string before(file_name.substr(cut - 4, 4));
    for (char& c : before) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    if (before == ".tar") cut -= 4;
  }
  return {file_name.substr(0, cut), file_name.substr(cut)};
}

// "x-1.0-py3.8" is a source for one Python only.
bool strip_python(std::string_view& version, const python::Version& python) {
  const std::size_t at = version.rfind("-py");
  if (at == std::string_view::npos) return true;
  const std::string_view named = version.substr(at + 3);
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  const bool is_mark = !named.empty() && named.size() <= 3 && named.front() >= '1' && named.front() <= '3' &&
                       (named.size() == 1 || (named.size() == 2 && (named[1] == '.' || is_digit(named[1]))) ||
                        (named.size() == 3 && named[1] == '.' && is_digit(named[2])));
  if (!is_mark) return true;
  version = version.substr(0, at);
  return named == std::to_string(python.major()) + "." + std::to_string(python.minor());
}

std::optional<python::Version> source_version(std::string_view stem, const IndexWish& wish) {
  // The first dash that has the package's name before it.
  for (std::size_t dash = stem.find('-'); dash != std::string_view::npos; dash = stem.find('-', dash + 1)) {
    if (python::normalized_name(stem.substr(0, dash)) != wish.package) continue;
    std::string_view text = stem.substr(dash + 1);
    if (!strip_python(text, wish.python)) return std::nullopt;
    const auto version = python::Version::parse(text);
    return version ? std::optional(*version) : std::nullopt;
  }
  return std::nullopt;
}

bool suits_python(const PageLink& link, const IndexWish& wish) {
  if (wish.ignore_requires_python || !link.requires_python) return true;
  const auto specifiers = python::SpecifierSet::parse(*link.requires_python);
  // What cannot be read refuses nothing; a pre-release of Python counts as its release.
  return !specifiers || specifiers->admits(python::Version::parse(wish.python.base_version()).value());
}

bool take_wheel(Candidate& candidate, const IndexWish& wish) {
  const auto name = python::WheelFilename::parse(candidate.choice.held.file_name);
  if (!name || python::normalized_name(name->name) != wish.package) return false;
  const python::TagVerdict verdict = python::judge_tags(name->tags(), wish.target);
  if (!verdict.compatible) return false;
  candidate.choice.version = name->version;
  candidate.choice.is_wheel = true;
  candidate.tag_priority = verdict.priority;
  const std::string& build = name->build;
  const auto [end, failed] =
      std::from_chars(build.data(), build.data() + build.size(), candidate.build.first);
  if (failed == std::errc()) candidate.build.second = end;
  return true;
}

bool take_source(Candidate& candidate, const Stem& stem, const IndexWish& wish) {
  if (std::find(source_endings.begin(), source_endings.end(), stem.ending) == source_endings.end())
    return false;
  if (stem.ending == ".zip" && candidate.choice.held.url.find("macosx10") != std::string::npos) return false;
  const auto version = source_version(stem.name, wish);
  if (!version) return false;
  candidate.choice.version = *version;
  return true;
}

std::vector<Candidate> candidates_of(const std::vector<PageLink>& links, const IndexWish& wish,
                                     const python::Version& pip) {
  std::vector<Candidate> candidates;
  for (std::size_t place = 0; place < links.size(); ++place) {
    auto held = parse_link(links[place].url, pip, links[place].hashes);
    if (!held || !suits_python(links[place], wish)) continue;
    Candidate candidate;
    candidate.place = place;
    candidate.choice.link = links[place];
    candidate.choice.held = std::move(*held);
    const std::string file_name = candidate.choice.held.file_name;
    const Stem stem = stem_of(file_name);
    const bool is_wheel = stem.ending == ".whl";
    const bool is_taken = is_wheel ? wish.wheels && take_wheel(candidate, wish)
                                   : wish.sources && take_source(candidate, stem, wish);
    if (is_taken && wish.specifiers.admits(candidate.choice.version))
      candidates.push_back(std::move(candidate));
  }
  return candidates;
}

// Pre-releases are out where anything else is in, unless they are wished for; before 26.0 they were out in
// any case where the requirement says something about the version.
void drop_prereleases(std::vector<Candidate>& candidates, const IndexWish& wish, const python::Version& pip) {
  if (wish.prereleases || wish.specifiers.mentions_prerelease()) return;
  const auto is_final = [](const Candidate& each) { return !each.choice.version.is_prerelease(); };
  const bool may_be_all = wish.specifiers.empty() || is_at_least(pip, 26, 0);
  if (may_be_all && std::none_of(candidates.begin(), candidates.end(), is_final)) return;
  std::erase_if(candidates, [&](const Candidate& each) { return !is_final(each); });
}

bool is_pinned(const python::SpecifierSet& specifiers) {
  return std::any_of(specifiers.specifiers().begin(), specifiers.specifiers().end(), [](const auto& each) {
    return each.comparison == python::Comparison::arbitrary ||
           (each.comparison == python::Comparison::equal && !each.wildcard);
  });
}

// PEP 592: a yanked file is only taken where nothing else is left, since 22.0 only where its version is
// named.
void drop_yanked(std::vector<Candidate>& candidates, const IndexWish& wish, const python::Version& pip) {
  if (!is_at_least(pip, 19, 2)) return;
  const auto is_yanked = [](const Candidate& each) { return each.choice.link.yanked.has_value(); };
  const bool all = std::all_of(candidates.begin(), candidates.end(), is_yanked);
  if (all && (!is_at_least(pip, 22, 0) || is_pinned(wish.specifiers))) return;
  std::erase_if(candidates, is_yanked);
}

// Whether pip likes `left` less. Sources of one version are all alike to it.
bool is_worse(const Candidate& left, const Candidate& right, const IndexWish& wish) {
  if (wish.prefer_binary && left.choice.is_wheel != right.choice.is_wheel) return right.choice.is_wheel;
  if (left.choice.version != right.choice.version) return left.choice.version < right.choice.version;
  if (left.tag_priority != right.tag_priority) return left.tag_priority > right.tag_priority;
  return left.build < right.build;
}

}  // namespace

std::optional<Choice> choose_link(const std::vector<PageLink>& links, const IndexWish& wish,
                                  const python::Version& pip) {
  std::vector<Candidate> candidates = candidates_of(links, wish, pip);
  drop_prereleases(candidates, wish, pip);
  drop_yanked(candidates, wish, pip);
  if (candidates.empty()) return std::nullopt;
  // Of equals the resolver of 20.3 takes the last on the page, the one before it the first.
  const bool takes_last = is_at_least(pip, 20, 3);
  const auto best = std::max_element(
      candidates.begin(), candidates.end(), [&](const Candidate& left, const Candidate& right) {
        if (is_worse(left, right, wish)) return true;
        if (is_worse(right, left, wish)) return false;
        return takes_last ? left.place < right.place : left.place > right.place;
      });
  return std::move(best->choice);
}

}  // namespace wheelfit::pipcache
