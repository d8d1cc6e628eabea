// SPDX-License-Identifier: Apache-2.0
#include "system/http.hpp"

#include <deque>

namespace wheelfit::system {
namespace {

class OneAfterTheOther final : public Transfers {
 public:
  explicit OneAfterTheOther(HttpClient& client) : client_(client) {}

  Id start(HttpRequest request, HeadSink head, BodySink sink) override {
    waiting_.push_back({++last_id_, std::move(request), std::move(head), std::move(sink)});
    return last_id_;
  }

  void cancel(Id id) override {
    std::erase_if(waiting_, [id](const Waiting& each) { return each.id == id; });
  }

  std::vector<Ended> advance(std::chrono::milliseconds) override {
    if (waiting_.empty()) return {};
    const Waiting next = std::move(waiting_.front());
    waiting_.pop_front();
    Ended ended{next.id, {}, nullptr};
    try {
      ended.response = client_.stream(next.request, next.head, next.sink);
    } catch (...) {
      ended.fault = std::current_exception();
    }
    return {std::move(ended)};
  }

 private:
  struct Waiting {
    Id id;
    HttpRequest request;
    HeadSink head;
    BodySink sink;
  };
  HttpClient& client_;
  std::deque<Waiting> waiting_;
  Id last_id_ = 0;
};

}  // namespace

std::optional<std::string> HttpResponse::header(std::string_view lower_case_name) const {
  const auto found = headers.find(lower_case_name);
  if (found == headers.end()) return std::nullopt;
  return found->second;
}

std::unique_ptr<Transfers> HttpClient::transfers() { return std::make_unique<OneAfterTheOther>(*this); }

}  // namespace wheelfit::system
