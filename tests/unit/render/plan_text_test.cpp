// SPDX-License-Identifier: Apache-2.0
#include "render/plan.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <sstream>

#include "render/display_width.hpp"
#include "values.hpp"

namespace wheelfit::render {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

std::string planned(const resolve::Decision& decision, const Style& style = {},
                    const probe::Environment& environment = test::plain_environment(),
                    const resolve::Wishes& wishes = {}, std::vector<std::string> flags = {}) {
  return plan_text({environment, decision, wishes, test::no_sources(), std::move(flags)}, style);
}

TEST(PlanText, SaysTheConclusionFirstAndTheCommandLast) {
  EXPECT_EQ(planned(test::fitting_decision()),
            "flash-attn 2.7.4.post1 fits: official wheel, proven by symbols\n"
            "\n"
            "found      Python 3.11.7 (venv), torch 2.6.0+cu124 (CUDA 12.4, C++11 ABI FALSE)\n"
            "           glibc 2.36, 2 × NVIDIA H200 (sm_90), driver 550.54.14 (CUDA up to 12.4)\n"
            "           /opt/venv/bin/python (by VIRTUAL_ENV)\n"
            "wheel      flash_attn-2.7.4.post1+cu12torch2.6cxx11abiFALSE-cp311-cp311-linux_x86_64.whl\n"
            "           183 MB, from github.com\n"
            "why        made for torch 2.6, which is here; every symbol that it needs is exported here\n"
            "takes      183 MB to download\n"
            "setup.py   flash_attn-2.8.3+cu12torch2.6.whl\n"
            "             would be its choice; it does not exist: pip would build it\n"
            "not taken  installed: is not installed; build: needs the word --build\n"
            "\n"
            "To do it: wheelfit install flash-attn\n");
}

TEST(PlanText, NeverShowsCredentials) {
  EXPECT_THAT(planned(test::fitting_decision()), Not(HasSubstr("secret")));
}

TEST(PlanText, IsOneScreenAndKeepsToItsWidth) {
  for (const int width : {60, 80, 100, 120}) {
    Style style;
    style.width = width;
    std::istringstream lines(planned(test::fitting_decision(), style));
    int count = 0;
    for (std::string line; std::getline(lines, line); ++count) {
      // A name is never broken, so it may stand out.
      if (line.find(".whl") == std::string::npos) {
        EXPECT_LE(display_width(line), width) << line;
      }
    }
    if (width >= 100) {
      EXPECT_LE(count, 24);
    }
  }
}

TEST(PlanText, SaysWhatWouldHelpWhereNothingFits) {
  const std::string page = planned(test::empty_decision());
  EXPECT_THAT(page, StartsWith("No prebuilt flash-attn fits here\n"));
  EXPECT_THAT(page, HasSubstr("hints        torch 2.5 would make 12 wheels fit\n"));
  EXPECT_THAT(page, Not(HasSubstr("To do it")));
}

TEST(PlanText, NamesTheFlagThatAdmitsACommunityWheel) {
  resolve::Decision decision = test::empty_decision();
  resolve::Judgement community =
      test::judgement("community.whl", "2.8.1", resolve::Verdict::refused,
                      {test::reason(ReasonCode::trust, "is published by the community")});
  community.candidate.edit().trust = catalog::Trust::community;
  decision.judgements.insert(decision.judgements.begin(), community);
  const resolve::Wishes wishes{python::SpecifierSet::parse(">=2.8").value(), catalog::Trust::index, true};
  EXPECT_THAT(
      planned(decision, {}, test::plain_environment(), wishes, {"--python", "/opt/my venv/bin/python"}),
      HasSubstr("To do it: wheelfit install 'flash-attn>=2.8' --python '/opt/my venv/bin/python' "
                "--trust community\n"));
}

TEST(PlanText, RepeatsAStricterTrust) {
  const resolve::Wishes wishes{{}, catalog::Trust::official, false};
  EXPECT_THAT(planned(test::fitting_decision(), {}, test::plain_environment(), wishes),
              HasSubstr("To do it: wheelfit install flash-attn --trust official\n"));
}

TEST(PlanText, LeavesTheDescriptionOutOfTheCommandForTheDescribedMachine) {
  probe::Environment environment = test::plain_environment();
  environment.origin = {"target", "--target"};
  EXPECT_THAT(planned(test::fitting_decision(), {}, environment, {},
                      {"--target", "python=3.11", "--source", "official"}),
              HasSubstr("To do it there: wheelfit install flash-attn --source official\n"));
}

TEST(PlanText, ShowsDoubtsAndWhatAnotherTorchMeans) {
  resolve::Decision decision = test::fitting_decision();
  resolve::Judgement& chosen = decision.chosen->judgement;
  chosen.verdict = resolve::Verdict::unproven;
  chosen.reasons = {
      test::reason(ReasonCode::nightly_built,
                   text("was built on the nightly torch {}, not on the release", "2.6.0.dev20241001"))};
  chosen.candidate.edit().fields.torch = test::version("2.5");
  chosen.candidate.edit().source = "community";
  chosen.candidate.edit().source_id = "someone";
  decision.chosen->proof = resolve::Proof::name;
  const std::string page = planned(decision);
  EXPECT_THAT(page, StartsWith("flash-attn 2.7.4.post1 may fit: community wheel by someone, with doubts\n"));
  EXPECT_THAT(page, HasSubstr("made for torch 2.5, here is 2.6.0+cu124"));
  EXPECT_THAT(page,
              HasSubstr("doubt      was built on the nightly torch 2.6.0.dev20241001, not on the release\n"));
}

TEST(PlanText, DoesNotCallANameAProof) {
  resolve::Decision decision = test::fitting_decision();
  decision.chosen->proof = resolve::Proof::name;
  EXPECT_THAT(planned(decision),
              StartsWith("flash-attn 2.7.4.post1 fits: official wheel, chosen by its name\n"));
  EXPECT_THAT(planned(decision), Not(HasSubstr("proven")));
  decision.chosen->proof = resolve::Proof::none;
  EXPECT_THAT(planned(decision), HasSubstr("nothing about it is proven"));
}

TEST(PlanText, HasAConclusionForEveryRung) {
  resolve::Decision decision = test::fitting_decision();
  decision.chosen->kind = resolve::Rung::installed;
  EXPECT_THAT(planned(decision),
              StartsWith("flash-attn 2.7.4.post1 is installed and proven: there is nothing to do\n"));
  EXPECT_THAT(planned(decision), HasSubstr("To do it: wheelfit verify flash-attn\n"));
  decision.chosen->kind = resolve::Rung::build;
  decision.forecast = {{}, 5'000'000'000, 3900, 8'000'000'000};
  EXPECT_THAT(planned(decision), StartsWith("flash-attn 2.7.4.post1 can be built from source here\n"));
  EXPECT_THAT(planned(decision),
              HasSubstr("takes      5.0 GB on disk, up to 8.0 GB of memory, about 1 h 5 min to build\n"));
  decision.chosen->kind = resolve::Rung::fallback;
  decision.chosen->stand_in = true;
  EXPECT_THAT(planned(decision),
              StartsWith("flash-attn 2.7.4.post1 can stand in: the fallback on torch's own attention\n"));
  EXPECT_THAT(planned(decision), Not(HasSubstr("nothing is downloaded")));  // it was given as a wheel
  decision.chosen->judgement.candidate.edit().built_in = true;
  EXPECT_THAT(planned(decision), HasSubstr("nothing is downloaded"));
}

TEST(PlanText, SaysWhatFindsNoRoom) {
  resolve::Decision decision = test::fitting_decision();
  decision.forecast.disk_bytes = 512'000'000;
  decision.forecast.disk_estimated = true;
  EXPECT_THAT(planned(decision), HasSubstr("about 512 MB on disk"));
  const probe::Environment environment = test::plain_environment();
  const resolve::Wishes wishes;
  const auto shortages = system::shortages(
      {{"site-packages", "/env/lib", 512'000'000, {}, system::Disk{300'000'000, "ext4", 1}}});
  const PlanView view{environment, decision, wishes, test::no_sources(), {}, shortages};
  EXPECT_THAT(plan_text(view, {}), HasSubstr("212 MB are missing\n"));
  EXPECT_THAT(plan_text(view, {}), HasSubstr("wheelfit doctor --free 212MB --on /env/lib\n"));
}

TEST(PlanText, SaysWhatComesWithItLargestFirst) {
  resolve::Decision decision = test::fitting_decision();
  const auto dependency = [](const char* name, std::uint64_t megabytes) {
    return resolve::ForeseenDependency{name, "1.0", "", megabytes * 1'000'000, megabytes * 3'000'000};
  };
  decision.forecast.dependencies = {dependency("small", 1), dependency("large", 200)};
  EXPECT_THAT(planned(decision), HasSubstr("with it    large 1.0, small 1.0\n"
                                           "             201 MB to download, 603 MB on disk\n"));
  decision.forecast.dependencies.push_back(dependency("a", 2));
  decision.forecast.dependencies.back().disk_estimated = true;
  for (const char* name : {"b", "c", "d"}) decision.forecast.dependencies.push_back(dependency(name, 2));
  decision.forecast.not_foreseen = {{"ninja", "there is no wheel of it"}, {"x", "nor of that"}};
  EXPECT_THAT(planned(decision), HasSubstr("with it      large 1.0, a 1.0, b 1.0, c 1.0, and 2 more\n"
                                           "               209 MB to download, about 627 MB on disk\n"
                                           "not counted  ninja: there is no wheel of it\n"
                                           "             x: nor of that\n"));
}

TEST(PlanText, SaysWhereEachKindOfWheelIsFrom) {
  resolve::Decision decision = test::fitting_decision();
  const std::vector<std::pair<std::string, std::string>> sources = {{"index", "wheel from the package index"},
                                                                    {"url", "wheel given by its address"},
                                                                    {"file", "wheel given as a file"}};
  for (const auto& [source, words] : sources) {
    decision.chosen->judgement.candidate.edit().source = source;
    EXPECT_THAT(planned(decision), StartsWith("flash-attn 2.7.4.post1 fits: " + words));
  }
}

TEST(PlanText, SaysWhetherTheGuessExistsWhereItIsKnown) {
  resolve::Decision decision = test::fitting_decision();
  decision.upstream_guess->remark = {};
  EXPECT_THAT(planned(decision), HasSubstr("would be its choice; it does not exist\n"));
  decision.upstream_guess->exists = true;
  EXPECT_THAT(planned(decision), HasSubstr("would be its choice; it exists\n"));
  decision.upstream_guess->remark = text("has C++11 ABI TRUE");
  EXPECT_THAT(planned(decision), HasSubstr("would be its choice; it exists, but has C++11 ABI TRUE\n"));
  decision.upstream_guess->exists.reset();
  decision.upstream_guess->remark = text("2.9 is newer than the list of releases");
  EXPECT_THAT(planned(decision),
              HasSubstr("whether it exists is not known: 2.9 is newer than the list of\n"));
  decision.upstream_guess.reset();
  EXPECT_THAT(planned(decision), Not(HasSubstr("setup.py")));
}

TEST(PlanText, ShowsWhatIsMissedWithItsNameOnALineOfItsOwn) {
  EXPECT_THAT(planned(test::empty_decision()),
              HasSubstr("near misses  near-1.whl\n"
                        "               is made for torch 2.5, here is 2.6.0+cu124\n"
                        "             far.whl\n"
                        "               is built for cp310-cp310, this Python is 3.11\n"));
}

TEST(PlanText, SaysOfTheRungsWhatIsWorthAWord) {
  using resolve::Rung;
  using resolve::Standing;
  resolve::Decision decision = test::empty_decision();
  decision.ladder = {{Rung::installed, false, text("it is not installed here"), Standing::idle},
                     {Rung::wheel, false, text("none of the {} known wheels fits", 4), Standing::considered},
                     {Rung::conda, false, text("conda-forge was not read"), Standing::considered},
                     {Rung::build, false, text("it is taken with --build only"), Standing::idle}};
  const std::string page = planned(decision);
  EXPECT_THAT(page, HasSubstr("because      none of the 4 known wheels fits\n"));
  EXPECT_THAT(page, HasSubstr("not taken    conda: conda-forge was not read\n"));
  EXPECT_THAT(page, Not(HasSubstr("it is not installed here")));
}

TEST(PlanText, AsksForTheNetworkWhereTheWheelIsNotHere) {
  resolve::Wishes wishes;
  wishes.offline = true;
  EXPECT_THAT(planned(test::fitting_decision(), {}, test::plain_environment(), wishes),
              HasSubstr("To do it: wheelfit install flash-attn\n"));
}

TEST(PlanText, SaysUnknownAsUnknown) {
  probe::Environment environment;
  environment.origin = {"target", "--target"};
  resolve::Decision decision = test::empty_decision();
  decision.reasons = {test::reason(ReasonCode::torch_missing, "there is no torch in this environment")};
  const std::string page = planned(decision, {}, environment);
  EXPECT_THAT(page, StartsWith("No prebuilt flash-attn fits the described environment\n"
                               "because      there is no torch in this environment\n"));
  EXPECT_THAT(page, HasSubstr("Python unknown, torch unknown\n"));
  EXPECT_THAT(page, HasSubstr("C library unknown, GPU unknown, driver unknown\n"));
}

TEST(PlanText, SpeaksChinese) {
  Style style;
  style.language = Language::chinese;
  const std::string page = planned(test::fitting_decision(), style);
  EXPECT_THAT(page, StartsWith("flash-attn 2.7.4.post1 可以使用：官方 wheel，已通过符号检查证实\n"));
  EXPECT_THAT(page, HasSubstr("wheelfit install flash-attn\n"));
  std::istringstream lines(page);
  for (std::string line; std::getline(lines, line);) {
    if (line.find(".whl") == std::string::npos) {
      EXPECT_LE(display_width(line), 100) << line;
    }
  }
}

TEST(PlanText, SaysTheSameInColour) {
  Style style;
  style.colour = true;
  std::string page = planned(test::fitting_decision(), style);
  for (std::size_t at = page.find('\x1b'); at != std::string::npos; at = page.find('\x1b')) {
    page.erase(at, page.find('m', at) - at + 1);
  }
  EXPECT_EQ(page, planned(test::fitting_decision()));
}

}  // namespace
}  // namespace wheelfit::render
