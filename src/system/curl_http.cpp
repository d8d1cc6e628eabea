// SPDX-License-Identifier: Apache-2.0
#include "system/curl_http.hpp"

#include <algorithm>
#include <mutex>
#include <utility>

#include "base/error.hpp"
#include "system/curl_line.hpp"
#include "system/proxy.hpp"
#include "system/url.hpp"

namespace wheelfit::system {
namespace {

constexpr int most_redirects = 10;

std::optional<std::filesystem::path> existing_file(std::optional<std::string> name) {
  if (!name || !std::filesystem::exists(*name)) return std::nullopt;
  return std::filesystem::path(*name);
}

std::optional<std::filesystem::path> certificate_authorities(const HttpSettings& settings) {
  if (settings.ca_certificate) return settings.ca_certificate;
  for (const char* name : {"REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE"}) {
    if (const auto set = settings.variables.get_nonempty(name)) return std::filesystem::path(*set);
  }
  return std::nullopt;
}

std::optional<std::filesystem::path> netrc_file(const HttpSettings& settings) {
  if (settings.netrc) return settings.netrc;
  if (const auto set = settings.variables.get_nonempty("NETRC")) return existing_file(set);
  if (const auto home = settings.variables.get_nonempty("HOME")) return existing_file(*home + "/.netrc");
  return std::nullopt;
}

bool is_trusted(const Url& url, const std::vector<std::string>& trusted) {
  return std::any_of(trusted.begin(), trusted.end(), [&](const std::string& host) {
    return host == url.host || host == url.host + ":" + std::to_string(url.port);
  });
}

// Good enough to keep many clients from coming back at the same moment.
double jitter() {
  return static_cast<double>(std::chrono::steady_clock::now().time_since_epoch().count() % 1000) / 1000.0;
}

class CurlHttp final : public HttpClient {
 public:
  CurlHttp(HttpSettings settings, Clock& clock)
      : settings_(std::move(settings)),
        clock_(clock),
        certificates_(certificate_authorities(settings_)),
        netrc_(netrc_file(settings_)) {}

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

 private:
  std::optional<std::chrono::milliseconds> pause_after(const HttpResponse& response, int made) {
    std::optional<std::chrono::seconds> wanted;
    if (const auto header = response.header("retry-after")) wanted = parse_retry_after(*header, clock_.now());
    return delay_before_retry(settings_.retry, made, wanted, jitter());
  }

  Route route_to(const std::string& address, const HttpRequest& request) const {
    const std::optional<Url> url = parse_url(address);
    if (!url) {
      throw Error(ErrorKind::unreachable, text("{} is not an address that can be fetched", redacted(address)))
          .with_code("bad-address");
    }
    Route route;
    route.url = address;
    route.proxy = proxy_for(*url, settings_.proxy, settings_.no_proxy, settings_.variables);
    route.verify_tls = !is_trusted(*url, settings_.trusted_hosts);
    route.send_token = same_origin(address, request.url);
    const std::optional<Url> first = parse_url(request.url);
    if (!url->userinfo.empty()) {
      route.userinfo = url->userinfo;
    } else if (route.send_token && first && !first->userinfo.empty()) {
      route.userinfo = first->userinfo;
    }
    route.netrc = netrc_;
    route.ca_certificate = certificates_;
    return route;
  }

  // Redirects are followed here and not by libcurl: each address gets its own proxy, its own trust and its
  // own credentials.
  HttpResponse follow(const HttpRequest& request, const HeadSink& head, const BodySink& sink) {
    Lease line(*this);
    std::string address = request.url;
    for (int hop = 0; hop <= most_redirects; ++hop) {
      Exchange done = line.get().exchange(request, route_to(address, request), settings_, head, sink);
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
  const std::optional<std::filesystem::path> certificates_;
  const std::optional<std::filesystem::path> netrc_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<CurlLine>> idle_;
};

}  // namespace

std::unique_ptr<HttpClient> make_http_client(HttpSettings settings, Clock& clock) {
  return std::make_unique<CurlHttp>(std::move(settings), clock);
}

}  // namespace wheelfit::system
