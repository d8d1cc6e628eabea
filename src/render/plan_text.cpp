// SPDX-License-Identifier: Apache-2.0
#include "render/candidates.hpp"
#include "render/environment_words.hpp"
#include "render/page.hpp"
#include "render/plan.hpp"
#include "render/plan_command.hpp"
#include "render/units.hpp"

#include <algorithm>
#include <utility>

namespace wheelfit::render {
namespace {

using resolve::Rung;
using resolve::Verdict;

std::string after_last_slash(const std::string& address) { return address.substr(address.rfind('/') + 1); }

// "github.com" of an address, without what may stand before an "@" there.
std::string host_of(const std::string& url) {
  const std::size_t scheme = url.find("://");
  if (scheme == std::string::npos) return "";
  const std::string authority = url.substr(scheme + 3, url.find_first_of("/?#", scheme + 3) - scheme - 3);
  const std::size_t user = authority.rfind('@');
  return user == std::string::npos ? authority : authority.substr(user + 1);
}

std::string publisher(const catalog::Candidate& candidate, const Style& style) {
  if (candidate.conda) return said(text("conda package from {}", candidate.source_id), style);
  if (candidate.source == "official") return said(text("official wheel"), style);
  if (candidate.source == "index") return said(text("wheel from the package index"), style);
  if (candidate.source == "community") return said(text("community wheel by {}", candidate.source_id), style);
  if (candidate.source == "url") return said(text("wheel given by its address"), style);
  return said(text("wheel given as a file"), style);
}

// "flash-attn 2.7.4.post1"
std::string subject(const resolve::Decision& decision) {
  const python::Version& version = decision.chosen->judgement.candidate->fields.version;
  return version.release().empty() ? decision.package : decision.package + " " + version.to_string();
}

void add_conclusion(const PlanView& view, const Style& style, Page& page) {
  const resolve::Decision& decision = view.decision;
  if (!decision.chosen) {
    page.line(said(view.environment.described_only()
                       ? text("No prebuilt {} fits the described environment", decision.package)
                       : text("No prebuilt {} fits here", decision.package),
                   style),
              Tone::bad);
    return;
  }
  const resolve::Chosen& chosen = *decision.chosen;
  const std::string what = subject(decision);
  const std::string from = publisher(*chosen.judgement.candidate, style);
  if (chosen.kind == Rung::installed) {
    page.line(said(text("{} is installed and proven: there is nothing to do", what), style), Tone::good);
  } else if (chosen.kind == Rung::build) {
    page.line(said(text("{} can be built from source here", what), style), Tone::doubtful);
  } else if (chosen.kind == Rung::fallback) {
    page.line(said(text("{} can stand in: the fallback on torch's own attention", what), style),
              Tone::doubtful);
  } else if (chosen.judgement.verdict != Verdict::fits) {
    page.line(said(text("{} may fit: {}, with doubts", what, from), style), Tone::doubtful);
  } else if (chosen.proof == resolve::Proof::symbols) {
    page.line(said(text("{} fits: {}, proven by symbols", what, from), style), Tone::good);
  } else {
    page.line(said(text("{} fits: {}, chosen by its name", what, from), style), Tone::good);
  }
}

void add_environment(const probe::Environment& environment, const Style& style, Page& page) {
  page.field(text("found"),
             listed({python_words(environment, style), torch_words(environment.torch, style)}, style));
  page.more(listed({libc_words(environment.libc, style), gpu_words(environment.accelerators, style),
                    driver_words(environment.accelerators, style)},
                   style));
  if (environment.described_only()) return;  // where it is from is what the user has just typed
  const std::string where =
      environment.interpreter.executable ? environment.interpreter.executable->string() : "";
  const std::string by = environment.origin.source;
  if (!where.empty() && !by.empty()) {
    page.more(said(text("{} (by {})", where, by), style), Tone::dim);
  } else if (!where.empty() || !by.empty()) {
    page.more(where + by, Tone::dim);
  }
}

// Why this one: what it is made for, and how far that is proven.
std::string grounds_of_choice(const PlanView& view, const Style& style) {
  const resolve::Chosen& chosen = *view.decision.chosen;
  const catalog::WheelFields& fields = chosen.judgement.candidate->fields;
  const auto& torch = view.environment.torch.version;
  std::vector<std::string> grounds;
  if (fields.torch && torch) {
    const bool same = python::same_release_prefix(*fields.torch, *torch);
    const std::string named = fields.torch->to_string();
    grounds.push_back(said(same ? text("made for torch {}, which is here", named)
                                : text("made for torch {}, here is {}", named, torch->to_string()),
                           style));
  }
  switch (chosen.proof) {
    case resolve::Proof::symbols:
      grounds.push_back(said(text("every symbol that it needs is exported here"), style));
      break;
    case resolve::Proof::name:
      grounds.push_back(
          said(text("its name and what is known of it agree with all that was found; its binary is "
                    "checked once it is here"),
               style));
      break;
    case resolve::Proof::none:
      grounds.push_back(said(text("nothing about it is proven"), style));
      break;
  }
  return chained(grounds, style);
}

void add_reasons(const std::vector<Reason>& reasons, const Text& label, Tone tone, const Style& style,
                 Page& page) {
  bool first = true;
  for (const Reason& reason : reasons) {
    const std::string words = said(reason.text, style);
    if (std::exchange(first, false)) {
      page.field(label, words, tone);
    } else {
      page.more(words, tone);
    }
  }
}

void add_choice(const PlanView& view, const Style& style, Page& page) {
  const resolve::Chosen& chosen = *view.decision.chosen;
  const catalog::Candidate& candidate = *chosen.judgement.candidate;
  const bool a_wheel =
      chosen.kind == Rung::wheel || chosen.kind == Rung::relative || chosen.kind == Rung::conda;
  if (a_wheel && !candidate.name.empty()) {
    page.field(candidate.conda ? text("package") : text("wheel"), candidate.name, Tone::strong);
    const std::string host = host_of(candidate.url);
    page.more(listed({candidate.size ? bytes_text(*candidate.size) : said(text("size unknown"), style),
                      host.empty() ? "" : said(text("from {}", host), style),
                      candidate.built_in ? said(text("known from the built-in list"), style) : ""},
                     style));
    page.field(text("why"), grounds_of_choice(view, style));
  }
  if (chosen.kind == Rung::fallback) {
    page.field(text("fallback"), candidate.name, Tone::strong);
    if (candidate.built_in)
      page.more(said(text("made here by wheelfit, from what it carries: nothing is downloaded"), style));
    page.field(text("why"), said(text("the same functions in Python alone, at the speed of torch's own "
                                      "attention: no binary has to fit"),
                                 style));
  }
  const bool doubtful = chosen.judgement.verdict == Verdict::unproven;
  add_reasons(chosen.judgement.reasons, doubtful ? text("doubt") : text("note"),
              doubtful ? Tone::doubtful : Tone::plain, style, page);
}

void add_misses(const resolve::Decision& decision, const Style& style, Page& page) {
  const std::size_t shown = wheel_chosen(decision) ? 2 : 3;
  bool first = true;
  for (const resolve::Judgement* const miss : nearest_misses(decision, shown)) {
    std::vector<std::string> grounds;
    for (const Reason& reason : miss->reasons) grounds.push_back(said(reason.text, style));
    if (grounds.size() > 2) grounds.resize(2);
    if (std::exchange(first, false)) {
      page.field(text("near misses"), miss->candidate->name);
    } else {
      page.more(miss->candidate->name);
    }
    page.under(chained(grounds, style));
  }
}

void add_upstream_guess(const resolve::UpstreamGuess& guess, const Style& style, Page& page) {
  const std::string remark = said(guess.remark, style);
  Text sentence = text("would be its choice; whether it exists is not known");
  if (!guess.exists && !remark.empty()) {
    sentence = text("would be its choice; whether it exists is not known: {}", remark);
  } else if (guess.exists && *guess.exists) {
    sentence = remark.empty() ? text("would be its choice; it exists")
                              : text("would be its choice; it exists, but {}", remark);
  } else if (guess.exists) {
    sentence = remark.empty() ? text("would be its choice; it does not exist")
                              : text("would be its choice; it does not exist: {}", remark);
  }
  page.field(text("setup.py"), after_last_slash(guess.url));
  page.under(said(sentence, style));
}

// The rungs worth a word. Why no wheel was taken is said above.
void add_other_ways(const resolve::Decision& decision, const Style& style, Page& page) {
  std::vector<std::string> ways;
  for (const resolve::LadderStep& step : decision.ladder) {
    if (step.taken || step.rung == Rung::wheel || step.standing == resolve::Standing::idle) continue;
    if (!step.reason.empty())
      ways.push_back(std::string(to_string(step.rung)) + ": " + said(step.reason, style));
  }
  if (!ways.empty()) page.field(text("not taken"), chained(ways, style), Tone::dim);
}

// What became of the wheels, where the environment itself is no reason.
void add_grounds_of_none(const resolve::Decision& decision, const Style& style, Page& page) {
  const bool stand_in = decision.chosen && decision.chosen->kind == Rung::fallback;
  if ((decision.chosen && !stand_in) || !decision.reasons.empty()) return;
  for (const resolve::LadderStep& step : decision.ladder) {
    if (step.rung != Rung::wheel || step.standing != resolve::Standing::considered || step.reason.empty())
      continue;
    page.field(text("because"), said(step.reason, style), stand_in ? Tone::plain : Tone::bad);
  }
}

Text on_disk(std::uint64_t bytes, bool estimated) {
  const std::string size = bytes_text(bytes);
  return estimated ? text("about {} on disk", size) : text("{} on disk", size);
}

void add_forecast(const resolve::Forecast& forecast, const Style& style, Page& page) {
  std::vector<std::string> parts;
  const auto add = [&](const std::optional<std::uint64_t>& bytes, auto&& sentence) {
    if (bytes) parts.push_back(said(sentence(bytes_text(*bytes)), style));
  };
  add(forecast.download_bytes, [](const std::string& size) { return text("{} to download", size); });
  if (forecast.disk_bytes)
    parts.push_back(said(on_disk(*forecast.disk_bytes, forecast.disk_estimated), style));
  add(forecast.peak_memory_bytes, [](const std::string& size) { return text("up to {} of memory", size); });
  if (forecast.build_seconds) {
    const std::string time = said(duration_text(static_cast<double>(*forecast.build_seconds)), style);
    parts.push_back(said(text("about {} to build", time), style));
  }
  if (!parts.empty()) page.field(text("takes"), listed(parts, style));
}

// The largest by name, all in the sum.
void add_dependencies(const resolve::Forecast& forecast, const Style& style, Page& page) {
  constexpr std::size_t most_named = 4;
  std::vector<resolve::ForeseenDependency> largest = forecast.dependencies;
  std::ranges::stable_sort(largest, std::greater<>(), &resolve::ForeseenDependency::disk_bytes);
  std::vector<std::string> named;
  std::uint64_t packed = 0;
  std::uint64_t unpacked = 0;
  bool estimated = false;
  for (const resolve::ForeseenDependency& dependency : largest) {
    if (named.size() < most_named) named.push_back(dependency.name + " " + dependency.version);
    packed += dependency.download_bytes.value_or(0);
    unpacked += dependency.disk_bytes.value_or(0);
    estimated = estimated || dependency.disk_estimated;
  }
  if (!largest.empty()) {
    const std::size_t others = largest.size() - named.size();
    if (others != 0) named.push_back(said(text("and {} more", others), style));
    page.field(text("with it"), listed(named, style));
    page.under(listed(
        {said(text("{} to download", bytes_text(packed)), style), said(on_disk(unpacked, estimated), style)},
        style));
  }
  const auto& unforeseen = forecast.not_foreseen;
  for (std::size_t i = 0; i < unforeseen.size(); ++i) {
    const std::string words =
        said(text("{}: {}", unforeseen[i].what, said(unforeseen[i].reason, style)), style);
    if (i == 0)
      page.field(text("not counted"), words, Tone::dim);
    else
      page.more(words, Tone::dim);
  }
}

void add_shortages(const std::vector<system::Shortage>& shortages, const Style& style, Page& page) {
  for (const system::Shortage& shortage : shortages) {
    page.field(text("room"), said(system::sentence_of(shortage), style), Tone::bad);
    for (const Text& cure : system::cures_of(shortage)) page.under(said(cure, style), Tone::good);
  }
}

// Beside a choice, a hint on a wheel whose miss is shown would only repeat it.
bool is_repetition(const Text& hint, const resolve::Decision& decision) {
  if (!wheel_chosen(decision)) return false;
  const auto misses = nearest_misses(decision, 2);
  const auto& words = hint.arguments();
  return std::any_of(misses.begin(), misses.end(), [&words](const resolve::Judgement* miss) {
    return std::find(words.begin(), words.end(), miss->candidate->name) != words.end();
  });
}

void add_hints(const resolve::Decision& decision, const Style& style, Page& page) {
  constexpr std::size_t most = 3;
  std::size_t shown = 0;
  for (const Text& hint : decision.hints) {
    if (shown == most) break;
    if (is_repetition(hint, decision)) continue;
    const std::string words = said(hint, style);
    if (shown++ == 0) {
      page.field(text("hints"), words);
    } else {
      page.more(words);
    }
  }
}

}  // namespace

std::string plan_text(const PlanView& view, const Style& style) {
  const resolve::Decision& decision = view.decision;
  Page page(style);
  add_conclusion(view, style, page);
  add_reasons(decision.reasons, text("because"), decision.chosen ? Tone::plain : Tone::bad, style, page);
  add_grounds_of_none(decision, style, page);
  page.blank();
  add_environment(view.environment, style, page);
  if (decision.chosen) add_choice(view, style, page);
  add_forecast(decision.forecast, style, page);
  add_dependencies(decision.forecast, style, page);
  add_shortages(view.shortages, style, page);
  if (view.wishes.only != Rung::fallback) add_misses(decision, style, page);
  if (decision.upstream_guess) add_upstream_guess(*decision.upstream_guess, style, page);
  add_other_ways(decision, style, page);
  add_hints(decision, style, page);
  if (const auto command = plan_command(view)) {
    page.blank();
    const Text lead = view.environment.described_only() ? text("To do it there:") : text("To do it:");
    page.verbatim(said(lead, style) + " " + *command, Tone::strong);
  }
  return page.text();
}

}  // namespace wheelfit::render
