// SPDX-License-Identifier: Apache-2.0
#include "diagnose/ask_network.hpp"

#include <algorithm>
#include <array>
#include <future>
#include <utility>

#include "system/url.hpp"

namespace wheelfit::diagnose {
namespace {

system::HttpRequest request_for(const Place& place, system::HttpTrace& trace) {
  system::HttpRequest request;
  request.url = place.url;
  if (!place.accept.empty()) request.headers = {{"Accept", place.accept}};
  request.bearer_token = place.token;
  request.trace = &trace;
  // A wheel's first byte proves as much as all of it.
  if (place.role == Role::release) request.headers.emplace_back("Range", "bytes=0-0");
  return request;
}

const system::HeadSink no_head_wanted = [](const system::HttpResponse&) { return true; };
const system::BodySink first_bytes_only = [](std::span<const std::byte>) { return false; };

// Whose certificate it is that was not trusted.
std::optional<system::TlsNames> shown_by(const std::string& url, system::HttpClient& unverifying) {
  system::HttpTrace trace;
  system::HttpRequest request;
  request.url = system::redacted(url);
  request.method = "HEAD";
  request.trace = &trace;
  try {
    unverifying.stream(request, no_head_wanted, first_bytes_only);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::unreachable) throw;
  }
  return trace.hops.empty() ? std::nullopt : trace.hops.front().tls;
}

Sight ask_once(const Place& place, system::HttpClient& http, system::HttpClient& unverifying) {
  Sight sight;
  sight.place = place;
  system::HttpTrace trace;
  try {
    sight.headers = http.stream(request_for(place, trace), no_head_wanted, first_bytes_only).headers;
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::unreachable) throw;
    if (trace.hops.empty() || !trace.hops.back().fault) {
      system::HttpHop hop;
      hop.url = place.url;
      hop.fault = error;
      trace.hops.push_back(std::move(hop));
    }
  }
  sight.hops = std::move(trace.hops);
  const system::HttpHop& last = sight.hops.back();
  if (last.fault && last.fault->code() == "tls") sight.shown = shown_by(last.url, unverifying);
  return sight;
}

bool is_missing(const Sight& sight) {
  const system::HttpHop& last = sight.hops.back();
  return !last.fault && (last.status == 404 || last.status == 410);
}

Sight ask(const Place& place, system::HttpClient& http, system::HttpClient& unverifying) {
  Sight sight = ask_once(place, http, unverifying);
  if (place.otherwise.empty() || !is_missing(sight)) return sight;
  Place second = place;
  second.url = std::exchange(second.otherwise, "");
  return ask_once(second, http, unverifying);
}

// What another way through the network could mend.
bool is_cut_off(const Sight& sight) {
  static constexpr std::array codes{"resolve", "refused", "unreachable", "timeout", "proxy", "proxy-auth"};
  const auto& fault = sight.hops.back().fault;
  return fault && std::find(codes.begin(), codes.end(), fault->code()) != codes.end();
}

bool answers(const Place& place, system::HttpClient& http) {
  system::HttpTrace trace;
  try {
    http.stream(request_for(place, trace), no_head_wanted, first_bytes_only);
    return true;
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::unreachable) throw;
    return false;
  }
}

}  // namespace

void try_other_proxies(std::vector<Sight>& sights, const std::vector<Fact<std::string>>& proxies,
                       const Connect& connect) {
  constexpr std::size_t most = 3;
  struct Attempt {
    Sight* sight;
    const Fact<std::string>* proxy;
    std::future<bool> answered;
  };
  std::vector<std::unique_ptr<system::HttpClient>> clients;
  std::vector<Attempt> attempts;
  for (const Fact<std::string>& proxy : proxies) {
    if (clients.size() == most) break;
    system::HttpClient& http = *clients.emplace_back(connect(proxy));
    for (Sight& sight : sights) {
      if (!is_cut_off(sight)) continue;
      attempts.push_back(
          {&sight, &proxy, std::async(std::launch::async, [&] { return answers(sight.place, http); })});
    }
  }
  for (Attempt& attempt : attempts) {
    if (attempt.answered.get()) attempt.sight->answers_through.push_back(*attempt.proxy);
  }
}

std::vector<Sight> ask_network(const std::vector<Place>& places, system::HttpClient& http,
                               system::HttpClient& unverifying) {
  std::vector<std::future<Sight>> asked;
  for (const Place& place : places) {
    asked.push_back(std::async(std::launch::async, [&] { return ask(place, http, unverifying); }));
  }
  std::vector<Sight> sights;
  for (std::future<Sight>& each : asked) sights.push_back(each.get());
  return sights;
}

}  // namespace wheelfit::diagnose
