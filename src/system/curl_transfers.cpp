// SPDX-License-Identifier: Apache-2.0
#include "system/curl_transfers.hpp"

#include <algorithm>
#include <utility>

#include <curl/curl.h>

#include "base/error.hpp"
#include "system/curl_exchange.hpp"
#include "system/curl_multi_handle.hpp"
#include "system/interrupt.hpp"
#include "system/url.hpp"

namespace wheelfit::system {
namespace {

Error redirected_without_end(const std::string& url) {
  return Error(ErrorKind::unreachable, text("{} is redirected without end", redacted(url)))
      .with_code("redirects");
}

class CurlTransfers final : public Transfers {
 public:
  CurlTransfers(const HttpSettings& settings, const Routes& routes) : settings_(settings), routes_(routes) {}
  ~CurlTransfers() override {
    for (auto& [id, transfer] : running_) curl_multi_remove_handle(multi_.get(), transfer.exchange->handle());
  }
  CurlTransfers(const CurlTransfers&) = delete;
  CurlTransfers& operator=(const CurlTransfers&) = delete;

  Id start(HttpRequest request, HeadSink head, BodySink sink) override {
    const Id id = ++last_id_;
    Transfer transfer{std::move(request), std::move(head), std::move(sink), spare_exchange(), 0};
    try {
      const std::string address = transfer.request.url;
      send(transfer, address);
      running_.emplace(id, std::move(transfer));
    } catch (const Error&) {
      ended_.push_back({id, {}, std::current_exception()});
    }
    return id;
  }

  void cancel(Id id) override {
    std::erase_if(ended_, [id](const Ended& ended) { return ended.id == id; });
    const auto found = running_.find(id);
    if (found != running_.end()) take_out(found);
  }

  std::vector<Ended> advance(std::chrono::milliseconds patience) override {
    throw_if_interrupted();
    perform();
    if (ended_.empty() && !running_.empty()) {
      curl_multi_poll(multi_.get(), nullptr, 0, static_cast<int>(patience.count()), nullptr);
      perform();
    }
    return std::exchange(ended_, {});
  }

 private:
  struct Transfer {
    HttpRequest request;
    HeadSink head;
    BodySink sink;
    std::unique_ptr<CurlExchange> exchange;
    int hops = 0;
  };
  using Running = std::map<Id, Transfer>;

  std::unique_ptr<CurlExchange> spare_exchange() {
    if (spare_.empty()) return std::make_unique<CurlExchange>();
    auto exchange = std::move(spare_.back());
    spare_.pop_back();
    return exchange;
  }

  void send(Transfer& transfer, const std::string& address) {
    transfer.exchange->begin(transfer.request, routes_.to(address, transfer.request), settings_,
                             transfer.head, transfer.sink, Sharing::own_connection);
    curl_multi_add_handle(multi_.get(), transfer.exchange->handle());
  }

  Running::iterator take_out(Running::iterator at) {
    curl_multi_remove_handle(multi_.get(), at->second.exchange->handle());
    spare_.push_back(std::move(at->second.exchange));
    return running_.erase(at);
  }

  void perform() {
    int running = 0;
    curl_multi_perform(multi_.get(), &running);
    int left = 0;
    while (const CURLMsg* message = curl_multi_info_read(multi_.get(), &left)) {
      if (message->msg != CURLMSG_DONE) continue;
      const auto found =
          std::find_if(running_.begin(), running_.end(), [message](const Running::value_type& each) {
            return each.second.exchange->handle() == message->easy_handle;
          });
      const CURLcode code = message->data.result;  // the message goes with the handle
      if (found != running_.end()) judge(found, code);
    }
    for (auto at = running_.begin(); at != running_.end();) {
      if (!at->second.exchange->has_stalled()) {
        ++at;
        continue;
      }
      ended_.push_back({at->first, {}, std::make_exception_ptr(at->second.exchange->stall())});
      at = take_out(at);
    }
  }

  void judge(Running::iterator at, CURLcode code) {
    Transfer& transfer = at->second;
    Ended ended{at->first, {}, nullptr};
    try {
      Exchange done = transfer.exchange->finish(code);
      if (!done.redirect_to.empty()) {
        const bool web = done.redirect_to.starts_with("http");
        if (!web || ++transfer.hops > most_redirects) throw redirected_without_end(transfer.request.url);
        curl_multi_remove_handle(multi_.get(), transfer.exchange->handle());
        send(transfer, done.redirect_to);
        return;
      }
      ended.response = std::move(done.response);
    } catch (...) {
      ended.fault = std::current_exception();
    }
    ended_.push_back(std::move(ended));
    take_out(at);
  }

  const HttpSettings& settings_;
  const Routes& routes_;
  MultiHandle multi_ = new_multi_handle();
  Running running_;
  std::vector<std::unique_ptr<CurlExchange>> spare_;
  std::vector<Ended> ended_;
  Id last_id_ = 0;
};

}  // namespace

std::unique_ptr<Transfers> curl_transfers(const HttpSettings& settings, const Routes& routes) {
  return std::make_unique<CurlTransfers>(settings, routes);
}

}  // namespace wheelfit::system
