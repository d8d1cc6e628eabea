// SPDX-License-Identifier: Apache-2.0
#include "fetch/fetch.hpp"

#include <csignal>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/error.hpp"
#include "support/fake_clock.hpp"
#include "support/http_server.hpp"
#include "support/range_server.hpp"
#include "support/recording_reporter.hpp"
#include "support/scripted_http.hpp"
#include "support/temp_dir.hpp"
#include "system/curl_http.hpp"
#include "system/sha256.hpp"

namespace wheelfit::fetch {
namespace {

using std::chrono::milliseconds;
using test::ServerRequest;
using test::ServerResponse;
using testing::HasSubstr;

std::string wheel_bytes(std::size_t size, std::uint32_t seed = 1) {
  std::string bytes;
  bytes.reserve(size + 4);
  while (bytes.size() < size) {
    seed = seed * 1664525U + 1013904223U;
    bytes.append(reinterpret_cast<const char*>(&seed), sizeof seed);
  }
  bytes.resize(size);
  return bytes;
}

std::string hash_of(const std::string& bytes) { return system::to_hex(system::sha256_of(bytes)); }

class Fetch : public testing::Test {
 protected:
  Artifact artifact(const test::HttpServer& server, bool with_hash = true) const {
    Artifact artifact{{{server.url("/a-1.bin")}}, "a-1.bin"};
    if (with_hash) artifact.sha256 = hash_of(content_);
    return artifact;
  }
  FetchedFile fetch_it(const Artifact& artifact) {
    const auto http = system::make_http_client(settings_, clock_);
    return fetch(artifact, store_, *http, clock_, report_);
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
  ServerResponse honest(const ServerRequest& request) const {
    return serve_ranges(request, content_, "\"v1\"");
  }
  static bool is_first(const ServerRequest& request) {
    return request.header("range").value_or("").starts_with("bytes=0-");
  }
  static std::vector<std::string> ranges(const test::HttpServer& server) {
    std::vector<std::string> ranges;
    for (const ServerRequest& request : server.requests())
      ranges.push_back(request.header("range").value_or(""));
    return ranges;
  }
  bool nothing_partial() const {
    const auto partial = store_.directory / "partial";
    return !std::filesystem::exists(partial) || std::filesystem::is_empty(partial);
  }

  test::TempDir directory_;
  Store store_{directory_ / "store"};
  system::HttpSettings settings_;
  std::string content_ = wheel_bytes(300'000);
  test::FakeClock clock_;
  std::atomic<int> served_ = 0;
  test::RecordingReporter report_;
};

TEST_F(Fetch, PutsTheFileUnderItsHash) {
  const test::HttpServer server([&](const auto& request) { return honest(request); });
  const FetchedFile fetched = fetch_it(artifact(server));
  EXPECT_EQ(fetched.path, store_.directory / "wheels" / hash_of(content_) / "a-1.bin");
  EXPECT_EQ(test::read_text(fetched.path), content_);
  EXPECT_EQ(fetched.size, content_.size());
  EXPECT_EQ(fetched.bytes_transferred, content_.size());
  EXPECT_FALSE(fetched.from_store);
  EXPECT_TRUE(nothing_partial());
}

TEST_F(Fetch, ReportsItsProgress) {
  const test::HttpServer server([&](const auto& request) { return honest(request); });
  Artifact wanted = artifact(server);
  wanted.size = content_.size();
  fetch_it(wanted);
  ASSERT_EQ(report_.work().size(), 1U);
  EXPECT_EQ(report_.work()[0].what, "Downloading a-1.bin");
  EXPECT_EQ(report_.work()[0].total, content_.size());
  EXPECT_EQ(report_.work()[0].progress.back(), content_.size());
  EXPECT_TRUE(report_.work()[0].finished);
}

TEST_F(Fetch, TakesTheSecondTimeFromTheStore) {
  const test::HttpServer server([&](const auto& request) { return honest(request); });
  for (const bool with_hash : {true, false}) {
    fetch_it(artifact(server, with_hash));
    const std::size_t asked = server.requests().size();
    const FetchedFile again = fetch_it(artifact(server, with_hash));
    EXPECT_TRUE(again.from_store);
    EXPECT_EQ(again.bytes_transferred, 0U);
    EXPECT_EQ(again.sha256, hash_of(content_));
    EXPECT_EQ(server.requests().size(), asked);
  }
}

TEST_F(Fetch, GoesOnWhereTheConnectionWasCut) {
  const test::HttpServer server([&, cut = true](const auto& request) mutable {
    ServerResponse response = honest(request);
    if (std::exchange(cut, false)) response.cut_after = 100'000;
    return response;
  });
  const FetchedFile fetched = fetch_it(artifact(server, false));
  EXPECT_EQ(test::read_text(fetched.path), content_);
  EXPECT_EQ(fetched.bytes_transferred, content_.size());
  EXPECT_THAT(ranges(server), testing::ElementsAre("bytes=0-4194303", "bytes=100000-299999"));
  EXPECT_THAT(report_.notes(), testing::ElementsAre(testing::AllOf(HasSubstr("cut off after 100000 bytes"),
                                                                   HasSubstr("100000 bytes are kept"))));
}

TEST_F(Fetch, GoesOnAfterAStall) {
  settings_.stall_window = milliseconds(150);
  const test::HttpServer server([&, stall = true](const auto& request) mutable {
    ServerResponse response = honest(request);
    if (std::exchange(stall, false)) response.stall_after = 50'000;
    return response;
  });
  EXPECT_EQ(test::read_text(fetch_it(artifact(server)).path), content_);
  EXPECT_THAT(ranges(server), testing::ElementsAre("bytes=0-4194303", "bytes=50000-299999"));
}

TEST_F(Fetch, GivesUpAfterFiveAttemptsWithoutProgressAndKeepsWhatItHas) {
  const test::HttpServer server([&](const auto& request) {
    ServerResponse response = honest(request);
    response.cut_after = is_first(request) ? 1000 : 0;
    return response;
  });
  const Error error = failure_of(artifact(server));
  EXPECT_EQ(error.kind(), ErrorKind::unreachable);
  EXPECT_EQ(error.code(), "cut-off");
  EXPECT_EQ(server.requests().size(), 5U) << "1000 bytes of 300000 are no progress";
  EXPECT_EQ(clock_.sleeps().size(), 4U);
  const auto partial = store_.directory / "partial" / hash_of(content_);
  EXPECT_EQ(std::filesystem::file_size(partial / "data"), 1000U);
  EXPECT_THAT(test::read_text(partial / "journal"), testing::EndsWith("\n0 1000\n"));
}

TEST_F(Fetch, DoesNotWaitForAServerThatDrips) {
  const test::HttpServer server([&](const auto& request) {
    ServerResponse response = honest(request);
    response.cut_after = 3000;
    return response;
  });
  EXPECT_EQ(failure_of(artifact(server)).code(), "cut-off");
  EXPECT_EQ(server.requests().size(), 5U);
}

TEST_F(Fetch, GoesOnAsLongAsThereIsProgress) {
  const test::HttpServer server([&](const auto& request) {
    ServerResponse response = honest(request);
    response.cut_after = 20'000;
    return response;
  });
  EXPECT_EQ(test::read_text(fetch_it(artifact(server)).path), content_);
  EXPECT_EQ(server.requests().size(), 15U);
}

TEST_F(Fetch, AsksAHostThatSaysNothingOnlyTwice) {
  settings_.first_byte_timeout = milliseconds(120);
  const test::HttpServer server([](const auto&) { return ServerResponse{.silent = true}; });
  EXPECT_EQ(failure_of(artifact(server)).code(), "timeout");
  EXPECT_EQ(server.requests().size(), 2U);
}

TEST_F(Fetch, GoesOnInTheNextRun) {
  bool down = true;
  const test::HttpServer server([&](const auto& request) {
    ServerResponse response = honest(request);
    if (down) response.cut_after = is_first(request) ? 200'000 : 0;
    return response;
  });
  EXPECT_EQ(failure_of(artifact(server, false)).code(), "cut-off");
  down = false;
  const FetchedFile fetched = fetch_it(artifact(server, false));
  EXPECT_EQ(test::read_text(fetched.path), content_);
  EXPECT_EQ(fetched.bytes_transferred, 100'000U);
}

TEST_F(Fetch, NeverGluesTwoDifferentFiles) {
  const std::string newer = wheel_bytes(300'000, 7);
  bool changed = false;
  const test::HttpServer server([&](const auto& request) {
    if (changed) return serve_ranges(request, newer, "\"v2\"");
    ServerResponse response = honest(request);
    response.cut_after = is_first(request) ? 200'000 : 0;
    return response;
  });
  EXPECT_EQ(failure_of(artifact(server, false)).code(), "cut-off");
  changed = true;
  EXPECT_EQ(test::read_text(fetch_it(artifact(server, false)).path), newer);
}

TEST_F(Fetch, StartsOverWhenTheServerIgnoresIfRange) {
  const std::string newer = wheel_bytes(300'000, 7);
  const test::HttpServer server([&, first = true](ServerRequest request) mutable {
    if (std::exchange(first, false)) {
      ServerResponse response = honest(request);
      response.cut_after = 1000;
      return response;
    }
    request.headers.erase("if-range");
    return serve_ranges(request, newer, "\"v2\"");
  });
  EXPECT_EQ(test::read_text(fetch_it(artifact(server, false)).path), newer);
  EXPECT_THAT(ranges(server),
              testing::ElementsAre("bytes=0-4194303", "bytes=1000-299999", HasSubstr("bytes=0-")));
}

TEST_F(Fetch, StartsOverWhenARangeIsAnsweredWithTheWhole) {
  const test::HttpServer server([&, cut = true](ServerRequest request) mutable {
    request.headers.erase("range");
    ServerResponse response = honest(request);
    if (std::exchange(cut, false)) response.cut_after = 1000;
    return response;
  });
  EXPECT_EQ(test::read_text(fetch_it(artifact(server, false)).path), content_);
}

TEST_F(Fetch, RefusesAnotherRangeThanItAskedFor) {
  const test::HttpServer server([&](const auto& request) {
    ServerResponse response = honest(request);
    if (is_first(request)) {
      response.cut_after = 1000;
    } else {
      response.headers.back().second = "bytes 999-299999/300000";
    }
    return response;
  });
  EXPECT_EQ(failure_of(artifact(server)).code(), "wrong-range");
}

TEST_F(Fetch, DoesNotResumeWhatNothingIdentifies) {
  const test::HttpServer server([&](const auto& request) {
    ServerResponse response = honest(request);
    std::erase_if(response.headers, [](const auto& header) { return header.first == "ETag"; });
    if (served_++ == 1) response.cut_after = 1000;
    return response;
  });
  EXPECT_EQ(test::read_text(fetch_it(artifact(server, false)).path), content_);
  EXPECT_THAT(ranges(server), testing::ElementsAre("bytes=0-4194303", "", ""));
}

TEST_F(Fetch, TakesOverWhatAnEarlierVersionLeft) {
  const test::HttpServer server([&](const auto& request) { return honest(request); });
  const Artifact wanted = artifact(server, false);
  const auto partial = store_.directory / "partial" / hash_of(wanted.url());
  std::filesystem::create_directories(partial);
  directory_.write("store/partial/" + hash_of(wanted.url()) + "/data", content_.substr(0, 250'000));
  directory_.write(
      "store/partial/" + hash_of(wanted.url()) + "/about.json",
      R"({"url": ")" + wanted.url() + R"(", "etag": "\"v1\"", "last_modified": "", "length": 300000})");
  const FetchedFile fetched = fetch_it(wanted);
  EXPECT_EQ(fetched.bytes_transferred, 50'000U);
  EXPECT_EQ(test::read_text(fetched.path), content_);
}

TEST_F(Fetch, TriesDamagedLeftoversOnceMoreFromNothing) {
  const test::HttpServer server([&](const auto& request) { return honest(request); });
  const Artifact wanted = artifact(server);
  directory_.write("store/partial/" + *wanted.sha256 + "/data", std::string(1000, 'x'));
  directory_.write(
      "store/partial/" + *wanted.sha256 + "/about.json",
      R"({"url": ")" + wanted.url() + R"(", "etag": "\"v1\"", "last_modified": "", "length": 300000})");
  EXPECT_EQ(test::read_text(fetch_it(wanted).path), content_);
  EXPECT_THAT(report_.notes(), testing::Contains(HasSubstr("damaged")));
}

TEST_F(Fetch, RefusesAnotherHashAndKeepsNothing) {
  const test::HttpServer server([&](const auto& request) { return honest(request); });
  Artifact wanted = artifact(server);
  wanted.sha256 = std::string(64, 'a');
  const Error error = failure_of(wanted);
  EXPECT_EQ(error.kind(), ErrorKind::refused);
  EXPECT_EQ(error.code(), "sha256-mismatch");
  EXPECT_FALSE(std::filesystem::exists(store_.directory / "wheels"));
  EXPECT_EQ(server.requests().size(), 1U);
}

TEST_F(Fetch, RefusesAnotherSizeBeforeItDownloads) {
  const test::HttpServer server([&](const auto& request) { return honest(request); });
  Artifact wanted = artifact(server, false);
  wanted.size = 1000;
  EXPECT_EQ(failure_of(wanted).code(), "size-mismatch");
}

TEST_F(Fetch, RefusesMoreBytesThanPromised) {
  const test::HttpServer server([&](const auto& request) {
    ServerResponse response = honest(request);
    response.without_length = true;
    return response;
  });
  Artifact wanted = artifact(server, false);
  wanted.size = 200'000;
  EXPECT_EQ(failure_of(wanted).code(), "size-mismatch");
}

TEST_F(Fetch, RefusesFewerBytesThanPromised) {
  const test::HttpServer server([&](const auto& request) {
    ServerResponse response = honest(request);
    response.without_length = true;
    return response;
  });
  Artifact wanted = artifact(server, false);
  wanted.size = 400'000;
  EXPECT_EQ(failure_of(wanted).code(), "size-mismatch");
}

TEST_F(Fetch, WaitsAsLongAsABusyServerSays) {
  const test::HttpServer server([&, busy = true](const auto& request) mutable {
    if (std::exchange(busy, false)) return ServerResponse{.status = 503, .headers = {{"Retry-After", "7"}}};
    return honest(request);
  });
  fetch_it(artifact(server));
  EXPECT_THAT(clock_.sleeps(), testing::ElementsAre(milliseconds(7000)));
}

TEST_F(Fetch, ReportsWhatIsNotThere) {
  const test::HttpServer server([](const auto&) { return ServerResponse{.status = 404}; });
  const Error error = failure_of(artifact(server));
  EXPECT_EQ(error.kind(), ErrorKind::unreachable);
  EXPECT_EQ(error.code(), "http-404");
  EXPECT_EQ(server.requests().size(), 1U);
}

TEST_F(Fetch, AsksTheOriginalAddressAgainWhenASignedOneHasExpired) {
  int signatures = 0;
  const test::HttpServer server([&](const ServerRequest& request) {
    if (request.target == "/signed?signature=1") return ServerResponse{.status = 403};
    if (request.target == "/signed?signature=2") return honest(request);
    return ServerResponse{.status = 302,
                          .headers = {{"Location", "/signed?signature=" + std::to_string(++signatures)}}};
  });
  EXPECT_EQ(test::read_text(fetch_it(artifact(server)).path), content_);
}

TEST_F(Fetch, ReadsLocalFiles) {
  const auto file = directory_.write("local.bin", content_);
  const Artifact local{{{"file://" + file.string()}}, "local.bin"};
  EXPECT_EQ(test::read_text(fetch_it(local).path), content_);
  directory_.write("local.bin", "another");
  EXPECT_EQ(test::read_text(fetch_it(local).path), "another");
}

TEST_F(Fetch, ReadsAnEmptyFile) {
  content_.clear();
  const test::HttpServer server([&](const auto& request) { return honest(request); });
  EXPECT_EQ(fetch_it(artifact(server)).size, 0U);
}

TEST_F(Fetch, NeedsRoomBeforeItBegins) {
  const test::HttpServer server([&](const auto& request) { return honest(request); });
  Artifact wanted = artifact(server);
  wanted.size = std::uint64_t{1} << 60U;
  const Error error = failure_of(wanted);
  EXPECT_EQ(error.kind(), ErrorKind::machine);
  EXPECT_EQ(error.code(), "disk-full");
  EXPECT_TRUE(server.requests().empty());
}

TEST_F(Fetch, RefusesNamesThatLeaveTheStore) {
  for (const char* name : {"../a.whl", "", ".", "a/b.whl", ".hidden"}) {
    const Artifact bad{{{"https://index.example/a.whl"}}, name};
    EXPECT_EQ(failure_of(bad).code(), "file-name") << name;
  }
}

TEST_F(Fetch, KeepsNoCredentials) {
  const test::HttpServer server([&](const auto& request) {
    ServerResponse response = honest(request);
    response.cut_after = is_first(request) ? 1000 : 0;
    return response;
  });
  Artifact wanted = artifact(server, false);
  wanted.addresses[0].url.insert(std::string("http://").size(), "user:hunter2@");
  const Error error = failure_of(wanted);
  EXPECT_THAT(error.what(), testing::Not(HasSubstr("hunter2")));
  EXPECT_THAT(test::read_text(store_.directory / "partial" / hash_of(wanted.url()) / "journal"),
              testing::AllOf(HasSubstr("127.0.0.1"), testing::Not(HasSubstr("hunter2"))));
  for (const std::string& note : report_.notes()) EXPECT_THAT(note, testing::Not(HasSubstr("hunter2")));
}

// Runs fetch() in a child process, which ends without any clean-up of this one's objects.
pid_t fetch_in_child(const Artifact& artifact, const Store& store) {
  const pid_t child = fork();
  if (child != 0) return child;
  try {
    system::RealClock clock;
    SilentReporter report;
    const auto http = system::make_http_client({}, clock);
    fetch(artifact, store, *http, clock, report);
    _exit(0);
  } catch (...) {
    _exit(1);
  }
}

TEST_F(Fetch, SurvivesBeingKilledInMidDownload) {
  std::atomic<bool> slow = true;
  const test::HttpServer server([&](const auto& request) {
    ServerResponse response = honest(request);
    if (slow) response.pause_between_pieces = milliseconds(20);
    return response;
  });
  const Artifact wanted = artifact(server);
  const pid_t child = fetch_in_child(wanted, store_);
  const auto journal = store_.directory / "partial" / *wanted.sha256 / "journal";
  const auto lines = [](const std::string& content) {
    return std::count(content.begin(), content.end(), '\n');
  };
  for (int tries = 0; tries < 1000; ++tries) {
    if (std::filesystem::exists(journal) && lines(test::read_text(journal)) > 2) break;
    std::this_thread::sleep_for(milliseconds(2));
  }
  kill(child, SIGKILL);
  int status = 0;
  waitpid(child, &status, 0);
  ASSERT_TRUE(WIFSIGNALED(status)) << "it must not have been finished already";
  slow = false;
  const FetchedFile fetched = fetch_it(wanted);
  EXPECT_EQ(test::read_text(fetched.path), content_);
  EXPECT_LT(fetched.bytes_transferred, content_.size() - 20'000) << "some were recorded";
}

TEST_F(Fetch, SharesOneDownloadBetweenTwoProcesses) {
  const test::HttpServer server([&](const auto& request) {
    ServerResponse response = honest(request);
    response.pause_between_pieces = milliseconds(10);
    return response;
  });
  const Artifact wanted = artifact(server);
  const pid_t child = fetch_in_child(wanted, store_);
  while (server.requests().empty()) std::this_thread::sleep_for(milliseconds(1));
  const FetchedFile fetched = fetch_it(wanted);
  int status = 0;
  waitpid(child, &status, 0);
  EXPECT_EQ(WEXITSTATUS(status), 0);
  EXPECT_TRUE(fetched.from_store);
  EXPECT_EQ(server.requests().size(), 1U);
  EXPECT_THAT(report_.notes(), testing::Contains(HasSubstr("Another wheelfit is downloading")));
}

TEST_F(Fetch, DoesNotWaitForEver) {
  const test::HttpServer server([&](const auto& request) {
    ServerResponse response = honest(request);
    response.pause_between_pieces = milliseconds(20);
    return response;
  });
  const Artifact wanted = artifact(server);
  const pid_t child = fetch_in_child(wanted, store_);
  while (server.requests().empty()) std::this_thread::sleep_for(milliseconds(1));
  test::ScriptedHttp unused;
  Limits limits;
  limits.lock_patience = milliseconds(30);
  try {
    fetch(wanted, store_, unused, clock_, report_, limits);
    ADD_FAILURE() << "fetch() must throw";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), "locked");
  }
  kill(child, SIGKILL);
  waitpid(child, nullptr, 0);
}

TEST_F(Fetch, SaysWhereItCannotWrite) {
  const test::HttpServer server([&](const auto& request) { return honest(request); });
  store_.directory = directory_.write("a-file", "") / "store";
  const Error error = failure_of(artifact(server));
  EXPECT_EQ(error.kind(), ErrorKind::machine);
  EXPECT_THAT(error.what(), HasSubstr((directory_ / "a-file").string()));
}

}  // namespace
}  // namespace wheelfit::fetch
