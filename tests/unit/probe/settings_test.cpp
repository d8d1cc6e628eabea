// SPDX-License-Identifier: Apache-2.0
// pip's and uv's settings.
#include "probe/installer_settings.hpp"
#include "probe/pip_config_file.hpp"
#include "probe/uv_settings.hpp"
#include "python_world.hpp"

namespace wheelfit::probe::test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr const char* site = "/env/lib/python3.11/site-packages";
constexpr const char* models_index =
    "class PackageIndex(object):\n    def __init__(self, url, file_storage_domain):\n        pass\n\n"
    "PyPI = PackageIndex(\n    'https://index.example/', file_storage_domain='files.example'\n)\n"
    "TestPyPI = PackageIndex(\"https://test.example/\", file_storage_domain='x')\n";

class SettingsWorld : public ::testing::Test {
 protected:
  SettingsWorld() {
    world_.add_python("/usr", "python3.11");
    world_.add_venv("/env", "/usr/bin", "python3.11");
  }
  void add_pip() {
    world_.add_distribution(site, "pip-24.0");
    world_.write(std::string(site) + "/pip/_internal/models/index.py", models_index);
  }
  InstallerSettings settings() { return world_.probe("/env").installer; }

  PythonWorld world_;
};

std::vector<std::string> values(const std::vector<Fact<std::string>>& facts) {
  std::vector<std::string> list;
  for (const auto& fact : facts) list.push_back(*fact);
  return list;
}

TEST(PipConfig, IsReadAsPythonReadsIt) {
  const auto options = parse_pip_config(
      "# comment\n[global]\nIndex_URL = https://a.example/simple\n--no-index: true\nfind-links =\n    "
      "/one\n\n"
      "    # between\n    /two three\n; comment\n[install]\nindex-url=https://b.example/simple\nempty =\n");
  EXPECT_EQ(options.at("global.index-url"), "https://a.example/simple");
  EXPECT_EQ(options.at("global.no-index"), "true");
  EXPECT_EQ(options.at("global.find-links"), "/one\n/two three");
  EXPECT_EQ(options.at("install.index-url"), "https://b.example/simple");
  EXPECT_EQ(options.at("install.empty"), "");
  EXPECT_TRUE(parse_pip_config("key = outside any section\n").empty());
}

TEST(DefaultIndex, IsTheFirstPackageIndexOfPipsOwnFile) {
  EXPECT_EQ(default_index_in(models_index), "https://index.example/simple");
  EXPECT_EQ(default_index_in("PyPI = PackageIndex(\"https://m.example/pypi/\", x)"),
            "https://m.example/pypi/simple");
  EXPECT_EQ(default_index_in("PyPI = Index('https://old.example')"), "https://old.example/simple");
  EXPECT_EQ(default_index_in("class PackageIndex(object):\n    pass\n"), std::nullopt);
  EXPECT_EQ(default_index_in(""), std::nullopt);
}

TEST_F(SettingsWorld, NothingSetMeansPipsOwnDefault) {
  add_pip();
  const InstallerSettings read = settings();
  EXPECT_EQ(read.pip_version->to_string(), "24.0");
  EXPECT_EQ(read.index_url.value, "https://index.example/simple");
  EXPECT_THAT(read.index_url.source, HasSubstr("pip/_internal/models/index.py"));
  EXPECT_EQ(read.cache_directory.value, world_.at("/home/user/.cache/pip"));
}

TEST_F(SettingsWorld, NoPipAndNothingSetStaysUnknown) {
  const InstallerSettings read = settings();
  EXPECT_FALSE(read.index_url.known());
  EXPECT_FALSE(read.pip_version.known());
  EXPECT_FALSE(read.cache_directory.known());
}

TEST_F(SettingsWorld, FilesInPipsOrder) {
  add_pip();
  const auto index = [this] { return settings().index_url.value.value_or(""); };
  const auto config = [](const std::string& section, const std::string& name) {
    return "[" + section + "]\nindex-url = https://" + name + ".example/simple\n";
  };
  world_.write("/etc/xdg/pip/pip.conf", config("global", "xdg"));
  EXPECT_EQ(index(), "https://xdg.example/simple");
  world_.write("/etc/pip.conf", config("global", "etc"));
  EXPECT_EQ(index(), "https://etc.example/simple");
  world_.write("/home/user/.pip/pip.conf", config("global", "legacy"));
  EXPECT_EQ(index(), "https://legacy.example/simple");
  world_.write("/home/user/.config/pip/pip.conf", config("global", "user"));
  EXPECT_EQ(index(), "https://user.example/simple");
  world_.write("/env/pip.conf", config("global", "site"));
  EXPECT_EQ(index(), "https://site.example/simple");
  world_.write("/etc/pip.conf", config("install", "command"));
  EXPECT_EQ(index(), "https://command.example/simple") << "[install] beats [global] wherever it stands";
  world_.set("PIP_INDEX_URL", "https://variable.example/simple");
  EXPECT_EQ(index(), "https://variable.example/simple");
  world_.set("PIP_INDEX_URL", "");
  EXPECT_EQ(index(), "https://command.example/simple") << "an empty variable is none";
}

