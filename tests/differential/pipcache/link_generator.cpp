// SPDX-License-Identifier: Apache-2.0
#include "differential/pipcache/link_generator.hpp"

#include <cstdlib>

#include <nlohmann/json.hpp>

namespace wheelfit::test {
namespace {

std::string html_escaped(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    if (c == '&') {
      escaped += "&amp;";
    } else if (c == '<') {
      escaped += "&lt;";
    } else if (c == '>') {
      escaped += "&gt;";
    } else if (c == '"') {
      escaped += "&quot;";
    } else {
      escaped += c;
    }
  }
  return escaped;
}

}  // namespace

LinkGenerator::LinkGenerator() {
  const char* seed = std::getenv("WHEELFIT_SEED");
  random_.seed(seed != nullptr ? std::strtoull(seed, nullptr, 10) : 20261121);
}

std::string LinkGenerator::hex(std::size_t length) {
  std::string digits;
  for (std::size_t i = 0; i < length; ++i) digits += "0123456789abcdef"[below(16)];
  return digits;
}

std::string LinkGenerator::host() {
  std::string text = pick({"", "", "", "", "user@", "user:pa%40ss@", "token:x@", "a@b@"});
  text += pick({"files.example", "files.example", "Files.Example", "h", "127.0.0.1", "[::1]", "[::1",
                "m\xC3\xBCnchen.example"});
  return text + pick({"", "", "", ":443", ":8080", ":"});
}

std::string LinkGenerator::file_name() {
  std::string text = pick({"a", "flash_attn", "some.pkg", "A-b", "p\xC3\xA9t", "\xF0\x9F\x90\x8D"});
  text += "-" + std::to_string(below(30)) + "." + std::to_string(below(20));
  text += pick(
      {"", "", "", ".post1", "+cu12", "%2Bcu12", " 1", "%20", "~1", "(1)", "'", "\"", ";v", "!", "|", "\\"});
  return text + pick({".tar.gz", ".tar.gz", ".tar.gz", ".zip", ".tar.bz2", ".whl", "", "/", "@ref"});
}

// What a path without a host becomes that begins with two slashes depends on the release of Python: none is
// made.
std::string LinkGenerator::path() {
  std::string text = "/" + hex(2);
  for (std::size_t parts = below(5); parts > 0; --parts) {
    text += "/" + (chance(70)
                       ? hex(1 + below(4))
                       : pick({"packages", "a b", "%2F",  "%2fx", "%zz",          "%",     "%FF",   "%C3%A9",
                               "%c3",      "@",   "@x",   ".",    "..",           "",      "a;p=1", "a:b",
                               "C:",       "+",   "$&,=", "~u",   "\xE4\xB8\xAD", "x%25y", "-_.!"}));
  }
  return text + "/" + file_name();
}

std::string LinkGenerator::fragment() {
  const auto part = [&]() -> std::string {
    switch (below(8)) {
      case 0:
        return "sha256=" + hex(64);
      case 1:
        return "sha256=" + hex(64);
      case 2:
        return pick({"md5=", "sha1=", "sha224=", "sha384=", "sha512=", "sha256="}) + hex(below(8));
      case 3:
        return "subdirectory=" + pick({"", "python", "a/b", "a%20b", "\xC3\xA9", "x y"});
      case 4:
        return "egg=" + pick({"a", "flash-attn", "a-1.0", "a[x]", "", "A.b_c"});
      case 5:
        return pick(
            {"sha256=XYZ", "xsha256=00", "sha256:00", "blake2b=12", "SHA256=00", "x", "=", "sha256=00G1"});
      default:
        return "sha256=" + hex(64);
    }
  };
  if (chance(25)) return pick({"", "", "#"});
  std::string text = "#" + part();
  while (chance(30)) text += "&" + part();
  return text;
}

std::string LinkGenerator::link() {
  std::string text;
  if (chance(90)) {
    text = pick({"https://", "https://", "https://", "http://", "HTTPS://", "git+https://", "git+ssh://",
                 "ftp://"}) +
           host() + path();
  } else {
    text = "file:///home" + path();
  }
  if (chance(10))
    text += "?" + pick({"", "x=1", "a&subdirectory=q", "sha1=ab", "x=a b", "q=\xC3\xA9", "a?b", "&md5=00"});
  return text + fragment();
}

std::string LinkGenerator::href() {
  const std::size_t kind = below(10);
  if (kind < 3) return link();
  std::string text;
  if (kind == 3) text = "//" + host() + path();
  if (kind == 4) text = path();
  if (kind == 5) text = "../../packages" + path();
  if (kind == 6) text = file_name();
  if (kind == 7)
    text = pick({"./", "../", "../../../../..", "x/../", "?", "#", "a/./b/", ";p/"}) + file_name();
  if (kind == 8)
    text = pick(
        {"?x=1", "#sha256=00", ".", "..", "/", "a", "mailto:x@h.example", "C:/a.zip", "x:1", "javascript:;"});
  if (kind == 9) text = path().substr(1);
  if (chance(10)) text += "?" + pick({"x=1", "a b", ""});
  return text + fragment();
}

