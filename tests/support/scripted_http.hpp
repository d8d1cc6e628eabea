// SPDX-License-Identifier: Apache-2.0
// An HttpClient that answers from a script. No network, no time.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "base/text.hpp"
#include "system/http.hpp"

namespace wheelfit::test {

class ScriptedHttp final : public system::HttpClient {
 public:
  using Headers = std::map<std::string, std::string, std::less<>>;
  using Handler = std::function<system::HttpResponse(const system::HttpRequest&)>;

  // Answers to one address are given in the order they were scripted; the last one is given again and again.
  void answer(const std::string& url, std::string body, Headers headers = {}, int status = 200);
  void status(const std::string& url, int status) { answer(url, "", {}, status); }
  void redirect(const std::string& url, std::string effective_url, std::string body);
  void fail(const std::string& url, Text sentence);  // throws Error{unreachable}
  void handle(const std::string& url, Handler handler);
  // For every address that has no script of its own. Without it such a request throws Error{unreachable}.
  void handle_others(Handler handler);

  system::HttpResponse get(const system::HttpRequest& request) override;
  // A request with resume_from is answered 206 with the rest of a scripted 200 whose headers say
  // "accept-ranges: bytes" (and whose etag is if_range, where that is given).
  system::HttpResponse stream(const system::HttpRequest& request, const system::HeadSink& head,
                              const system::BodySink& sink) override;

  std::vector<system::HttpRequest> requests() const;
  std::vector<std::string> urls() const;

 private:
  system::HttpResponse respond(const system::HttpRequest& request);

  mutable std::mutex mutex_;
  std::map<std::string, std::deque<Handler>> scripts_;
  Handler others_;
  std::vector<system::HttpRequest> requests_;
};

}  // namespace wheelfit::test
