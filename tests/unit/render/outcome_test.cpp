// SPDX-License-Identifier: Apache-2.0
#include "render/outcome.hpp"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

namespace wheelfit::render {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;
using verify::CheckResult;

install::Receipt receipt() {
  install::Receipt made;
  made.distribution = "flash-attn";
  made.version = "2.7.4.post1";
  made.wheel = "flash_attn-2.7.4.post1-cp311-cp311-linux_x86_64.whl";
  made.url = "https://user:secret@github.com/x/flash.whl";
  made.source = "official";
  made.sha256 = std::string(64, 'b');
  made.files = 120;
  made.installed_bytes = 520'000'000;
  made.python = "3.11.7";
  made.torch = "2.6.0+cu124";
  made.torch_cuda = "12.4";
  made.proofs = {{"record", true, "", ""}, {"import", true, "", ""}, {"gpu", false, "", ""}};
  return made;
}

verify::Report computed_report() {
  verify::Report report;
  report.distribution = "flash-attn";
  report.version = "2.7.4.post1";
  for (const char* const name : {"record", "import flash_attn", "forward a", "forward b", "forward c"}) {
    report.checks.push_back({name, CheckResult::passed, {}});
  }
  report.timings = {{"b4 h16 s2048 d128", 0.4124, 1.2}, {"b1", 12.34, 0}, {"b0", 0, 3}};
  report.imported = true;
  report.computed = true;
  report.gpu = "NVIDIA H200";
  return report;
}

TEST(InstallText, SaysWhatIsProvenAndWhatItCost) {
  const verify::Report report = computed_report();
  EXPECT_EQ(install_text({InstallOutcome::installed, receipt(), &report, {"flash-attn 2.6.3"}}, {}),
            "flash-attn 2.7.4.post1 is installed and proven: it computes right on NVIDIA H200\n"
            "\n"
            "wheel     flash_attn-2.7.4.post1-cp311-cp311-linux_x86_64.whl\n"
            "from      official, https://github.com/x/flash.whl\n"
            "sha256    bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb\n"
            "files     120 files, 520 MB\n"
            "for       Python 3.11.7, torch 2.6.0+cu124, CUDA 12.4\n"
            "replaced  flash-attn 2.6.3\n"
            "passed    5 checks: record, import flash_attn, forward a, forward b, …\n"
            "\n"
            "Forward pass on NVIDIA H200, against torch's own attention\n"
            "  b4 h16 s2048 d128   0.412 ms    1.20 ms  2.91 times as fast\n"
            "  b1                   12.3 ms   0.000 ms  0.00 times as fast\n"
            "  b0                  0.000 ms    3.00 ms  \n");
}

TEST(InstallText, HasAConclusionForEveryOutcome) {
  verify::Report report = computed_report();
  const auto first_line = [&report](InstallOutcome outcome, bool verified) {
    const std::string page = install_text({outcome, receipt(), verified ? &report : nullptr, {}}, {});
    return page.substr(0, page.find('\n'));
  };
  const std::string what = "flash-attn 2.7.4.post1";
  EXPECT_EQ(first_line(InstallOutcome::dry_run, false), what + " would be installed; nothing was changed");
  EXPECT_EQ(first_line(InstallOutcome::already_installed, false),
            what + " is installed and proven already; nothing was changed");
  EXPECT_EQ(first_line(InstallOutcome::rolled_back, true),
            what + " failed its proof and was taken out again; the environment is as it was");
  EXPECT_EQ(first_line(InstallOutcome::installed, false),
            what + " is installed; its files are checked, its import is not");
  report.computed = false;
  EXPECT_EQ(first_line(InstallOutcome::installed, true),
            what + " is installed and proven by import, not on a GPU");
  report.imported = false;
  EXPECT_EQ(first_line(InstallOutcome::installed, true), what + " is installed and not proven here");
  report.failed = true;
  EXPECT_EQ(first_line(InstallOutcome::installed, true), what + " is installed and failed its proof");
}

TEST(InstallText, CountsOnlyProofsThatHeld) {
  EXPECT_THAT(install_text({InstallOutcome::already_installed, receipt(), nullptr, {}}, {}),
              HasSubstr("proven by  record, import\n"));
}

TEST(InstallText, SpeaksOfReplacingInTheConditionalOnADryRun) {
  EXPECT_THAT(install_text({InstallOutcome::dry_run, receipt(), nullptr, {"flash-attn 2.6.3"}}, {}),
              HasSubstr("in its place"));
}

TEST(VerifyText, ShowsFailuresFirstAndWhatWasNotProven) {
  verify::Report report = computed_report();
  report.failed = true;
  report.timings.clear();
  report.checks = {{"record", CheckResult::passed, {}},
                   {"import flash_attn", CheckResult::failed, "undefined symbol: _ZN3c10"},
                   {"forward a", CheckResult::not_checked, "needs the import"}};
  report.not_proven = {"that it computes right", "that it is fast"};
  EXPECT_EQ(verify_text(report, nullptr, {}),
            "flash-attn 2.7.4.post1 failed its proof\n"
            "\n"
            "failed       import flash_attn: undefined symbol: _ZN3c10\n"
            "passed       1 check: record\n"
            "not checked  forward a: needs the import\n"
            "not proven   that it computes right\n"
            "             that it is fast\n"
            "receipt      none: it was not installed by wheelfit\n");
}

TEST(VerifyText, ShowsWhatWasInstalledAndFromWhere) {
  const install::Receipt shown = receipt();
  const std::string page = verify_text(computed_report(), &shown, {});
  EXPECT_THAT(page, HasSubstr(shown.wheel));
  EXPECT_THAT(page, HasSubstr(shown.sha256));
  EXPECT_EQ(verify_json(computed_report(), &shown)["receipt"]["wheel"], shown.wheel);
}

TEST(VerifyText, NeverSaysProvenWithoutAProof) {
  verify::Report report = computed_report();
  EXPECT_THAT(verify_text(report, nullptr, {}),
              StartsWith("flash-attn 2.7.4.post1 is proven: it computes right on NVIDIA H200\n"));
  report.computed = false;
  EXPECT_THAT(verify_text(report, nullptr, {}),
              StartsWith("flash-attn 2.7.4.post1 is proven by import, not on a GPU\n"));
  report.imported = false;
  EXPECT_THAT(verify_text(report, nullptr, {}), StartsWith("flash-attn 2.7.4.post1 is not proven here\n"));
}

TEST(UninstallText, SaysWhatIsGone) {
  EXPECT_EQ(uninstall_text(
                {UninstallOutcome::removed, {{"flash-attn", "2.7.4", 120, 520'000'000}}, "flash-attn"}, {}),
            "flash-attn 2.7.4 is removed: 120 files, 520 MB\n");
  EXPECT_EQ(uninstall_text({UninstallOutcome::dry_run, {{"flash-attn", "2.7.4", 1, {}}}, "flash-attn"}, {}),
            "flash-attn 2.7.4 would be removed: 1 file; nothing was changed\n");
  EXPECT_EQ(uninstall_text({UninstallOutcome::removed, {}, "flash-attn"}, {}),
            "flash-attn is not installed here; there is nothing to remove\n");
}

fetch::Artifact artifact() {
  fetch::Artifact made;
  made.addresses.push_back({"https://user:secret@index.example/x.whl"});
  made.file_name = "x.whl";
  made.sha256 = "ab";
  return made;
}

TEST(FetchText, SaysWhereTheFileIs) {
  const fetch::Artifact wanted = artifact();
  EXPECT_EQ(fetch_text({wanted, {"/store/x", "ab", 183'000'000, false, 20'000'000}}, {}),
            "x.whl is fetched, 183 MB\n"
            "\n"
            "file         /store/x\n"
            "sha256       ab  as promised\n"
            "from         https://index.example/x.whl\n"
            "transferred  20 MB, the rest was here\n");
  EXPECT_THAT(fetch_text({wanted, {"/store/x", "ab", 5, true, 0}}, {}),
              StartsWith("x.whl is in the store already, 5 B\n"));
}

TEST(FetchText, DoesNotClaimAComparisonThatWasNotMade) {
  fetch::Artifact wanted = artifact();
  wanted.sha256.reset();
  EXPECT_THAT(fetch_text({wanted, {"/store/x", "ab", 5, false, 5}}, {}),
              HasSubstr("ab  nothing to compare with\n"));
}

TEST(OutcomeJson, DescribesAnInstall) {
  const verify::Report report = computed_report();
  const auto document = install_json({InstallOutcome::installed, receipt(), &report, {"flash-attn 2.6.3"}});
  EXPECT_EQ(document["schema_version"], 1);
  EXPECT_EQ(document["outcome"], "installed");
  EXPECT_EQ(document["receipt"]["version"], "2.7.4.post1");
  EXPECT_EQ(document["replaced"][0], "flash-attn 2.6.3");
  EXPECT_EQ(document["verification"]["computed"], true);
  EXPECT_THAT(document.dump(), Not(HasSubstr("secret")));
  EXPECT_TRUE(install_json({InstallOutcome::dry_run, receipt(), nullptr, {}})["verification"].is_null());
}

TEST(OutcomeJson, DescribesAVerification) {
  verify::Report report = computed_report();
  report.not_proven = {"that it is fast"};
  const auto document = verify_json(report, nullptr);
  EXPECT_EQ(document["schema_version"], 1);
  EXPECT_EQ(document["checks"][0],
            (nlohmann::ordered_json{{"name", "record"}, {"result", "passed"}, {"detail", ""}}));
  EXPECT_NEAR(document["timings"][0]["ratio"].get<double>(), 2.91, 0.01);
  EXPECT_TRUE(document["timings"][2]["ratio"].is_null());
  EXPECT_EQ(document["not_proven"][0], "that it is fast");
  EXPECT_EQ(document["gpu"], "NVIDIA H200");
}

TEST(OutcomeJson, DescribesAnUninstallAndAFetch) {
  EXPECT_EQ(
      uninstall_json({UninstallOutcome::removed, {{"flash-attn", "2.7.4", 120, {}}}, "flash-attn"}),
      nlohmann::ordered_json::parse(R"({"schema_version": 1, "outcome": "removed", "asked_for": "flash-attn",
              "distributions": [{"name": "flash-attn", "version": "2.7.4", "files": 120, "bytes": null}]})"));
  EXPECT_EQ(fetch_json({artifact(), {"/store/x", "ab", 5, true, 0}}),
            nlohmann::ordered_json::parse(
                R"({"schema_version": 1, "name": "x.whl", "url": "https://index.example/x.whl",
              "path": "/store/x", "sha256": "ab", "size": 5, "from_store": true, "bytes_transferred": 0})"));
}

}  // namespace
}  // namespace wheelfit::render
