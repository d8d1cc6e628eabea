// SPDX-License-Identifier: Apache-2.0
#include "system/curl_http.hpp"

#include <algorithm>
#include <mutex>
#include <utility>

#include "base/error.hpp"
#include "system/curl_line.hpp"
#include "system/curl_transfers.hpp"
#include "system/url.hpp"

namespace wheelfit::system {
namespace {

// Good enough to keep many clients from coming back at the same moment.
double jitter() {
  return static_cast<double>(std::chrono::steady_clock::now().time_since_epoch().count() % 1000) / 1000.0;
}

class CurlHttp final : public HttpClient {
 public:
  CurlHttp(HttpSettings settings, Clock& clock)
      : settings_(std::move(settings)), clock_(clock), routes_(settings_) {}

  HttpResponse get(const HttpRequest& request) override {
    for (int made = 1;; ++made) {
      std::optional<std::chrono::milliseconds> pause;
      try {
        HttpResponse response = follow(request, {}, {});
        if (!is_transient_status(response.status)) return response;
        pause = pause_after(response, made);
        if (!pause) return response;
      } catch (const Error& error) {
        if (!is_transient_code(error.code())) throw;
        if (made >= attempts_for(settings_.retry, error.code())) throw;
        pause = delay_before_retry(settings_.retry, made, std::nullopt, jitter());
        if (!pause) throw;
      }
      clock_.sleep(*pause);
    }
  }

  HttpResponse stream(const HttpRequest& request, const HeadSink& head, const BodySink& sink) override {
    return follow(request, head, sink);
  }

  std::unique_ptr<Transfers> transfers() override { return curl_transfers(settings_, routes_); }

 private:
  std::optional<std::chrono::milliseconds> pause_after(const HttpResponse& response, int made) {
    std::optional<std::chrono::seconds> wanted;
    if (const auto header = response.header("retry-after")) wanted = parse_retry_after(*header, clock_.now());
    return delay_before_retry(settings_.retry, made, wanted, jitter());
  }

  HttpResponse follow(const HttpRequest& request, const HeadSink& head, const BodySink& sink) {
    Lease line(*this);
    std::string address = request.url;
    for (int hop = 0; hop <= most_redirects; ++hop) {
      Exchange done = line.get().exchange(request, routes_.to(address, request), settings_, head, sink);
      if (done.redirect_to.empty()) return std::move(done.response);
      if (!done.redirect_to.starts_with("http")) break;
      address = std::move(done.redirect_to);
    }
    throw Error(ErrorKind::unreachable, text("{} is redirected without end", redacted(request.url)))
        .with_code("redirects");
  }

  // A line for one call; goes back with its open connections.
  class Lease {
   public:
    explicit Lease(CurlHttp& owner) : owner_(owner) {
      const std::lock_guard lock(owner_.mutex_);
      if (owner_.idle_.empty()) return;
      line_ = std::move(owner_.idle_.back());
      owner_.idle_.pop_back();
    }
    ~Lease() {
      const std::lock_guard lock(owner_.mutex_);
      if (line_) owner_.idle_.push_back(std::move(line_));
    }
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;
    CurlLine& get() {
      if (!line_) line_ = std::make_unique<CurlLine>();
      return *line_;
    }

   private:
    CurlHttp& owner_;
    std::unique_ptr<CurlLine> line_;
  };

  const HttpSettings settings_;
  Clock& clock_;
  const Routes routes_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<CurlLine>> idle_;
};

}  // namespace

std::unique_ptr<HttpClient> make_http_client(HttpSettings settings, Clock& clock) {
  return std::make_unique<CurlHttp>(std::move(settings), clock);
}

}  // namespace wheelfit::system
