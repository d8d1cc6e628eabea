// SPDX-License-Identifier: Apache-2.0
// Several sources of one file, over real connections.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.hpp"
#include "fetch/fetch.hpp"
#include "support/fake_clock.hpp"
#include "support/http_server.hpp"
#include "support/range_server.hpp"
#include "support/recording_reporter.hpp"
#include "support/temp_dir.hpp"
#include "system/curl_http.hpp"
#include "system/sha256.hpp"

namespace wheelfit::fetch {
namespace {

using std::chrono::milliseconds;
using test::HttpServer;
using test::ServerRequest;
using test::ServerResponse;
using testing::HasSubstr;

std::string some_bytes(std::size_t size, std::uint32_t seed) {
  std::string bytes(size, '\0');
  for (char& byte : bytes) {
    seed = seed * 1664525U + 1013904223U;
    byte = static_cast<char>(seed >> 24U);
  }
  return bytes;
}

class Sources : public testing::Test {
 protected:
  HttpServer::Handler serving(const std::string& content, milliseconds pause = milliseconds(0)) {
    return [&content, pause](const ServerRequest& request) {
      ServerResponse response = serve_ranges(request, content, "\"" + std::to_string(content.size()) + "\"");
      response.pause_between_pieces = pause;
      return response;
    };
  }
  Artifact from(std::initializer_list<const HttpServer*> servers) const {
    Artifact artifact{{}, "a.bin", system::to_hex(system::sha256_of(content_)), content_.size()};
    for (const HttpServer* server : servers) artifact.addresses.push_back({server->url("/a.bin")});
    return artifact;
  }
  FetchedFile fetch_it(const Artifact& artifact) {
    const auto http = system::make_http_client(settings_, clock_);
    return fetch(artifact, {directory_ / "store"}, *http, clock_, report_);
  }
  Error failure_of(const Artifact& artifact) {
    try {
      fetch_it(artifact);
    } catch (const Error& error) {
      return error;
    }
    ADD_FAILURE() << "fetch() must throw";
    return {ErrorKind::internal, text("nothing thrown")};
  }
  void expect_content(const FetchedFile& file) const {
    EXPECT_TRUE(test::read_text(file.path) == content_) << "the bytes differ";
  }

