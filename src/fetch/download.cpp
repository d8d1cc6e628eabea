// SPDX-License-Identifier: Apache-2.0
#include "fetch/download.hpp"

#include <algorithm>
#include <exception>

#include "base/error.hpp"
#include "system/content_range.hpp"
#include "system/url.hpp"

namespace wheelfit::fetch {
namespace {

Error wrong_size(const Artifact& artifact, std::uint64_t is) {
  return Error(ErrorKind::refused, text("{} is {} bytes long, but {} were promised", artifact.file_name, is,
                                        artifact.size.value_or(0)))
      .with_code("size-mismatch");
}

Error answered(const Artifact& artifact, int status) {
  std::vector<Text> cures;
  if (status == 401 || status == 403) {
    cures.emplace_back(
        text("give the credentials that the source wants (.netrc, or GITHUB_TOKEN for GitHub)"));
  }
  return Error(ErrorKind::unreachable, text("{} answers {}", system::redacted(artifact.url), status), cures)
      .with_code("http-" + std::to_string(status));
}

// What became of one request.
struct Outcome {
  enum class Kind { whole, again, failed } kind = Kind::whole;
  std::exception_ptr fault = nullptr;  // for `again` and `failed`
  std::optional<std::chrono::seconds> retry_after = std::nullopt;
};

class Attempt {
 public:
  Attempt(const Artifact& artifact, PartialFile& partial, Reporter& report)
      : artifact_(artifact), partial_(partial), report_(report) {}

  Outcome run(system::HttpClient& http, system::Clock& clock) {
    const system::HttpRequest request = next_request();
    try {
      const system::HttpResponse response = http.stream(
          request, [this](const system::HttpResponse& head) { return accept(head); },
          [this](std::span<const std::byte> bytes) { return take(bytes); });
      if (refusal_) std::rethrow_exception(refusal_);
      if (restart_) return {Outcome::Kind::again, nullptr};
      return judge(response, clock);
    } catch (const Error& error) {
      const bool again = system::is_transient_code(error.code());
      return {again ? Outcome::Kind::again : Outcome::Kind::failed, std::current_exception()};
    }
  }
  std::uint64_t transferred() const noexcept { return transferred_; }

 private:
  system::HttpRequest next_request() {
    system::HttpRequest request;
    request.url = artifact_.url;
    request.bearer_token = artifact_.bearer_token;
    const std::optional<Origin>& origin = partial_.origin();
    if (!origin || partial_.size() == 0 || origin->url != system::redacted(artifact_.url)) return request;
    request.if_range = origin->validator();
    // Without a validator only the sha256 at the end can tell that two halves do not belong together.
    if (request.if_range || artifact_.sha256) request.resume_from = partial_.size();
    resumed_at_ = request.resume_from;
    return request;
  }

  // False: the body is not wanted; refusal_ or restart_ says why.
  bool accept(const system::HttpResponse& head) {
    if (head.status == 200) return begin(head);
    if (head.status == 206) return go_on(head);
    return true;
  }

  bool begin(const system::HttpResponse& head) {
    const Origin origin = origin_of(artifact_.url, head);
    if (artifact_.size && origin.length && *origin.length != *artifact_.size) {
      return refuse(wrong_size(artifact_, *origin.length));
    }
    partial_.start_over(origin);
    return true;
  }

  bool go_on(const system::HttpResponse& head) {
    const auto range = system::parse_content_range(head.header("content-range").value_or(""));
    const std::optional<Origin> before = partial_.origin();
    if (!range || !resumed_at_ || range->first != *resumed_at_) {
      partial_.discard();
      return refuse(Error(ErrorKind::unreachable, text("{} sends another part of {} than it was asked for",
                                                       system::redacted(artifact_.url), artifact_.file_name))
                        .with_code("wrong-range"));
    }
    const Origin now = origin_of(artifact_.url, head);
    const bool other_etag = before && !now.etag.empty() && now.etag != before->etag;
    const bool other_length = before && before->length && range->total && *range->total != *before->length;
    if (other_etag || other_length) {  // a server that ignores If-Range
      partial_.discard();
      restart_ = true;
      return false;
    }
    return true;
  }

  bool take(std::span<const std::byte> bytes) {
    transferred_ += bytes.size();
    if (artifact_.size && partial_.size() + bytes.size() > *artifact_.size) {
      return refuse(wrong_size(artifact_, partial_.size() + bytes.size()));
    }
    partial_.append(bytes);
    report_.progressed(partial_.size());
    return true;
  }

  bool refuse(const Error& error) {
    refusal_ = std::make_exception_ptr(error);
    return false;
  }

