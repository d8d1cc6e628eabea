// SPDX-License-Identifier: Apache-2.0
#include "fetch/range_reply.hpp"

#include <charconv>

#include "system/content_range.hpp"

namespace wheelfit::fetch {
namespace {

using Kind = Reply::Kind;

// "bytes */123", as a 416 says it.
std::optional<std::uint64_t> length_beside_refusal(const system::HttpResponse& head) {
  const std::string value = head.header("content-range").value_or("");
  constexpr std::string_view before = "bytes */";
  if (!value.starts_with(before)) return std::nullopt;
  std::uint64_t length = 0;
  const char* end = value.data() + value.size();
  const auto read = std::from_chars(value.data() + before.size(), end, length);
  if (read.ec != std::errc() || read.ptr != end) return std::nullopt;
  return length;
}

bool is_encoded(const system::HttpResponse& head) {
  return head.header("content-encoding").value_or("identity") != "identity";
}

Kind kind_of_part(const Question& question, const system::HttpResponse& head, const Origin& origin) {
  const auto range = system::parse_content_range(head.header("content-range").value_or(""));
  if (!question.range || !range || range->first != question.range->first || is_encoded(head))
    return Kind::wrong_range;
  if (question.seen && question.seen->contradicts(origin)) return Kind::changed;
  if (question.size && origin.length && *origin.length != *question.size) return Kind::wrong_size;
  return Kind::part;
}

Kind kind_of_whole(const Question& question, const Origin& origin) {
  if (question.seen && question.seen->contradicts(origin)) return Kind::changed;
  if (question.size && origin.length && *origin.length != *question.size) return Kind::wrong_size;
  return Kind::whole;
}

Kind kind_of_unsatisfiable(const Question& question, const system::HttpResponse& head) {
  const auto length = length_beside_refusal(head);
  if (length == 0 && question.size.value_or(0) == 0) return Kind::empty_file;
  const bool other = length && question.seen && question.seen->length && *question.seen->length != *length;
  return other ? Kind::changed : Kind::no_ranges;
}

}  // namespace

Reply judge_reply(const Question& question, const system::HttpResponse& head) {
  Reply reply{Kind::refused, origin_of(question.url, head)};
  switch (head.status) {
    case 206:
      reply.kind = kind_of_part(question, head, reply.origin);
      break;
    case 200:
      reply.kind = kind_of_whole(question, reply.origin);
      break;
    case 416:
      if (question.range) reply.kind = kind_of_unsatisfiable(question, head);
      break;
    case 400:
    case 405:
    case 501:
      if (question.range && !question.seen) reply.kind = Kind::no_ranges;
      break;
    default:
      break;
  }
  return reply;
}

}  // namespace wheelfit::fetch
