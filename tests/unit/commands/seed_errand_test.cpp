// SPDX-License-Identifier: Apache-2.0
#include "commands/seed_errand.hpp"

#include <gmock/gmock.h>

#include "base/error.hpp"

namespace wheelfit::commands {
namespace {

using pipcache::RequestForm;

SeedErrand errand(std::vector<std::string> subjects, std::optional<std::string> link = std::nullopt) {
  SeedRequest request;
  request.subjects = std::move(subjects);
  request.link = std::move(link);
  return parse_errand(request, "default", "/");
}

std::string wanted(const SeedErrand& errand) {
  return std::get<python::Requirement>(errand.subject).to_string();
}

TEST(SeedErrand, ARequirementIsLookedUpOnTheIndex) {
  const SeedErrand seen = errand({"some-name==1.2"});
  EXPECT_EQ(wanted(seen), "some-name==1.2");
  EXPECT_EQ(seen.form, RequestForm::name);
  EXPECT_FALSE(seen.link.has_value());
  EXPECT_EQ(wanted(errand({})), "default");
}

TEST(SeedErrand, AReferenceToARepositoryGivesTheLinkAndTheVersion) {
  const std::string link = "git+https://host.example/some/repository.git@v1.2.post1";
  const SeedErrand seen = errand({"Some_Name @ " + link});
  EXPECT_EQ(wanted(seen), "Some_Name==1.2.post1");
  EXPECT_EQ(seen.form, RequestForm::named_repository);
  EXPECT_EQ(seen.link, link);
  EXPECT_EQ(wanted(errand({"n @ git+https://host.example/r.git@main"})), "n") << "no version";
  EXPECT_EQ(wanted(errand({"n @ git+https://host.example/r.git@0251105a"})), "n") << "a commit";
  EXPECT_EQ(wanted(errand({"n @ git+https://user@host.example/r.git"})), "n");
  EXPECT_EQ(wanted(errand({"n @ git+https://host.example/r.git@v1.2#subdirectory=x"})), "n==1.2");
}

TEST(SeedErrand, AReferenceToASourceArchive) {
  const SeedErrand seen = errand({"some-name @ https://host.example/a/some_name-1.2.tar.gz#sha256=ab"});
  EXPECT_EQ(wanted(seen), "some-name==1.2");
  EXPECT_EQ(seen.form, RequestForm::named_address);
  EXPECT_EQ(seen.link, "https://host.example/a/some_name-1.2.tar.gz#sha256=ab");
}

TEST(SeedErrand, ALinkAloneSaysWhatItIs) {
  EXPECT_EQ(wanted(errand({}, "https://host.example/some_name-1.2.zip?x=y")), "some-name==1.2");
  EXPECT_EQ(wanted(errand({}, "git+https://host.example/r@v1.2")), "default==1.2");
  EXPECT_EQ(wanted(errand({}, "https://host.example/archive/main.zip")), "default");
  EXPECT_FALSE(errand({}, "https://host.example/some_name-1.2.zip").named);
}

TEST(SeedErrand, ASubjectAndALink) {
  const SeedErrand seen = errand({"some-name==1.2"}, "git+https://host.example/r@v1.2");
  EXPECT_EQ(wanted(seen), "some-name==1.2");
  EXPECT_EQ(seen.form, RequestForm::named_repository);
  EXPECT_TRUE(seen.named);
}

TEST(SeedErrand, OneAtATime) {
  EXPECT_THROW(errand({"one", "two"}), Error);
  EXPECT_THROW(errand({"==1"}), Error);
}

TEST(ShownLink, HasNoCredentialsAndKeepsTheReference) {
  EXPECT_EQ(shown_link("git+https://reader:secret@host.example/r.git@v1.2"),
            "git+https://host.example/r.git@v1.2");
  EXPECT_EQ(shown_link("git+https://host.example:8443/r.git@v1.2"),
            "git+https://host.example:8443/r.git@v1.2");
  EXPECT_EQ(shown_link("https://reader:secret@host.example/x-1.tar.gz"), "https://host.example/x-1.tar.gz");
  for (const char* odd :
       {"git+https://reader:se/cret@host.example/r.git", "git+https://reader:s/e@cret@host.example/r",
        "git+https://reader:se/cret@host.example"}) {
    EXPECT_THAT(shown_link(odd), testing::Not(testing::HasSubstr("cret"))) << odd;
    EXPECT_THAT(shown_link(odd), testing::Not(testing::HasSubstr("reader"))) << odd;
  }
}

}  // namespace
}  // namespace wheelfit::commands
