// SPDX-License-Identifier: Apache-2.0
// What the head of an answer means for a request for some bytes of a file. Pure.
#pragma once

#include <cstdint>
#include <optional>

#include "fetch/byte_set.hpp"
#include "fetch/partial_file.hpp"
#include "system/http.hpp"

namespace wheelfit::fetch {

struct Reply {
  enum class Kind {
    part,         // from the first byte that was asked for; maybe fewer than were asked for
    whole,        // the file from its beginning
    empty_file,   // there are no bytes
    changed,      // another file than the one seen before
    wrong_range,  // other bytes than those asked for
    wrong_size,   // of the whole file; `origin.length` says which
    no_ranges,    // it may answer when asked without a range
    refused,      // an answer that brings no bytes; the status says which
  };
  Kind kind = Kind::refused;
  Origin origin;
};

struct Question {
  std::string url;
  std::optional<ByteSpan> range;      // nullopt: the whole file
  std::optional<Origin> seen;         // what this source said of the file before
  std::optional<std::uint64_t> size;  // what the file must have
};

Reply judge_reply(const Question& question, const system::HttpResponse& head);

}  // namespace wheelfit::fetch
