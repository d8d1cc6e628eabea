// SPDX-License-Identifier: Apache-2.0
#include "commands/conda_network.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/temp_dir.hpp"

namespace wheelfit::commands {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::Key;
using testing::Not;
using testing::Pair;

system::HttpSettings with(std::map<std::string, std::string, std::less<>> variables) {
  system::HttpSettings settings;
  settings.variables = system::EnvironmentVariables(std::move(variables));
  return settings;
}

TEST(CondaNetworkTest, SaysNothingWhereNothingIsSet) {
  EXPECT_THAT(network_variables(with({{"PATH", "/bin"}})), testing::IsEmpty());
}

TEST(CondaNetworkTest, TellsEachProgramOfABundle) {
  system::HttpSettings settings = with({{"CONDA_SSL_VERIFY", "/users.pem"}, {"SSL_CERT_FILE", "/conda.pem"}});
  settings.installer_certificate = {"/pip.pem", "pip.conf"};
  const auto by_pip = network_variables(settings);
  for (const char* name : {"REQUESTS_CA_BUNDLE", "MAMBA_SSL_VERIFY", "MAMBA_CACERT_PATH"})
    EXPECT_THAT(by_pip, Contains(Pair(name, "/pip.pem")));
  // What the user has set for such a program stays.
  EXPECT_THAT(by_pip, AllOf(Not(Contains(Key("CONDA_SSL_VERIFY"))), Not(Contains(Key("SSL_CERT_FILE")))));
  settings.ca_certificate = {"/flag.pem", "--cacert"};
  const auto by_flag = network_variables(settings);
  for (const char* name :
       {"CONDA_SSL_VERIFY", "REQUESTS_CA_BUNDLE", "MAMBA_SSL_VERIFY", "MAMBA_CACERT_PATH", "SSL_CERT_FILE"})
    EXPECT_THAT(by_flag, Contains(Pair(name, "/flag.pem")));
}

TEST(CondaNetworkTest, TellsOfADirectoryOnlyWhoCanReadOne) {
  const test::TempDir folder;
  const std::string name = folder.path().string();
  const auto told = network_variables(with({{"SSL_CERT_DIR", name}}));
  EXPECT_THAT(
      told, testing::UnorderedElementsAre(Pair("CONDA_SSL_VERIFY", name), Pair("REQUESTS_CA_BUNDLE", name)));
}

TEST(CondaNetworkTest, TellsCondaOfAClientCertificate) {
  system::HttpSettings settings = with({});
  settings.client_certificate = "/client.pem";
  EXPECT_THAT(network_variables(settings),
              testing::ElementsAre(Pair("CONDA_CLIENT_SSL_CERT", "/client.pem")));
}

TEST(CondaNetworkTest, TakesLoginsOutOfWhatIsSaid) {
  const std::map<std::string, std::string> told{{"https_proxy", "http://me:hunter2@proxy:3128"},
                                                {"no_proxy", "intranet"}};
  EXPECT_EQ(without_credentials("cannot reach http://me:hunter2@proxy:3128/, me:hunter2@proxy", told),
            "cannot reach http://proxy:3128/, proxy");
  EXPECT_EQ(without_credentials("intranet", told), "intranet");
}

}  // namespace
}  // namespace wheelfit::commands
