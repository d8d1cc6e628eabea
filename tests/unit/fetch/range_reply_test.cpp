// SPDX-License-Identifier: Apache-2.0
#include "fetch/range_reply.hpp"

#include <gtest/gtest.h>

namespace wheelfit::fetch {
namespace {

using Kind = Reply::Kind;
using Headers = std::map<std::string, std::string, std::less<>>;

Kind kind(const Question& question, int status, const Headers& headers) {
  return judge_reply(question, {status, "http://a/x", headers, ""}).kind;
}

Question asking(std::uint64_t first, std::uint64_t end) {
  return {"http://a/x", ByteSpan{first, end}, std::nullopt, std::nullopt};
}

TEST(RangeReply, TakesThePartThatWasAskedFor) {
  const Headers headers{{"content-range", "bytes 5-9/20"}, {"etag", "\"v1\""}};
  EXPECT_EQ(kind(asking(5, 10), 206, headers), Kind::part);
  EXPECT_EQ(kind(asking(5, 15), 206, headers), Kind::part) << "fewer bytes are a beginning";
  EXPECT_EQ(judge_reply(asking(5, 10), {206, "", headers, ""}).origin.length, 20U);
}

TEST(RangeReply, RefusesOtherParts) {
  EXPECT_EQ(kind(asking(5, 10), 206, {{"content-range", "bytes 4-9/20"}}), Kind::wrong_range);
  EXPECT_EQ(kind(asking(5, 10), 206, {}), Kind::wrong_range);
  EXPECT_EQ(kind(asking(5, 10), 206, {{"content-range", "bytes 5-9/20"}, {"content-encoding", "gzip"}}),
            Kind::wrong_range);
  Question whole = asking(0, 0);
  whole.range.reset();
  EXPECT_EQ(kind(whole, 206, {{"content-range", "bytes 0-9/20"}}), Kind::wrong_range);
}

TEST(RangeReply, NoticesAnotherFile) {
  Question question = asking(5, 10);
  question.seen = Origin{"http://a/x", "\"v1\"", "", 20};
  EXPECT_EQ(kind(question, 206, {{"content-range", "bytes 5-9/20"}, {"etag", "\"v1\""}}), Kind::part);
  EXPECT_EQ(kind(question, 206, {{"content-range", "bytes 5-9/20"}, {"etag", "\"v2\""}}), Kind::changed);
  EXPECT_EQ(kind(question, 206, {{"content-range", "bytes 5-9/21"}, {"etag", "\"v1\""}}), Kind::changed);
  EXPECT_EQ(kind(question, 200, {{"content-length", "20"}, {"etag", "\"v2\""}}), Kind::changed);
  EXPECT_EQ(kind(question, 200, {{"content-length", "20"}, {"etag", "\"v1\""}}), Kind::whole);
  EXPECT_EQ(kind(question, 416, {{"content-range", "bytes */3"}}), Kind::changed);
}

TEST(RangeReply, HoldsTheSizeAgainstThePromise) {
  Question question = asking(0, 10);
  question.size = 30;
  EXPECT_EQ(kind(question, 206, {{"content-range", "bytes 0-9/20"}}), Kind::wrong_size);
  EXPECT_EQ(kind(question, 200, {{"content-length", "20"}}), Kind::wrong_size);
  EXPECT_EQ(kind(question, 200, {}), Kind::whole) << "no length is no contradiction";
}

TEST(RangeReply, KnowsServersWithoutRanges) {
  for (const int status : {400, 405, 416, 501}) EXPECT_EQ(kind(asking(0, 10), status, {}), Kind::no_ranges);
  Question later = asking(5, 10);
  later.seen = Origin{"http://a/x", "", "", 20};
  EXPECT_EQ(kind(later, 400, {}), Kind::refused) << "it has answered ranges before";
  EXPECT_EQ(kind(asking(0, 10), 416, {{"content-range", "bytes */0"}}), Kind::empty_file);
  for (const int status : {301, 403, 404, 429, 503})
    EXPECT_EQ(kind(asking(0, 10), status, {}), Kind::refused);
}

}  // namespace
}  // namespace wheelfit::fetch
