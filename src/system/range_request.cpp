// SPDX-License-Identifier: Apache-2.0
#include "system/range_request.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include "system/content_range.hpp"

namespace wheelfit::system {
namespace {

std::optional<std::uint64_t> content_length(const HttpResponse& head) {
  const auto value = head.header("content-length");
  if (!value) return std::nullopt;
  std::uint64_t length = 0;
  const char* end = value->data() + value->size();
  const auto read = std::from_chars(value->data(), end, length);
  if (read.ec != std::errc() || read.ptr != end) return std::nullopt;
  return length;
}

bool is_encoded(const HttpResponse& head) {
  return head.header("content-encoding").value_or("identity") != "identity";
}

// The bytes that a server may send for a wish, by its file's size; nothing for a wish behind the end.
ContentRange promised(const RangeWish& wish, std::uint64_t total) {
  if (wish.first) return {*wish.first, *wish.first + wish.length - 1, total};
  return {total - std::min(total, wish.length), total - 1, total};
}

class Reply {
 public:
  Reply(const RangeWish& wish, std::uint64_t& received) : wish_(wish), received_(received) {}

  // False: the body is not wanted.
  bool accept(const HttpResponse& head) {
    if (head.status == 206) return accept_part(head);
    if (head.status == 200) return accept_whole(head);
    return true;
  }

  bool take(std::span<const std::byte> piece) {
    received_ += piece.size();
    if (piece.size() > expected_ - answer_.bytes.size()) {
      answer_.kind = RangeAnswer::Kind::wrong;
      return false;
    }
    answer_.bytes.insert(answer_.bytes.end(), piece.begin(), piece.end());
    return true;
  }

  RangeAnswer finished(HttpResponse response) {
    received_ += response.body.size();
    response.body.clear();
    const bool complete = answer_.bytes.size() == expected_;
    if (answer_.kind == RangeAnswer::Kind::bytes && !complete) answer_.kind = RangeAnswer::Kind::wrong;
    if (answer_.kind != RangeAnswer::Kind::bytes) answer_.bytes.clear();
    answer_.head = std::move(response);
    return std::move(answer_);
  }

 private:
  bool accept_part(const HttpResponse& head) {
    answer_.kind = RangeAnswer::Kind::wrong;
    const auto range = parse_content_range(head.header("content-range").value_or(""));
    if (!range || !range->total) return false;
    answer_.total = range->total;
    const std::uint64_t length = range->last - range->first + 1;
    if (*range != promised(wish_, *range->total) || is_encoded(head) ||
        content_length(head).value_or(length) != length)
      return false;
    return expect(range->first, length);
  }

  // A server without ranges that was asked for the end of a file no longer than that does no harm.
  bool accept_whole(const HttpResponse& head) {
    answer_.kind = RangeAnswer::Kind::whole_file;
    if (!is_encoded(head)) answer_.total = content_length(head);
    if (wish_.first || !answer_.total || *answer_.total > wish_.length) return false;
    return expect(0, *answer_.total);
  }

  bool expect(std::uint64_t first, std::uint64_t length) {
    answer_.kind = RangeAnswer::Kind::bytes;
    answer_.first = first;
    expected_ = length;
    return true;
  }

  const RangeWish& wish_;
  std::uint64_t& received_;
  std::uint64_t expected_ = 0;
  RangeAnswer answer_;
};

}  // namespace

std::string RangeWish::header() const {
  if (!first) return "bytes=-" + std::to_string(length);
  return "bytes=" + std::to_string(*first) + "-" + std::to_string(*first + length - 1);
}

RangeAnswer request_range(HttpClient& http, HttpRequest request, const RangeWish& wish,
                          std::uint64_t& received) {
  request.headers.emplace_back("Range", wish.header());
  Reply reply(wish, received);
  HttpResponse response = http.stream(
      request, [&](const HttpResponse& head) { return reply.accept(head); },
      [&](std::span<const std::byte> piece) { return reply.take(piece); });
  return reply.finished(std::move(response));
}

}  // namespace wheelfit::system
