// SPDX-License-Identifier: Apache-2.0
#include "system/curl_exchange.hpp"

#include <algorithm>
#include <array>
#include <exception>
#include <optional>
#include <utility>

#include <curl/curl.h>

#include "base/error.hpp"
#include "system/curl_fault.hpp"
#include "system/curl_multi_handle.hpp"
#include "system/curl_trace.hpp"
#include "system/reception.hpp"
#include "system/url.hpp"

namespace wheelfit::system {
namespace {

using SteadyTime = std::chrono::steady_clock::time_point;

struct FreeEasy {
  void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
};
struct FreeList {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using HeaderList = std::unique_ptr<curl_slist, FreeList>;

// libcurl's callbacks are called from C and must not throw: what was thrown waits in the reception.
template <typename Function>
std::size_t guarded(Reception& reception, std::size_t length, Function&& function) {
  try {
    return function() ? length : 0;
  } catch (...) {
    reception.thrown = std::current_exception();
    return 0;
  }
}

extern "C" std::size_t on_header(char* data, std::size_t size, std::size_t count, void* user) {
  auto& reception = *static_cast<Reception*>(user);
  return guarded(reception, size * count, [&] {
    reception.take_header({data, size * count});
    return true;
  });
}

extern "C" std::size_t on_body(char* data, std::size_t size, std::size_t count, void* user) {
  auto& reception = *static_cast<Reception*>(user);
  return guarded(reception, size * count, [&] {
    if (reception.response.status == 0) reception.response.status = 200;  // file://
    return reception.take_body({reinterpret_cast<const std::byte*>(data), size * count});
  });
}

HeaderList header_list(const HttpRequest& request, const Route& route) {
  HeaderList list;
  const auto add = [&](const std::string& line) {
    curl_slist* longer = curl_slist_append(list.get(), line.c_str());
    if (longer == nullptr) throw std::bad_alloc();
    (void)list.release();
    list.reset(longer);
  };
  for (const auto& [name, value] : request.headers) add(name + ": " + value);
  if (request.resume_from && request.if_range) add("If-Range: " + *request.if_range);
  if (request.bearer_token && route.send_token) add("Authorization: Bearer " + *request.bearer_token);
  return list;
}

void set_tls(CURL* easy, const Route& route, const HttpSettings& settings) {
  curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, route.verify_tls ? 1L : 0L);
  curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, route.verify_tls ? 2L : 0L);
  if (route.ca_certificate) {
    const bool folder = std::filesystem::is_directory(*route.ca_certificate);
    curl_easy_setopt(easy, folder ? CURLOPT_CAPATH : CURLOPT_CAINFO, route.ca_certificate->c_str());
    curl_easy_setopt(easy, folder ? CURLOPT_PROXY_CAPATH : CURLOPT_PROXY_CAINFO,
                     route.ca_certificate->c_str());
  }
  if (settings.client_certificate) {
    curl_easy_setopt(easy, CURLOPT_SSLCERT, settings.client_certificate->c_str());
    curl_easy_setopt(easy, CURLOPT_SSLKEY, settings.client_certificate->c_str());
  }
}

std::string decoded(CURL* easy, const std::string& part) {
  int length = 0;
  char* raw = curl_easy_unescape(easy, part.c_str(), static_cast<int>(part.size()), &length);
  std::string out(raw == nullptr ? "" : raw);
  curl_free(raw);
  return out;
}

// "user:password", percent-encoded or not: only the first colon parts them.
void set_login(CURL* easy, const std::string& userinfo, CURLoption name, CURLoption password) {
  const std::size_t colon = userinfo.find(':');
  curl_easy_setopt(easy, name, decoded(easy, userinfo.substr(0, colon)).c_str());
  if (colon != std::string::npos)
    curl_easy_setopt(easy, password, decoded(easy, userinfo.substr(colon + 1)).c_str());
}

// libcurl's own reading takes port 1080 where none is written, and trips over a password with an "@" in it.
void set_proxy(CURL* easy, const std::string& address) {
  const std::optional<Url> proxy = parse_url(address);
  std::string plain = address;
  if (proxy) {
    const bool numeric = proxy->host.find(':') != std::string::npos;
    plain = proxy->scheme + "://" + (numeric ? "[" + proxy->host + "]" : proxy->host);
    if (proxy->port != 0) plain += ":" + std::to_string(proxy->port);
    if (!proxy->userinfo.empty())
      set_login(easy, proxy->userinfo, CURLOPT_PROXYUSERNAME, CURLOPT_PROXYPASSWORD);
  }
  curl_easy_setopt(easy, CURLOPT_PROXY, plain.c_str());
  // What a name and a password can serve: a proxy that offers Kerberos first would else be asked for that
  // alone.
  curl_easy_setopt(easy, CURLOPT_PROXYAUTH,
                   static_cast<long>(CURLAUTH_BASIC | CURLAUTH_DIGEST | CURLAUTH_NTLM));
}

void set_route(CURL* easy, const HttpRequest& request, const Route& route) {
  curl_easy_setopt(easy, CURLOPT_URL, route.url.c_str());
  curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https,file");
  curl_easy_setopt(easy, CURLOPT_PROXY, "");  // silences the variables
  curl_easy_setopt(easy, CURLOPT_NOPROXY, "");
  if (route.proxy) set_proxy(easy, *route.proxy);
  curl_easy_setopt(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
  const bool token = request.bearer_token && route.send_token;
  if (route.userinfo && !token) {
    set_login(easy, *route.userinfo, CURLOPT_USERNAME, CURLOPT_PASSWORD);
  } else if (route.netrc && !token) {
    curl_easy_setopt(easy, CURLOPT_NETRC, static_cast<long>(CURL_NETRC_OPTIONAL));
    curl_easy_setopt(easy, CURLOPT_NETRC_FILE, route.netrc->c_str());
  }
}

void set_request(CURL* easy, const HttpRequest& request, const HttpSettings& settings, bool decode) {
  curl_easy_setopt(easy, CURLOPT_USERAGENT, settings.user_agent.c_str());
  curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(settings.connect_timeout.count()));
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy, CURLOPT_QUICK_EXIT,
                   1L);  // a name server that hangs is not waited for beyond the limit
  curl_easy_setopt(easy, CURLOPT_CERTINFO, request.trace != nullptr ? 1L : 0L);
  curl_easy_setopt(easy, CURLOPT_BUFFERSIZE, 256L * 1024L);
  curl_easy_setopt(easy, CURLOPT_TCP_KEEPALIVE, 1L);
  if (decode) curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "gzip");
  if (request.method == "HEAD") {
    curl_easy_setopt(easy, CURLOPT_NOBODY, 1L);
  } else if (request.method != "GET") {
    curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, request.method.c_str());
  }
  // A range of a local file would come without a 206 that says so: it is read from its beginning.
  if (request.resume_from && !request.url.starts_with("file:")) {
    curl_easy_setopt(easy, CURLOPT_RANGE, (std::to_string(*request.resume_from) + "-").c_str());
  }
}

