// SPDX-License-Identifier: Apache-2.0
#include "system/first_answer.hpp"

#include <chrono>
#include <utility>

namespace wheelfit::system {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds head_start{300};
constexpr std::chrono::milliseconds look{50};

}  // namespace

std::optional<std::size_t> first_to_answer(HttpClient& http, std::vector<HttpRequest> requests) {
  if (requests.size() < 2) return std::nullopt;
  std::optional<std::size_t> answered;
  const std::unique_ptr<Transfers> transfers = http.transfers();
  std::size_t asked = 0;
  std::size_t ended = 0;
  Clock::time_point last;
  while (!answered && ended < requests.size()) {
    const bool all_ended = ended == asked;
    if (asked < requests.size() && (all_ended || Clock::now() - last >= head_start)) {
      HttpRequest& request = requests[asked];
      request.headers.emplace_back("Range", "bytes=0-0");
      transfers->start(
          std::move(request),
          [&answered, place = asked](const HttpResponse& head) {
            const bool there = head.status == 200 || head.status == 206;
            if (there && !answered) answered = place;
            return !there;  // its body is not wanted
          },
          [](std::span<const std::byte>) { return false; });
      last = Clock::now();
      ++asked;
    }
    ended += transfers->advance(look).size();
  }
  return answered;
}

}  // namespace wheelfit::system