  test::TempDir directory_;
  system::HttpSettings settings_;
  const std::string content_ = some_bytes(3'000'000, 1);
  test::FakeClock clock_;
  test::RecordingReporter report_;
};

HttpServer::Handler status(int status) {
  return [status](const ServerRequest&) { return ServerResponse{.status = status}; };
}

TEST_F(Sources, TheFirstAloneIsAskedWhereItDoesWell) {
  const HttpServer first(serving(content_));
  const HttpServer second(serving(content_));
  expect_content(fetch_it(from({&first, &second})));
  EXPECT_TRUE(second.requests().empty());
}

TEST_F(Sources, TheNextTakesOverFromWhatFails) {
  for (const int answer : {403, 404, 410, 500}) {
    const HttpServer broken(status(answer));
    const HttpServer good(serving(content_));
    expect_content(fetch_it(from({&broken, &good})));
    std::filesystem::remove_all(directory_ / "store");
  }
  EXPECT_TRUE(clock_.sleeps().empty()) << "while another source works nobody is waited for";
}

TEST_F(Sources, TheNextJoinsWhileASilentOneIsAwaited) {
  const HttpServer silent([](const auto&) { return ServerResponse{.silent = true}; });
  const HttpServer good(serving(content_));
  const auto begun = std::chrono::steady_clock::now();
  expect_content(fetch_it(from({&silent, &good})));
  EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds(10)) << "its time-out is 30 s";
}

TEST_F(Sources, ACrawlingOneIsLeft) {
  const HttpServer crawling(serving(content_, milliseconds(150)));
  const HttpServer good(serving(content_));
  const auto begun = std::chrono::steady_clock::now();
  const FetchedFile file = fetch_it(from({&crawling, &good}));
  EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds(10)) << "alone it would take 27 s";
  expect_content(file);
  EXPECT_LT(file.bytes_transferred, content_.size() + 500'000);
}

TEST_F(Sources, PartsOfThreeMakeOneFile) {
  const HttpServer cut([this](const ServerRequest& request) {
    ServerResponse response = serve_ranges(request, content_, "\"x\"");
    response.cut_after = request.header("range").value_or("").starts_with("bytes=0-") ? 700'000 : 0;
    return response;
  });
  const HttpServer cut_later([this](const ServerRequest& request) {
    ServerResponse response = serve_ranges(request, content_, "\"y\"");
    response.cut_after = request.header("range").value_or("").starts_with("bytes=700000-") ? 900'000 : 0;
    return response;
  });
  const HttpServer good(serving(content_));
  const FetchedFile file = fetch_it(from({&cut, &cut_later, &good}));
  expect_content(file);
  EXPECT_EQ(file.bytes_transferred, content_.size()) << "nothing comes twice";
}

TEST_F(Sources, OneThatHasAnotherFileIsFoundOut) {
  const std::string other = some_bytes(content_.size(), 2);
  const HttpServer liar(serving(other));
  const HttpServer good(serving(content_));
  expect_content(fetch_it(from({&liar, &good})));
  EXPECT_THAT(report_.warnings(), testing::Contains(HasSubstr("another file")));
  std::filesystem::remove_all(directory_ / "store");
  EXPECT_EQ(failure_of(from({&liar, &liar})).code(), "sha256-mismatch");
}

TEST_F(Sources, OneOfAnotherLengthIsPassedOver) {
  const std::string shorter = content_.substr(1);
  const HttpServer wrong(serving(shorter));
  const HttpServer good(serving(content_));
  expect_content(fetch_it(from({&wrong, &good})));
}

TEST_F(Sources, AllThatFailedAreNamedInOneSentence) {
  const HttpServer gone(status(404));
  const HttpServer closed(status(403));
  const Error error = failure_of(from({&gone, &closed}));
  EXPECT_EQ(error.kind(), ErrorKind::unreachable);
  EXPECT_EQ(error.code(), "http-404");
  EXPECT_THAT(error.what(),
              testing::AllOf(HasSubstr("none of 2 sources"), HasSubstr("404"), HasSubstr("403")));
}

TEST_F(Sources, WithoutAHashTheFileComesFromOneOfThem) {
  const std::string other = some_bytes(content_.size(), 2);
  const HttpServer dying([this](const ServerRequest& request) {
    ServerResponse response = serve_ranges(request, content_, "\"1\"");
    response.cut_after = request.header("range").value_or("").starts_with("bytes=0-") ? 700'000 : 0;
    return response;
  });
  const HttpServer second(serving(other));
  Artifact wanted = from({&dying, &second});
  wanted.sha256.reset();
  const FetchedFile file = fetch_it(wanted);
  EXPECT_TRUE(test::read_text(file.path) == other) << "all of it is the second one's";
}

TEST_F(Sources, AThirdPartysFileWithoutAHashIsMarked) {
  const HttpServer mirror(serving(content_));
  Artifact wanted = from({&mirror});
  wanted.addresses[0].standing = Address::Standing::third_party;
  EXPECT_FALSE(fetch_it(wanted).unvouched);
  wanted.sha256.reset();
  for (int i = 0; i < 2; ++i) {
    const FetchedFile file = fetch_it(wanted);
    EXPECT_TRUE(file.unvouched);
    EXPECT_FALSE(file.from_store) << "where it came from must not be forgotten";
  }
}

TEST_F(Sources, ATokenThatIsNoGoodIsLeftAway) {
  const HttpServer server([this](const ServerRequest& request) {
    if (request.header("authorization")) return ServerResponse{.status = 401};
    return serve_ranges(request, content_, "\"1\"");
  });
  Artifact wanted = from({&server});
  wanted.addresses[0].bearer_token = "stale";
  expect_content(fetch_it(wanted));
  EXPECT_EQ(server.requests().front().header("authorization"), "Bearer stale");
}

TEST_F(Sources, WhereARedirectLedIsAskedDirectlyUntilItRefuses) {
  std::atomic<int> direct = 0;
  std::atomic<int> signatures = 0;
  const HttpServer store([&](const ServerRequest& request) {
    if (++direct == 3) return ServerResponse{.status = 403};
    ServerResponse response = serve_ranges(request, content_, "\"1\"");
    response.cut_after = 1'100'000;
    return response;
  });
  const HttpServer front([&](const ServerRequest&) {
    return ServerResponse{
        .status = 302, .headers = {{"Location", store.url("/signed?sig=" + std::to_string(++signatures))}}};
  });
  expect_content(fetch_it(from({&front})));
  EXPECT_GE(signatures, 2);
  for (const std::string& note : report_.notes()) EXPECT_THAT(note, testing::Not(HasSubstr("sig=1")));
}

TEST_F(Sources, AWebPageInsteadOfAWheelIsNotKept) {
  const HttpServer portal(
      [](const ServerRequest&) { return ServerResponse{.body = "<!DOCTYPE html><title>Sign in</title>"}; });
  const Artifact wanted{{{portal.url("/a-1-py3-none-any.whl")}}, "a-1-py3-none-any.whl"};
  EXPECT_EQ(failure_of(wanted).kind(), ErrorKind::refused);
  EXPECT_FALSE(std::filesystem::exists(directory_ / "store" / "wheels"));
}

}  // namespace
}  // namespace wheelfit::fetch