void set_reception(CURL* easy, Reception& reception, char* detail) {
  curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, detail);
  curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_header);
  curl_easy_setopt(easy, CURLOPT_HEADERDATA, &reception);
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
  curl_easy_setopt(easy, CURLOPT_WRITEDATA, &reception);
}

// Notices a server that says nothing, or too little; libcurl's own check knows only whole seconds.
class Watchdog {
 public:
  Watchdog(const HttpSettings& settings, CURL* easy) : settings_(settings), easy_(easy) {}

  bool has_stalled(Reception& reception) {
    const SteadyTime now = std::chrono::steady_clock::now();
    if (!asked_) {
      curl_off_t asked_after = 0;
      curl_easy_getinfo(easy_, CURLINFO_PRETRANSFER_TIME_T, &asked_after);
      if (asked_after > 0) asked_ = window_ = now;
      return false;  // until then CURLOPT_CONNECTTIMEOUT_MS rules
    }
    if (!reception.answered) return now - *asked_ > settings_.first_byte_timeout;
    if (now - window_ < settings_.stall_window) return false;
    window_ = now;
    return std::exchange(reception.window_bytes, 0) < settings_.stall_bytes;
  }
  int pause_milliseconds() const {
    const auto shortest =
        std::min({settings_.first_byte_timeout, settings_.stall_window, std::chrono::milliseconds(400)});
    return std::max(static_cast<int>(shortest.count() / 4), 1);
  }

 private:
  const HttpSettings& settings_;
  CURL* easy_;
  std::optional<SteadyTime> asked_;
  SteadyTime window_;
};

FaultScene scene_of(CURL* easy, CURLcode code, const Route& route, const HttpSettings& settings,
                    const Reception& reception, const char* detail) {
  FaultScene scene;
  scene.url = route.url;
  scene.proxy = route.proxy.value;
  scene.curl_code = code;
  scene.detail = detail[0] != '\0' ? detail : curl_easy_strerror(code);
  scene.body_bytes = reception.body_bytes;
  curl_off_t after = 0;
  scene.resolved = curl_easy_getinfo(easy, CURLINFO_NAMELOOKUP_TIME_T, &after) == CURLE_OK && after > 0;
  scene.connected = curl_easy_getinfo(easy, CURLINFO_CONNECT_TIME_T, &after) == CURLE_OK && after > 0;
  scene.connect_seconds = std::max<std::int64_t>(settings.connect_timeout.count() / 1000, 1);
  long number = 0;
  if (curl_easy_getinfo(easy, CURLINFO_OS_ERRNO, &number) == CURLE_OK) {
    scene.system_code = static_cast<int>(number);
  }
  curl_easy_getinfo(easy, CURLINFO_HTTP_CONNECTCODE, &scene.proxy_status);
  curl_easy_getinfo(easy, CURLINFO_SSL_VERIFYRESULT, &scene.verify_result);
  curl_easy_getinfo(easy, CURLINFO_PROXY_SSL_VERIFYRESULT, &scene.proxy_verify_result);
  curl_easy_getinfo(easy, CURLINFO_PROXY_ERROR, &scene.proxy_code);
  return scene;
}

