// SPDX-License-Identifier: Apache-2.0
#include "catalog/page_reader.hpp"

#include <charconv>

#include <fmt/chrono.h>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "system/files.hpp"
#include "system/sha256.hpp"
#include "system/url.hpp"

namespace wheelfit::catalog {
namespace {

using nlohmann::json;

constexpr std::chrono::minutes fresh_for{10};
constexpr std::uint64_t largest_page = 64U << 20U;
constexpr int format = 1;

std::int64_t seconds(TimePoint time) {
  return std::chrono::duration_cast<std::chrono::seconds>(time.time_since_epoch()).count();
}

std::string text_at(const json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::string media_type(const system::HttpResponse& response) {
  std::string type = response.header("content-type").value_or("");
  type = type.substr(0, type.find(';'));
  for (char& c : type) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  while (!type.empty() && type.back() == ' ') type.pop_back();
  return type;
}

std::string host_of(std::string_view url) {
  const auto parsed = system::parse_url(url);
  return parsed && !parsed->host.empty() ? parsed->host : system::redacted(url);
}

// What is kept holds no credentials; those of the request go to its own server alone.
std::string with_credentials_of(const std::string& asked, std::string address) {
  const auto from = system::parse_url(asked);
  if (!from || from->userinfo.empty() || !system::same_origin(asked, address)) return address;
  return address.insert(address.find("://") + 3, from->userinfo + "@");
}

std::optional<std::int64_t> number_in(const system::HttpResponse& response, std::string_view header) {
  const auto written_number = response.header(header);
  if (!written_number) return std::nullopt;
  std::int64_t value = 0;
  const char* end = written_number->data() + written_number->size();
  const auto parsed = std::from_chars(written_number->data(), end, value);
  return parsed.ec == std::errc() && value > 0 ? std::optional(value) : std::nullopt;
}

// GitHub answers 403 or 429 when too much was asked, and says when asking may begin again.
Text refusal(const system::HttpResponse& response, std::string_view url, TimePoint now) {
  const std::string host = host_of(url);
  const bool spent = response.header("x-ratelimit-remaining") == "0" || response.status == 429;
  if ((response.status == 403 || response.status == 429) && spent) {
    if (const auto reset = number_in(response, "x-ratelimit-reset")) {
      return text("{} limits how often it may be asked, until {}", host,
                  written(TimePoint(std::chrono::seconds(*reset))));
    }
    if (const auto wait = number_in(response, "retry-after")) {
      return text("{} limits how often it may be asked, until {}", host,
                  written(now + std::chrono::seconds(*wait)));
    }
    return text("{} limits how often it may be asked", host);
  }
  if (response.status == 401 || response.status == 407) return text("{} asks for credentials", host);
  return text("{} answered {}", host, response.status);
}

}  // namespace

std::string written(TimePoint time) {
  return fmt::format("{:%Y-%m-%d %H:%M} UTC", fmt::gmtime(std::chrono::system_clock::to_time_t(time)));
}

std::filesystem::path PageReader::kept_file(const PageRequest& request) const {
  std::string key = system::redacted(request.url) + "\n" + request.accept;
  if (!request.user_agent.empty()) key += "\n" + request.user_agent;
  if (!request.reduced_to.empty()) key += "\n" + request.reduced_to;
  return cache_ / (system::to_hex(system::sha256_of(key)) + ".page");
}

// A line of JSON, then the body as it came.
std::optional<Page> PageReader::kept(const PageRequest& request) const {
  if (cache_.empty()) return std::nullopt;
  const auto content = system::read_file_if_any(kept_file(request), largest_page + 65536);
  const std::size_t end = content ? content->find('\n') : std::string::npos;
  if (end == std::string::npos) return std::nullopt;
  const json head =
      json::parse(content->begin(), content->begin() + static_cast<std::ptrdiff_t>(end), nullptr, false);
  if (!head.is_object() || head.value("format", json()) != format) return std::nullopt;
  const auto read_at = head.find("read_at");
  const auto size = head.find("size");
  if (read_at == head.end() || !read_at->is_number_integer() || size == head.end() ||
      *size != content->size() - end - 1) {
    return std::nullopt;
  }
  Page page;
  page.body = content->substr(end + 1);
  page.content_type = text_at(head, "content_type");
  page.address = with_credentials_of(request.url, text_at(head, "address"));
  page.etag = text_at(head, "etag");
  page.last_modified = text_at(head, "last_modified");
  page.link = text_at(head, "link");
  page.read_at = TimePoint(std::chrono::seconds(read_at->get<std::int64_t>()));
  return page;
}

void PageReader::keep(const PageRequest& request, const Page& page) const {
  if (cache_.empty()) return;
  const json head = {{"format", format},
                     {"read_at", seconds(page.read_at)},
                     {"size", page.body.size()},
                     {"content_type", page.content_type},
                     {"address", system::redacted(page.address)},
                     {"etag", page.etag},
                     {"last_modified", page.last_modified},
                     {"link", page.link}};
  try {
    std::string content = head.dump(-1, ' ', false, json::error_handler_t::replace) + "\n";
    content += page.body;
    // Readable by its owner alone: what a private index holds is nobody else's business.
    system::write_file_atomically(kept_file(request), content, system::Durability::ordinary, 0600);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::machine)
      throw;  // a cache that cannot be written is no fault of the listing
  }
}

PageAnswer PageReader::judged(const system::HttpResponse& response, const PageRequest& request,
                              std::optional<Page> old) {
  PageAnswer answer;
  if (response.status == 304 && old) {
    old->read_at = clock_.now();
    keep(request, *old);
    answer.page = std::move(old);
    answer.live = true;
  } else if (response.status == 200) {
    tl::expected<std::string, ParseError> body = response.body;
    if (request.reduce) body = request.reduce(response.body);
    if (!body) {
      answer.trouble = text("the answer cannot be used: {}", body.error().message);
      answer.page = std::move(old);
      return answer;
    }
    Page page{std::move(*body),
              media_type(response),
              response.effective_url.empty() ? request.url : response.effective_url,
              response.header("etag").value_or(""),
              response.header("last-modified").value_or(""),
              response.header("link").value_or(""),
              clock_.now()};
    keep(request, page);
    answer.page = std::move(page);
    answer.live = true;
  } else if (response.status == 404 || response.status == 410) {
    answer.missing = true;
    answer.trouble = refusal(response, request.url, clock_.now());
  } else {
    answer.trouble = refusal(response, request.url, clock_.now());
    answer.page = std::move(old);
  }
  return answer;
}

PageAnswer PageReader::read(const PageRequest& request) {
  std::optional<Page> old = kept(request);
  if (offline_) {
    PageAnswer answer;
    answer.trouble = Text("offline");
    answer.page = std::move(old);
    return answer;
  }
  const auto age = old ? clock_.now() - old->read_at : TimePoint::duration::max();
  if (old && age >= TimePoint::duration::zero() && age <= fresh_for) {
    PageAnswer answer;
    answer.page = std::move(old);
    answer.live = true;
    return answer;
  }
  system::HttpRequest get;
  get.url = request.url;
  get.headers = {{"Accept", request.accept}};
  if (!request.user_agent.empty()) get.headers.emplace_back("User-Agent", request.user_agent);
  get.bearer_token = request.bearer_token;
  get.max_body_bytes = request.largest;
  if (old && !old->etag.empty()) get.headers.emplace_back("If-None-Match", old->etag);
  if (old && old->etag.empty() && !old->last_modified.empty()) {
    get.headers.emplace_back("If-Modified-Since", old->last_modified);
  }
  try {
    return judged(http_.get(get), request, std::move(old));
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::unreachable) throw;
    PageAnswer answer;
    answer.trouble = error.sentence();
    answer.page = kept(request);
    return answer;
  }
}

}  // namespace wheelfit::catalog
