// SPDX-License-Identifier: Apache-2.0
#include "support/scripted_http.hpp"

#include <algorithm>
#include <span>

#include "base/error.hpp"

namespace wheelfit::test {

using system::HttpRequest;
using system::HttpResponse;

void ScriptedHttp::answer(const std::string& url, std::string body, Headers headers, int status) {
  handle(url, [=](const HttpRequest& request) { return HttpResponse{status, request.url, headers, body}; });
}

void ScriptedHttp::redirect(const std::string& url, std::string effective_url, std::string body) {
  handle(url, [=](const HttpRequest&) { return HttpResponse{200, effective_url, {}, body}; });
}

void ScriptedHttp::fail(const std::string& url, Text sentence) {
  handle(url, [=](const HttpRequest&) -> HttpResponse { throw Error(ErrorKind::unreachable, sentence); });
}

void ScriptedHttp::handle(const std::string& url, Handler handler) {
  const std::lock_guard lock(mutex_);
  scripts_[url].push_back(std::move(handler));
}

void ScriptedHttp::handle_others(Handler handler) {
  const std::lock_guard lock(mutex_);
  others_ = std::move(handler);
}

HttpResponse ScriptedHttp::respond(const HttpRequest& request) {
  Handler handler;
  {
    const std::lock_guard lock(mutex_);
    requests_.push_back(request);
    const auto script = scripts_.find(request.url);
    if (script == scripts_.end()) {
      handler = others_;
    } else {
      handler = script->second.front();
      if (script->second.size() > 1) script->second.pop_front();
    }
  }
  if (!handler) throw Error(ErrorKind::unreachable, text("{} is not scripted", request.url));
  return handler(request);
}

HttpResponse ScriptedHttp::get(const HttpRequest& request) {
  HttpResponse response = respond(request);
  const std::uint64_t limit = request.max_body_bytes == 0 ? 64U << 20U : request.max_body_bytes;
  if (response.body.size() > limit) {
    throw Error(ErrorKind::unreachable, text("{} sent more than {} bytes", request.url, limit));
  }
  return response;
}

HttpResponse ScriptedHttp::stream(const HttpRequest& request, const system::HeadSink& head,
                                  const system::BodySink& sink) {
  HttpResponse response = respond(request);
  std::string body = std::exchange(response.body, "");
  const bool same = !request.if_range || request.if_range == response.header("etag");
  if (request.resume_from && response.status == 200 && response.header("accept-ranges") == "bytes" && same) {
    const std::size_t size = body.size();
    const std::size_t from = std::min(static_cast<std::size_t>(*request.resume_from), size);
    response.status = from < size ? 206 : 416;
    if (from < size) {
      response.headers["content-range"] =
          "bytes " + std::to_string(from) + "-" + std::to_string(size - 1) + "/" + std::to_string(size);
      body.erase(0, from);
    }
  }
  if (head && !head(response)) return response;
  if (response.status != 200 && response.status != 206) return response;
  constexpr std::size_t piece = 16384;
  for (std::size_t at = 0; at < body.size(); at += piece) {
    const std::size_t length = std::min(piece, body.size() - at);
    if (!sink(std::as_bytes(std::span(body).subspan(at, length)))) break;
  }
  return response;
}

std::vector<HttpRequest> ScriptedHttp::requests() const {
  const std::lock_guard lock(mutex_);
  return requests_;
}

std::vector<std::string> ScriptedHttp::urls() const {
  const std::lock_guard lock(mutex_);
  std::vector<std::string> urls;
  for (const HttpRequest& request : requests_) urls.push_back(request.url);
  return urls;
}

}  // namespace wheelfit::test