TEST_F(SettingsWorld, PipConfigFileReplacesTheUsers) {
  add_pip();
  world_.write("/home/user/.config/pip/pip.conf",
               "[global]\nproxy = http://user.example:1\nno-index = yes\n");
  world_.write("/mine.conf", "[global]\nindex-url = https://mine.example/simple\n");
  EXPECT_EQ(settings().no_index.value, true);
  world_.set("PIP_CONFIG_FILE", "/mine.conf");
  EXPECT_FALSE(settings().proxy.known());
  EXPECT_EQ(settings().index_url.value, "https://mine.example/simple");
  world_.set("PIP_CONFIG_FILE", "/dev/null");
  EXPECT_EQ(settings().index_url.value, "https://index.example/simple");
}

TEST_F(SettingsWorld, OptionsThatTakeSeveralValues) {
  add_pip();
  world_.write("/env/pip.conf",
               "[global]\nextra-index-url =\n  https://a.example/simple\n  https://b.example/simple\n"
               "trusted-host = a.example b.example:8080\nfind-links = /wheels\n");
  world_.set("PIP_FIND_LINKS", "/other https://links.example/");
  const InstallerSettings read = settings();
  EXPECT_THAT(values(read.extra_index_urls),
              ElementsAre("https://a.example/simple", "https://b.example/simple"));
  EXPECT_THAT(read.trusted_hosts, ElementsAre("a.example", "b.example:8080"));
  EXPECT_THAT(values(read.find_links), ElementsAre("/other", "https://links.example/"))
      << "replaced, not joined";
  EXPECT_EQ(read.find_links.front().source, "PIP_FIND_LINKS");
}

TEST_F(SettingsWorld, AnyBooleanTurnsTheCacheOff) {
  add_pip();
  world_.set("PIP_CACHE_DIR", "~/wheels");
  EXPECT_EQ(settings().cache_directory.value, world_.at("/home/user/wheels"));
  world_.set("PIP_NO_CACHE_DIR", "false");
  EXPECT_FALSE(settings().cache_directory.known());
  EXPECT_THAT(settings().cache_directory.source, HasSubstr("PIP_NO_CACHE_DIR turns pip's cache off"));
}

TEST_F(SettingsWorld, UvCountsWherePipIsNotOrUvMadeIt) {
  world_.set("UV_DEFAULT_INDEX", "https://uv.example/simple");
  EXPECT_EQ(settings().index_url.value, "https://uv.example/simple") << "no pip here";
  add_pip();
  EXPECT_EQ(settings().index_url.value, "https://index.example/simple") << "pip's own environment";
  world_.write("/env/pyvenv.cfg", "home = /usr/bin\nuv = 0.5.0\ninclude-system-site-packages = false\n");
  EXPECT_EQ(settings().index_url.value, "https://uv.example/simple");
}

TEST_F(SettingsWorld, UvFilesAndVariables) {
  world_.write("/home/user/.config/uv/uv.toml",
               "index-url = \"https://user.example/simple\"\n[pip]\nno-index = true\n");
  world_.write("/srv/project/pyproject.toml",
               "[tool.uv]\nfind-links = [\"/wheels\"]\n[[tool.uv.index]]\nname = \"x\"\nurl = "
               "\"https://x.example/simple\"\n");
  world_.set("UV_INDEX", "named=https://first.example/simple https://second.example/simple?a=b");
  const InstallerSettings read = settings();
  EXPECT_EQ(read.index_url.value, "https://user.example/simple");
  EXPECT_EQ(read.no_index.value, true);
  EXPECT_THAT(values(read.find_links), ElementsAre("/wheels"));
  EXPECT_THAT(values(read.extra_index_urls),
              ElementsAre("https://first.example/simple", "https://second.example/simple?a=b",
                          "https://x.example/simple"));
  world_.set("UV_NO_CONFIG", "1");
  EXPECT_FALSE(settings().index_url.known());
}

TEST(UvToml, DefaultAndExplicitIndexes) {
  const UvSettings read = parse_uv_settings(
      "[[index]]\nurl = \"https://d.example/\"\ndefault = true\n[[index]]\nurl = "
      "\"https://e.example/\"\nexplicit = true\n",
      UvFile::uv_toml, "uv.toml");
  EXPECT_EQ(read.index_url, Fact<std::string>("https://d.example/", "uv.toml"));
  EXPECT_THAT(read.extra_index_urls, IsEmpty());
  EXPECT_EQ(parse_uv_settings("not toml [", UvFile::uv_toml, "x"), UvSettings{});
  EXPECT_EQ(parse_uv_settings("[project]\nname = \"a\"\n", UvFile::pyproject_toml, "x"), UvSettings{});
}

}  // namespace
}  // namespace wheelfit::probe::test
