// SPDX-License-Identifier: Apache-2.0
// sys.path's site part, .pth files, the user's site, and what is found there.
#include "probe/distributions.hpp"
#include "probe/pth.hpp"
#include "probe/pyvenv_cfg.hpp"
#include "python_world.hpp"

namespace wheelfit::probe::test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr const char* site = "/env/lib/python3.11/site-packages";

class SiteWorld : public ::testing::Test {
 protected:
  SiteWorld() { world_.add_python("/usr", "python3.11"); }
  void add_venv(const std::string& cfg = "include-system-site-packages = false\n") {
    world_.add_venv("/env", "/usr/bin", "python3.11", cfg);
  }
  std::vector<std::filesystem::path> directories() {
    return world_.probe("/env").interpreter.site_directories;
  }

  PythonWorld world_;
};

TEST(Pth, ReadsLinesAsSiteDoes) {
  const PthFile file =
      parse_pth("\xEF\xBB\xBF# comment\n\n../lib  \r\n/abs/path\nimport sys; sys.x = 1\nimports_dir\n  a\n");
  EXPECT_THAT(file.paths, ElementsAre("../lib", "/abs/path", "imports_dir", "  a"));
  EXPECT_TRUE(file.has_code);
  EXPECT_FALSE(parse_pth("a\n").has_code);
}

TEST(PyvenvCfg, SaysYesWhereItSaysNothing) {
  EXPECT_TRUE(parse_pyvenv_cfg("home = /usr/bin\n").includes_system_site_packages());
  EXPECT_TRUE(parse_pyvenv_cfg("Include-System-Site-Packages=TRUE").includes_system_site_packages());
  EXPECT_FALSE(parse_pyvenv_cfg("include-system-site-packages = false").includes_system_site_packages());
  EXPECT_FALSE(parse_pyvenv_cfg("include-system-site-packages = 1").includes_system_site_packages());
  EXPECT_EQ(parse_pyvenv_cfg("home = /a = b\r\n").get("home"), "/a = b");
}

TEST_F(SiteWorld, FollowsPthFilesInOrderOnce) {
  add_venv();
  const std::string at(site);
  world_.write(at + "/sub/x.py");
  world_.write("/opt/b/x.py");
  world_.write("/opt/c/x.py");
  world_.write(at + "/b.pth", "/opt/c\n");
  world_.write(at + "/a.pth", "# first by name\nsub\n/opt/b\nmissing\nsub/../sub\n.\n");
  world_.write(at + "/.hidden.pth", "/opt\n");
  world_.write(at + "/z.pth", "import os\n");
  const Interpreter interpreter = world_.probe("/env").interpreter;
  EXPECT_THAT(interpreter.site_directories,
              ElementsAre(world_.at(at), world_.at(at + "/sub"), world_.at("/opt/b"), world_.at("/opt/c")));
  EXPECT_THAT(interpreter.pth_files_with_code, ElementsAre(world_.at(at + "/z.pth")));
}

TEST_F(SiteWorld, PythonpathComesFirst) {
  add_venv();
  world_.write("/extra/x.py");
  world_.write("/srv/project/here.py");
  world_.set("PYTHONPATH", "/extra:/missing:");
  EXPECT_THAT(directories(), ElementsAre(world_.at("/extra"), world_.at("/srv/project"), world_.at(site)));
}

TEST_F(SiteWorld, SystemSitePackagesBringTheUsersTo) {
  add_venv("include-system-site-packages = true\n");
  const std::string user = "/home/user/.local/lib/python3.11/site-packages";
  const std::string base = "/usr/lib/python3.11/site-packages";
  world_.write(user + "/x.py");
  EXPECT_THAT(directories(), ElementsAre(world_.at(site), world_.at(user), world_.at(base)));
  world_.set("PYTHONNOUSERSITE", "1");
  EXPECT_THAT(directories(), ElementsAre(world_.at(site), world_.at(base)));
}

TEST_F(SiteWorld, AVenvOnItsOwnHasNoUserSite) {
  add_venv();
  world_.write("/home/user/.local/lib/python3.11/site-packages/x.py");
  EXPECT_THAT(directories(), ElementsAre(world_.at(site)));
}

