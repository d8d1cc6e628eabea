// SPDX-License-Identifier: Apache-2.0
#include "commands/addresses.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace wheelfit::commands {
namespace {

using testing::ElementsAre;
using Standing = fetch::Address::Standing;

const std::string released = "https://github.com/o/r/releases/download/v1/x.whl";

system::EnvironmentVariables variables(const std::string& name, const std::string& value) {
  return system::EnvironmentVariables(std::map<std::string, std::string, std::less<>>{{name, value}});
}

class Addresses : public testing::Test {
 protected:
  std::vector<std::string> urls(const std::string& url, Vouched vouched = Vouched::by_hash) {
    left_out_.clear();
    std::vector<std::string> urls;
    for (const fetch::Address& address : addresses_of(url, vouched, network_, variables_, &left_out_))
      urls.push_back(address.url);
    return urls;
  }
  NetworkSettings network_;
  system::EnvironmentVariables variables_;
  std::vector<std::string> left_out_;
};

TEST_F(Addresses, AreTheFilesOwnWithoutMirrors) {
  EXPECT_THAT(urls(released), ElementsAre(released));
  EXPECT_THAT(urls("https://else.example/x.whl"), ElementsAre("https://else.example/x.whl"));
  EXPECT_TRUE(urls("").empty());
}

TEST_F(Addresses, PutHostsInPlaceOfGithubAndPrefixesAfterIt) {
  network_.github = {"https://one.example/gh/", "https://github.com", "https://two.example"};
  network_.github_mirrors = {"https://prefix.example/"};
  const std::vector<std::string> all{"https://one.example/gh/o/r/releases/download/v1/x.whl", released,
                                     "https://two.example/o/r/releases/download/v1/x.whl",
                                     "https://prefix.example/" + released};
  EXPECT_EQ(urls(released), all);
  EXPECT_EQ(urls(all[0]), all) << "a listing has rewritten it already";
  EXPECT_THAT(urls("https://else.example/x.whl"), ElementsAre("https://else.example/x.whl"));
}

TEST_F(Addresses, LeaveOutStrangersForWhichNothingVouches) {
  network_.github = {"https://one.example"};
  network_.github_mirrors = {"https://prefix.example"};
  EXPECT_THAT(urls(released, Vouched::not_at_all), ElementsAre(released));
  EXPECT_THAT(left_out_, ElementsAre("https://one.example/o/r/releases/download/v1/x.whl",
                                     "https://prefix.example/" + released));
  EXPECT_EQ(urls(released, Vouched::by_size).size(), 2U);
  EXPECT_TRUE(left_out_.empty());
}

TEST_F(Addresses, PutAnEndpointInFrontOfHuggingFace) {
  const std::string file = "https://huggingface.co/o/r/resolve/main/x.whl";
  variables_ = variables("HF_ENDPOINT", "https://hf.example");
  EXPECT_THAT(urls(file), ElementsAre("https://hf.example/o/r/resolve/main/x.whl", file));
  network_.hf_endpoint = "https://mine.example/";
  EXPECT_THAT(urls(file), ElementsAre("https://mine.example/o/r/resolve/main/x.whl", file));
  EXPECT_THAT(urls(file, Vouched::not_at_all), ElementsAre(file));
}

TEST_F(Addresses, GiveTheTokenToGithubAlone) {
  variables_ = variables("GITHUB_TOKEN", "t0ken");
  network_.github = {"https://one.example", "https://github.com"};
  network_.github_mirrors = {"https://prefix.example"};
  for (const fetch::Address& address : addresses_of(released, Vouched::by_hash, network_, variables_)) {
    EXPECT_EQ(address.bearer_token.has_value(), address.url == released) << address.url;
    EXPECT_EQ(address.standing == Standing::trusted, address.url == released) << address.url;
  }
}

TEST(Vouching, GoesByWhatIsKnown) {
  catalog::Candidate candidate;
  EXPECT_EQ(vouched(candidate), Vouched::not_at_all);
  candidate.size = 5;
  EXPECT_EQ(vouched(candidate), Vouched::by_size);
  candidate.sha256 = std::string(64, 'a');
  EXPECT_EQ(vouched(candidate), Vouched::by_hash);
}

}  // namespace
}  // namespace wheelfit::commands