std::string LinkGenerator::base() {
  std::string text =
      pick({"https://", "http://"}) + pick({"i.example", "i.example:80", "u:p@i.example", "[::1]:8080"});
  return text + pick({"/simple/a/", "/simple/a", "/", "", "/a b/c/", "/pypi/web/simple/a/index.html",
                      "/s;x/a/", "/simple/a/?q=1#f"});
}

std::vector<std::pair<std::string, std::string>> LinkGenerator::hashes() {
  std::vector<std::pair<std::string, std::string>> list;
  for (const char* name : {"md5", "sha1", "blake2b_256", "sha256", "sha512"}) {
    if (chance(25)) list.emplace(chance(50) ? list.begin() : list.end(), name, hex(chance(90) ? 64 : 4));
  }
  return list;
}

std::string LinkGenerator::html_page() {
  std::string page =
      pick({"<!DOCTYPE html>\n<html><head>", "<html><head>", "<HTML><HEAD>"}) + "<title>Links for a</title>";
  if (chance(15))
    page += "<base href=\"" + html_escaped(chance(50) ? base() : pick({"/files/", "https://m.example/x/"})) +
            "\">";
  page += "</head><body><h1>Links</h1>\n";
  for (std::size_t count = below(8); count > 0; --count) {
    page += pick({"<a ", "<A ", "<p><a class='x' "}) + "href=\"" + html_escaped(href()) + "\"";
    if (chance(30))
      page += " data-requires-python=\"" + html_escaped(pick({">=3.8", "<4,>=3.6", "!=3.0.*", "x"})) + "\"";
    if (chance(20)) page += " data-yanked=\"" + pick({"", "broken", "a &amp; b"}) + "\"";
    page += ">" + pick({"a", "a-1.0.tar.gz", ""}) + pick({"</a><br/>\n", "</a>\n", "</A>"});
  }
  if (chance(20))
    page += "<!-- <a href=\"/hidden.zip\">x</a> --><a>no link</a><a href=\"\">empty</a><a name='n'>x</a>";
  return page + "</body></html>\n";
}

std::string LinkGenerator::json_page() {
  nlohmann::ordered_json page{
      {"meta", {{"api-version", "1.1"}}}, {"name", "a"}, {"files", nlohmann::ordered_json::array()}};
  for (std::size_t count = below(8); count > 0; --count) {
    nlohmann::ordered_json file{{"filename", "x"}, {"hashes", nlohmann::ordered_json::object()}};
    if (chance(97)) file["url"] = href();
    for (const auto& [name, value] : hashes()) file["hashes"][name] = value;
    if (chance(30)) file["requires-python"] = pick({">=3.8", "<4,>=3.6", ""});
    if (chance(5)) file["requires-python"] = nullptr;
    if (chance(10)) file["yanked"] = pick({"broken", "", "x"});
    if (chance(20)) file["yanked"] = chance(50);
    if (chance(20)) file["size"] = below(100000);
    page["files"].push_back(std::move(file));
  }
  return page.dump();
}

std::string LinkGenerator::page_of(std::string_view package) {
  std::string page = "<!DOCTYPE html><html><body>\n";
  for (std::size_t count = 1 + below(9); count > 0; --count) {
    std::string name =
        chance(85) ? std::string(package) : pick({"other", "Some.Pkg", "some_pkg", "some-pkg-x"});
    name += "-" + std::to_string(1 + below(3)) + "." + std::to_string(below(3)) +
            pick({"", "", "", "", "rc1", ".dev1", ".post1", "+local"});
    name += pick({".tar.gz", ".tar.gz", ".zip", ".tar.bz2", ".tgz", ".tar.xz", ".egg", ".exe", ".TAR.GZ",
                  "-py3.11.tar.gz", "-py2.7.zip", "-py3-none-any.whl", "-1-py3-none-any.whl",
                  "-cp27-none-any.whl", ""});
    page += "<a href=\"/f/" + html_escaped(name) + pick({"", "#sha256=00ff"}) + "\"";
    if (chance(20))
      page += " data-requires-python=\"" +
              html_escaped(pick({">=3.8", "<3.8", ">=3.12", "nonsense", "==3.11.*"})) + "\"";
    if (chance(20)) page += " data-yanked=\"" + pick({"", "broken"}) + "\"";
    page += ">x</a>\n";
  }
  return page + "</body></html>\n";
}

}  // namespace wheelfit::test
