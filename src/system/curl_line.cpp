// SPDX-License-Identifier: Apache-2.0
#include "system/curl_line.hpp"

#include <algorithm>
#include <array>
#include <exception>
#include <mutex>
#include <utility>

#include <curl/curl.h>

#include "base/error.hpp"
#include "system/curl_fault.hpp"
#include "system/interrupt.hpp"
#include "system/reception.hpp"
#include "system/url.hpp"

namespace wheelfit::system {
namespace {

using SteadyTime = std::chrono::steady_clock::time_point;

struct FreeEasy {
  void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
};
struct FreeMulti {
  void operator()(CURLM* handle) const { curl_multi_cleanup(handle); }
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

void set_route(CURL* easy, const HttpRequest& request, const Route& route) {
  curl_easy_setopt(easy, CURLOPT_URL, route.url.c_str());
  curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https,file");
  curl_easy_setopt(easy, CURLOPT_PROXY, route.proxy.value_or("").c_str());  // "" also silences the variables
  curl_easy_setopt(easy, CURLOPT_NOPROXY, "");
  curl_easy_setopt(easy, CURLOPT_PROXYAUTH, static_cast<long>(CURLAUTH_ANY));
  curl_easy_setopt(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
  const bool token = request.bearer_token && route.send_token;
  if (route.userinfo && !token) {
    const std::size_t colon = route.userinfo->find(':');
    const auto decoded = [&](const std::string& part) {
      int length = 0;
      char* raw = curl_easy_unescape(easy, part.c_str(), static_cast<int>(part.size()), &length);
      std::string out(raw == nullptr ? "" : raw);
      curl_free(raw);
      return out;
    };
    curl_easy_setopt(easy, CURLOPT_USERNAME, decoded(route.userinfo->substr(0, colon)).c_str());
    if (colon != std::string::npos) {
      curl_easy_setopt(easy, CURLOPT_PASSWORD, decoded(route.userinfo->substr(colon + 1)).c_str());
    }
  } else if (route.netrc && !token) {
    curl_easy_setopt(easy, CURLOPT_NETRC, static_cast<long>(CURL_NETRC_OPTIONAL));
    curl_easy_setopt(easy, CURLOPT_NETRC_FILE, route.netrc->c_str());
  }
}

void set_request(CURL* easy, const HttpRequest& request, const HttpSettings& settings, bool decode) {
  curl_easy_setopt(easy, CURLOPT_USERAGENT, settings.user_agent.c_str());
  curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(settings.connect_timeout.count()));
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
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

}  // namespace

struct CurlLine::Handles {
  std::unique_ptr<CURLM, FreeMulti> multi{curl_multi_init()};
  std::unique_ptr<CURL, FreeEasy> easy{curl_easy_init()};
};

namespace {

// In the multi handle for as long as it lives.
struct Attached {
  CURLM* multi;
  CURL* easy;
  Attached(CURLM* m, CURL* e) : multi(m), easy(e) { curl_multi_add_handle(multi, easy); }
  ~Attached() { curl_multi_remove_handle(multi, easy); }
  Attached(const Attached&) = delete;
  Attached& operator=(const Attached&) = delete;
};

CURLcode drive(CURLM* multi, CURL* easy, Watchdog& watchdog, Reception& reception, const std::string& url) {
  const Attached attached(multi, easy);
  for (;;) {
    int running = 0;
    curl_multi_perform(multi, &running);
    if (running == 0) break;
    throw_if_interrupted();
    if (watchdog.has_stalled(reception)) throw stalled(url, reception.body_bytes, reception.answered);
    curl_multi_poll(multi, nullptr, 0, watchdog.pause_milliseconds(), nullptr);
  }
  int left = 0;
  const CURLMsg* message = curl_multi_info_read(multi, &left);
  return message == nullptr ? CURLE_FAILED_INIT : message->data.result;
}

FaultScene scene_of(CURL* easy, CURLcode code, const Route& route, const HttpSettings& settings,
                    const Reception& reception, const char* detail) {
  FaultScene scene;
  scene.url = route.url;
  scene.proxy = route.proxy;
  scene.curl_code = code;
  scene.detail = detail[0] != '\0' ? detail : curl_easy_strerror(code);
  scene.body_bytes = reception.body_bytes;
  scene.connect_seconds = std::max<std::int64_t>(settings.connect_timeout.count() / 1000, 1);
  long number = 0;
  if (curl_easy_getinfo(easy, CURLINFO_OS_ERRNO, &number) == CURLE_OK) {
    scene.system_code = static_cast<int>(number);
  }
  curl_easy_getinfo(easy, CURLINFO_HTTP_CONNECTCODE, &scene.proxy_status);
  curl_easy_getinfo(easy, CURLINFO_PROXY_ERROR, &scene.proxy_code);
  return scene;
}

void finish(CURL* easy, CURLcode code, const Route& route, const HttpSettings& settings, Reception& reception,
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
  if (reception.response.status == 407 && route.proxy) throw proxy_wants_password(*route.proxy);
  if (reception.response.status == 0) reception.response.status = 200;  // an empty local file
  reception.give_head();
}

}  // namespace

CurlLine::CurlLine() {
  static std::once_flag once;
  std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
  handles_ = std::make_unique<Handles>();
}
CurlLine::~CurlLine() = default;
CurlLine::CurlLine(CurlLine&&) noexcept = default;
CurlLine& CurlLine::operator=(CurlLine&&) noexcept = default;

Exchange CurlLine::exchange(const HttpRequest& request, const Route& route, const HttpSettings& settings,
                            const HeadSink& head, const BodySink& sink) {
  CURL* easy = handles_->easy.get();
  curl_easy_reset(easy);  // options only: connections stay
  std::array<char, CURL_ERROR_SIZE> detail{};
  const std::uint64_t limit = sink                          ? 64U << 10U
                              : request.max_body_bytes == 0 ? 64U << 20U
                                                            : request.max_body_bytes;
  Reception reception(head, sink, limit);
  const HeaderList headers = header_list(request, route);
  set_request(easy, request, settings, !sink);
  set_route(easy, request, route);
  set_tls(easy, route, settings);
  set_reception(easy, reception, detail.data());
  curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers.get());

  Watchdog watchdog(settings, easy);
  const CURLcode code = drive(handles_->multi.get(), easy, watchdog, reception, route.url);
  finish(easy, code, route, settings, reception, detail.data());

  Exchange done;
  done.response = std::move(reception.response);
  done.response.effective_url = route.url;
  const char* next = nullptr;
  curl_easy_getinfo(easy, CURLINFO_REDIRECT_URL, &next);
  if (next != nullptr) done.redirect_to = next;
  return done;
}

}  // namespace wheelfit::system
