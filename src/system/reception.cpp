// SPDX-License-Identifier: Apache-2.0
#include "system/reception.hpp"

#include <algorithm>
#include <charconv>
#include <string>

#include "system/ascii.hpp"

namespace wheelfit::system {
namespace {

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t\r\n");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t\r\n") - begin + 1);
}

// Of "HTTP/1.1 206 Partial Content".
int status_in(std::string_view line) {
  int status = 0;
  const std::string_view rest = line.substr(std::min(line.find(' '), line.size()));
  const std::string_view digits = trimmed(rest);
  std::from_chars(digits.data(), digits.data() + digits.size(), status);
  return status;
}

}  // namespace

void Reception::take_header(std::string_view line) {
  window_bytes += line.size();
  answered = true;
  if (line.starts_with("HTTP/")) {  // of the final answer, or of a "100 Continue" before it
    response.headers.clear();
    response.status = status_in(line);
    return;
  }
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos) return;
  const std::string_view value = trimmed(line.substr(colon + 1));
  const auto [at, fresh] = response.headers.try_emplace(ascii_lower(line.substr(0, colon)), value);
  if (!fresh) at->second += ", " + std::string(value);
}

bool Reception::is_redirect() const {
  switch (response.status) {
    case 301:
    case 302:
    case 303:
    case 307:
    case 308:
      return response.headers.contains("location");
    default:
      return false;
  }
}

bool Reception::give_head() {
  if (head_given_ || is_redirect()) return true;
  head_given_ = true;
  stopped = head && !head(response);
  return !stopped;
}

bool Reception::take_body(std::span<const std::byte> bytes) {
  window_bytes += bytes.size();
  if (is_redirect()) return true;
  if (!give_head()) return false;
  body_bytes += bytes.size();
  if (sink && (response.status == 200 || response.status == 206)) {
    stopped = !sink(bytes);
    return !stopped;
  }
  if (body_bytes > limit) {
    too_large = true;
    return static_cast<bool>(sink);  // what a failed stream() says is cut, not refused
  }
  response.body.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  return true;
}

}  // namespace wheelfit::system