  Outcome judge(const system::HttpResponse& response, system::Clock& clock) {
    const int status = response.status;
    if (status == 200 || status == 206) return {};
    if (status == 416 && resumed_at_) return judge_range_refused();
    const std::exception_ptr fault = std::make_exception_ptr(answered(artifact_, status));
    if (system::is_transient_status(status)) {
      const auto header = response.header("retry-after");
      return {Outcome::Kind::again, fault,
              header ? system::parse_retry_after(*header, clock.now()) : std::nullopt};
    }
    // A signed address behind a redirect may have expired: the original one gives a fresh one.
    const bool redirected = response.effective_url != artifact_.url;
    const bool may_have_expired = status == 401 || status == 403 || status == 410;
    return {redirected && may_have_expired ? Outcome::Kind::again : Outcome::Kind::failed, fault};
  }

  // "416" to a range: either all of it is here, or the file has become shorter.
  Outcome judge_range_refused() {
    const std::optional<Origin>& origin = partial_.origin();
    const std::optional<std::uint64_t> whole = artifact_.size ? artifact_.size
                                               : origin       ? origin->length
                                                              : std::nullopt;
    if (whole && *whole == partial_.size()) return {};
    partial_.discard();
    return {Outcome::Kind::again, nullptr};
  }

  const Artifact& artifact_;
  PartialFile& partial_;
  Reporter& report_;
  std::optional<std::uint64_t> resumed_at_;
  std::exception_ptr refusal_;
  bool restart_ = false;
  std::uint64_t transferred_ = 0;
};

std::string message_of(const std::exception_ptr& fault) {
  try {
    if (fault) std::rethrow_exception(fault);
  } catch (const Error& error) {
    return error.sentence().english();
  }
  return "the file has changed on the server";
}

// A server that drips a few bytes and stalls, again and again, must not be waited for without end: only so
// much more of the file, over the attempts that are allowed, counts as progress. So there are at most 16
// rounds, or one a megabyte.
std::uint64_t worth_another_round(const Artifact& artifact, const PartialFile& partial) {
  constexpr std::uint64_t megabyte = 1U << 20U;
  const std::optional<std::uint64_t> whole = artifact.size      ? artifact.size
                                             : partial.origin() ? partial.origin()->length
                                                                : std::nullopt;
  return std::clamp<std::uint64_t>(whole.value_or(megabyte) / 16, 1, megabyte);
}

// A host that does not even answer is asked less often: each attempt costs the whole time limit.
bool attempts_are_used_up(const Limits& limits, const std::exception_ptr& fault, int made) {
  try {
    if (fault) std::rethrow_exception(fault);
  } catch (const Error& error) {
    return made >= attempts_for(limits.retry, error.code());
  }
  return false;
}

// Spreads the pauses of downloads that failed together.
double jitter(std::uint64_t seed) { return static_cast<double>(seed % 997) / 997.0; }

std::string seconds(std::chrono::milliseconds pause) {
  const auto tenths = (pause.count() + 50) / 100;
  return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10);
}

}  // namespace

std::uint64_t download(const Artifact& artifact, PartialFile& partial, system::HttpClient& http,
                       system::Clock& clock, Reporter& report, const Limits& limits) {
  std::uint64_t transferred = 0;
  std::uint64_t mark = partial.size();  // where the count of attempts was begun anew
  for (int without_progress = 1;; ++without_progress) {
    Attempt attempt(artifact, partial, report);
    const Outcome outcome = attempt.run(http, clock);
    transferred += attempt.transferred();
    if (outcome.kind == Outcome::Kind::whole) return transferred;
    if (outcome.kind == Outcome::Kind::failed) std::rethrow_exception(outcome.fault);

    if (partial.size() >= mark + worth_another_round(artifact, partial)) {
      without_progress = 0;
      mark = partial.size();
    }
    if (attempts_are_used_up(limits, outcome.fault, without_progress)) std::rethrow_exception(outcome.fault);
    const auto pause =
        delay_before_retry(limits.retry, without_progress, outcome.retry_after, jitter(transferred));
    if (!pause && outcome.fault) std::rethrow_exception(outcome.fault);
    if (!pause) {
      throw Error(ErrorKind::unreachable,
                  text("{} changes faster than it can be fetched", system::redacted(artifact.url)))
          .with_code("changing");
    }
    report.note(text("{}; trying again in {} s, {} bytes are kept", message_of(outcome.fault),
                     seconds(*pause), partial.size()));
    clock.sleep(*pause);
  }
}

}  // namespace wheelfit::fetch