TEST_F(SiteWorld, TheUserSchemeWhenAskedFor) {
  world_.set("PYTHONUSERBASE", "/home/user/py");
  ProbeRequest request;
  request.python = "/usr";
  request.user_scheme = true;
  NoProcesses processes;
  const auto scheme = world_.probe(request, processes).interpreter.scheme;
  EXPECT_EQ(scheme.source, "posix_user");
  EXPECT_EQ(scheme->platlib, world_.at("/home/user/py/lib/python3.11/site-packages"));
  EXPECT_EQ(scheme->scripts, world_.at("/home/user/py/bin"));
  EXPECT_EQ(scheme->headers, world_.at("/home/user/py/include/python3.11"));
}

TEST(MetadataDirectories, AreNamedInManyWays) {
  const auto parsed = [](std::string_view name) {
    const auto read = parse_metadata_directory(name);
    return read ? read->name + "|" + read->version : "none";
  };
  EXPECT_EQ(parsed("flash_attn-2.8.3+cu12torch2.6.dist-info"), "flash_attn|2.8.3+cu12torch2.6");
  EXPECT_EQ(parsed("six-1.16.0-py3.11.egg-info"), "six|1.16.0");
  EXPECT_EQ(parsed("six-1.16.0-py3.11-linux-x86_64.egg-info"), "six|1.16.0");
  EXPECT_EQ(parsed("project.egg-info"), "project|");
  EXPECT_EQ(parsed("odd-name-1.0.dist-info"), "odd-name-1.0|");
  EXPECT_EQ(parsed("~orch-2.4.0.dist-info"), "none");
  EXPECT_EQ(parsed("torch"), "none");
  EXPECT_EQ(parsed(".dist-info"), "none");
}

TEST_F(SiteWorld, FindsDistributionsFirstOnThePathWins) {
  add_venv();
  const std::string at(site);
  world_.add_distribution(at, "Flash_Attn-2.8.3");
  world_.add_distribution(at, "torch-2.4.0");
  world_.add_distribution("/over", "torch-2.6.0");
  world_.write(at + "/odd-name-1.0.dist-info/METADATA", "Name: odd-name\nVersion: 1.0\n");
  world_.write(at + "/old.egg-info/PKG-INFO", "Name: Old\nVersion: 0.1\n");
  world_.write(at + "/single-2.0-py3.11.egg-info", "Name: single\nVersion: 2.0\n");
  world_.write(at + "/mine-0.1.dist-info/direct_url.json",
               R"({"url": "file:///src", "dir_info": {"editable": true}})");
  world_.write(at + "/copied-0.1.dist-info/direct_url.json", R"({"url": "file:///src", "dir_info": {}})");
  world_.set("PYTHONPATH", "/over");
  const Interpreter interpreter = world_.probe("/env").interpreter;
  ASSERT_NE(interpreter.find("torch"), nullptr);
  EXPECT_EQ(interpreter.find("torch")->version, "2.6.0");
  EXPECT_EQ(interpreter.find("torch")->location, world_.at("/over"));
  ASSERT_NE(interpreter.find("flash-attn"), nullptr);
  EXPECT_EQ(interpreter.find("flash-attn")->installer, "pip");
  EXPECT_EQ(interpreter.find("odd-name")->version, "1.0");
  EXPECT_EQ(interpreter.find("old")->version, "0.1");
  EXPECT_EQ(interpreter.find("single")->version, "2.0");
  EXPECT_TRUE(interpreter.find("mine")->editable);
  EXPECT_FALSE(interpreter.find("copied")->editable);
  EXPECT_EQ(interpreter.find("numpy"), nullptr);
  EXPECT_THAT(interpreter.remarks, IsEmpty());
}

TEST_F(SiteWorld, TwoVersionsOfOneNameAreRemarkedOn) {
  add_venv();
  world_.add_distribution(site, "torch-2.4.0");
  world_.add_distribution(site, "torch-2.5.0");
  EXPECT_THAT(world_.probe("/env").interpreter.remarks,
              ElementsAre(HasSubstr("holds torch twice: 2.4.0 and 2.5.0")));
}

TEST_F(SiteWorld, AnEggLinkIsAnEditableInstall) {
  add_venv();
  world_.write("/src/project/project.egg-info/PKG-INFO", "Name: project\nVersion: 3.0\n");
  world_.write(std::string(site) + "/project.egg-link", "/src/project\n.");
  world_.write(std::string(site) + "/easy-install.pth", "/src/project\n");
  const Interpreter interpreter = world_.probe("/env").interpreter;
  ASSERT_NE(interpreter.find("project"), nullptr);
  EXPECT_TRUE(interpreter.find("project")->editable);
  EXPECT_EQ(interpreter.find("project")->version, "3.0");
}

}  // namespace
}  // namespace wheelfit::probe::test
