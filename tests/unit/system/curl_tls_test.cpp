// SPDX-License-Identifier: Apache-2.0
// TLS against `openssl s_server` with a certificate that nobody signed.
#include <condition_variable>
#include <fstream>
#include <mutex>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.hpp"
#include "support/fake_clock.hpp"
#include "support/temp_dir.hpp"
#include "system/curl_http.hpp"
#include "system/posix_process.hpp"

namespace wheelfit::system {
namespace {

class TlsServer {
 public:
  explicit TlsServer(const std::filesystem::path& directory)
      : certificate_(directory / "certificate.pem"), key_(directory / "key.pem") {
    Command make;
    make.arguments = {"openssl",
                      "req",
                      "-x509",
                      "-newkey",
                      "ec",
                      "-pkeyopt",
                      "ec_paramgen_curve:P-256",
                      "-nodes",
                      "-days",
                      "2",
                      "-subj",
                      "/CN=localhost",
                      "-addext",
                      "subjectAltName=DNS:localhost,IP:127.0.0.1",
                      "-keyout",
                      key_.string(),
                      "-out",
                      certificate_.string()};
    if (!runner_.run(make).succeeded()) return;
    thread_ = std::thread([this] { serve(); });
    std::unique_lock lock(mutex_);
    ready_.wait_for(lock, std::chrono::seconds(20), [this] { return !address_.empty(); });
  }
  ~TlsServer() {
    if (!thread_.joinable()) return;
    {
      const std::lock_guard lock(mutex_);
      if (!address_.empty()) stop();
    }
    thread_.join();
  }
  TlsServer(const TlsServer&) = delete;
  TlsServer& operator=(const TlsServer&) = delete;

  std::string url() const { return "https://" + address_ + "/"; }
  bool running() const { return !address_.empty(); }
  const std::filesystem::path& certificate() const { return certificate_; }

 private:
  // The shell ends the server when the file appears, so that no process is signalled from here.
  void serve() {
    Command command;
    command.arguments = {"sh",
                         "-c",
                         "openssl s_server -www -accept 127.0.0.1:0 -cert \"$1\" -key \"$2\" & "
                         "while [ ! -e \"$1.stop\" ]; do sleep 0.02; done; kill $!",
                         "sh",
                         certificate_.string(),
                         key_.string()};
    command.timeout = std::chrono::seconds(30);
    command.on_line = [this](std::string_view line) {
      if (!line.starts_with("ACCEPT ")) return;
      const std::lock_guard lock(mutex_);
      address_ = line.substr(std::string_view("ACCEPT ").size());
      ready_.notify_all();
    };
    runner_.run(command);
  }
  void stop() const { std::ofstream(certificate_.string() + ".stop").put('\n'); }

  std::filesystem::path certificate_;
  std::filesystem::path key_;
  PosixProcessRunner runner_{EnvironmentVariables::of_this_process()};
  std::mutex mutex_;
  std::condition_variable ready_;
  std::string address_;
  std::thread thread_;
};

class CurlTlsTest : public testing::Test {
 protected:
  void SetUp() override {
    if (!find_program("openssl", EnvironmentVariables::of_this_process()))
      GTEST_SKIP() << "needs the openssl program";
    server_.emplace(directory_.path());
    ASSERT_TRUE(server_->running());
  }
  int status_of_get() {
    HttpRequest request;
    request.url = server_->url();
    return make_http_client(settings_, clock_)->get(request).status;
  }
  test::TempDir directory_;
  std::optional<TlsServer> server_;
  HttpSettings settings_;
  test::FakeClock clock_;
};

TEST_F(CurlTlsTest, DoesNotTrustASelfSignedCertificateAndNamesTheCure) {
  try {
    status_of_get();
    ADD_FAILURE() << "must throw";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), "tls");
    EXPECT_THAT(error.what(), testing::AllOf(testing::HasSubstr("127.0.0.1 is not trusted"),
                                             testing::HasSubstr("self-signed")));
    ASSERT_FALSE(error.cures().empty());
    EXPECT_THAT(error.cures()[0].english(), testing::HasSubstr("--cacert"));
  }
}

TEST_F(CurlTlsTest, TrustsWhatTheSettingsName) {
  settings_.ca_certificate = {server_->certificate(), "--cacert"};
  EXPECT_EQ(status_of_get(), 200);
  settings_.ca_certificate = {};
  settings_.variables = EnvironmentVariables(std::map<std::string, std::string, std::less<>>{
      {"REQUESTS_CA_BUNDLE", server_->certificate().string()}});
  EXPECT_EQ(status_of_get(), 200);
}

TEST_F(CurlTlsTest, TrustsExactlyTheTrustedHosts) {
  settings_.trusted_hosts = {"other.example", "127.0.0.1"};
  EXPECT_EQ(status_of_get(), 200);
  settings_.trusted_hosts = {"127.0.0.1:1", "0.0.1"};
  EXPECT_THROW(status_of_get(), Error);
}

TEST_F(CurlTlsTest, NamesACertificateFileThatIsNone) {
  settings_.ca_certificate = {directory_.write("empty.pem", "nothing"), "--cacert"};
  try {
    status_of_get();
    ADD_FAILURE() << "must throw";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), "tls");
  }
}

}  // namespace
}  // namespace wheelfit::system