// tinyproxy answers a wrong password with 401, as an origin would, and signs it.
bool is_proxys_refusal(const HttpResponse& response) {
  const std::string server = response.header("server").value_or("");
  return response.status == 407 || (response.status == 401 && server.starts_with("tinyproxy"));
}

void settle(CURL* easy, CURLcode code, const Route& route, const HttpSettings& settings, Reception& reception,
            const char* detail) {
  if (reception.thrown) std::rethrow_exception(reception.thrown);
  if (reception.stopped) return;
  if (reception.too_large && !reception.sink) {
    throw Error(ErrorKind::unreachable,
                text("{} sends more than {} bytes", redacted(route.url), reception.limit))
        .with_code("too-large");
  }
  if (code == CURLE_FILE_COULDNT_READ_FILE) reception.response.status = 404;
  if (code != CURLE_OK && code != CURLE_FILE_COULDNT_READ_FILE) {
    throw fault_of(scene_of(easy, code, route, settings, reception, detail));
  }
  if (route.proxy && is_proxys_refusal(reception.response)) throw proxy_wants_password(*route.proxy);
  if (reception.response.status == 0) reception.response.status = 200;  // an empty local file
  reception.give_head();
}

}  // namespace

struct CurlExchange::State {
  std::unique_ptr<CURL, FreeEasy> easy{curl_easy_init()};
  std::array<char, CURL_ERROR_SIZE> detail{};
  const HttpSettings* settings = nullptr;
  HttpRequest request;
  Route route;
  HeadSink head;
  BodySink sink;
  HeaderList headers;
  std::optional<Reception> reception;  // holds references to the sinks
  std::optional<Watchdog> watchdog;
};

CurlExchange::CurlExchange() {
  start_libcurl();
  state_ = std::make_unique<State>();
}
CurlExchange::~CurlExchange() = default;

void* CurlExchange::handle() const noexcept { return state_->easy.get(); }

void CurlExchange::begin(HttpRequest request, Route route, const HttpSettings& settings, HeadSink head,
                         BodySink sink, Sharing sharing) {
  State& s = *state_;
  CURL* easy = s.easy.get();
  curl_easy_reset(easy);  // options only: connections stay
  s.detail.fill('\0');
  s.settings = &settings;
  s.request = std::move(request);
  s.route = std::move(route);
  s.head = std::move(head);
  s.sink = std::move(sink);
  const std::uint64_t limit = s.sink                          ? 64U << 10U
                              : s.request.max_body_bytes == 0 ? 64U << 20U
                                                              : s.request.max_body_bytes;
  s.reception.emplace(s.head, s.sink, limit);
  s.headers = header_list(s.request, s.route);
  set_request(easy, s.request, settings, !s.sink);
  set_route(easy, s.request, s.route);
  set_tls(easy, s.route, settings);
  set_reception(easy, *s.reception, s.detail.data());
  curl_easy_setopt(easy, CURLOPT_HTTPHEADER, s.headers.get());
  // Streams of one HTTP/2 connection would share what a server gives to one connection.
  if (sharing == Sharing::own_connection)
    curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  s.watchdog.emplace(settings, easy);
}

bool CurlExchange::has_stalled() { return state_->watchdog->has_stalled(*state_->reception); }

int CurlExchange::pause_milliseconds() const { return state_->watchdog->pause_milliseconds(); }

Error CurlExchange::stall() const {
  return stalled(state_->route.url, state_->route.proxy.value, state_->reception->body_bytes,
                 state_->reception->answered);
}

void CurlExchange::note(const Error* fault) const {
  const State& s = *state_;
  if (s.request.trace == nullptr) return;
  s.request.trace->hops.push_back(hop_of(s.easy.get(), s.route, s.reception->response.status));
  if (fault != nullptr) s.request.trace->hops.back().fault = *fault;
}

Exchange CurlExchange::finish(int code) {
  State& s = *state_;
  settle(s.easy.get(), static_cast<CURLcode>(code), s.route, *s.settings, *s.reception, s.detail.data());
  Exchange done;
  done.response = std::move(s.reception->response);
  done.response.effective_url = s.route.url;
  const char* next = nullptr;
  curl_easy_getinfo(s.easy.get(), CURLINFO_REDIRECT_URL, &next);
  if (next != nullptr) done.redirect_to = next;
  return done;
}

}  // namespace wheelfit::system
