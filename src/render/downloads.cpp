// SPDX-License-Identifier: Apache-2.0
#include "render/downloads.hpp"

#include <nlohmann/json.hpp>

#include "python/wheel_filename.hpp"
#include "render/json_fields.hpp"
#include "render/units.hpp"
#include "system/url.hpp"

namespace wheelfit::render {
namespace {

using Json = nlohmann::ordered_json;

// For a POSIX shell.
std::string quoted(const std::string& word) {
  std::string out = "'";
  for (const char character : word)
    out += character == '\'' ? std::string("'\\''") : std::string(1, character);
  return out + "'";
}

std::string python_of(const probe::Environment& environment) {
  const auto& version = environment.interpreter.version;
  if (!version) return {};
  return " --python-version " + std::to_string(version->major()) + "." + std::to_string(version->minor());
}

// pip on the other machine knows its own index; only what it is told makes it choose for this one.
std::string from_index(const std::string& requirement, const probe::Environment& environment) {
  return "pip download --no-deps --only-binary=:all:" + python_of(environment) + " " + quoted(requirement);
}

std::string download_command(const Download& file, const probe::Environment& environment) {
  if (!file.url.empty()) return "curl -fL -o " + quoted(file.name) + " " + quoted(system::redacted(file.url));
  const auto name = python::WheelFilename::parse(file.name);
  std::string tags;
  if (name && !name->platform_tags.empty()) tags += " --platform " + name->platform_tags.front();
  if (name && !name->abi_tags.empty()) tags += " --abi " + name->abi_tags.front();
  return "pip download --no-deps --only-binary=:all:" + python_of(environment) + tags + " " +
         quoted(file.distribution + "==" + file.version);
}

std::string install_command(const Downloads& downloads) {
  std::string command = "wheelfit install";
  for (const Download& wheel : downloads.wheels) command += " " + quoted("./" + wheel.name);
  command += " --offline";
  if (!downloads.dependencies.empty() || !downloads.lacking.empty()) command += " --find-links .";
  return command;
}

std::vector<const Download*> all_of(const Downloads& downloads) {
  std::vector<const Download*> all;
  for (const Download& wheel : downloads.wheels) all.push_back(&wheel);
  for (const Download& dependency : downloads.dependencies) all.push_back(&dependency);
  return all;
}

class Script {
 public:
  explicit Script(const Style& style) : style_(style) {}
  void comment(const Text& sentence) {
    text_ += painted("# " + said(sentence, style_), Tone::dim, style_) + "\n";
  }
  void line(const std::string& command) { text_ += command + "\n"; }
  std::string take() { return std::move(text_); }

 private:
  const Style& style_;
  std::string text_;
};

std::string joined(const std::vector<std::string>& names) {
  std::string all;
  for (const std::string& name : names) all += (all.empty() ? "" : ", ") + name;
  return all;
}

Text companions_of(const probe::Environment& environment) {
  const std::string python =
      environment.interpreter.version ? environment.interpreter.version->to_string() : "?";
  const std::string torch = environment.torch.version ? environment.torch.version->to_string() : "?";
  return text("For Python {}, torch {}. On a machine with network:", python, torch);
}

void add_download(const Download& file, const probe::Environment& environment, Script& script) {
  const std::string what = file.distribution + " " + file.version;
  const std::string size = file.size ? ", " + bytes_text(*file.size) : std::string();
  if (file.required_by.empty())
    script.comment(text("{} ({}){}", what, file.source, size));
  else
    script.comment(text("{}, which {} requires{}", what, joined(file.required_by), size));
  script.line(download_command(file, environment));
}

void add_checks(const std::vector<const Download*>& files, Script& script) {
  std::string sums;
  for (const Download* file : files)
    if (file->sha256) sums += *file->sha256 + "  " + file->name + "\n";
  if (sums.empty()) return;
  script.comment("Whether they came whole:");
  script.line("sha256sum -c <<'END'\n" + sums + "END");
}

Json file_json(const Download& file, const probe::Environment& environment) {
  const std::string url = system::redacted(file.url);
  return {{"name", file.name},
          {"url", or_null(url)},
          {"size", file.size ? Json(*file.size) : Json()},
          {"sha256", file.sha256 ? Json(*file.sha256) : Json()},
          {"source", file.source},
          {"role", file.required_by.empty() ? "wheel" : "dependency"},
          {"required_by", file.required_by},
          {"command", download_command(file, environment)}};
}

}  // namespace

std::string downloads_text(const Downloads& downloads, const Style& style) {
  Script script(style);
  const auto files = all_of(downloads);
  script.comment(companions_of(downloads.environment));
  for (const Download* file : files) add_download(*file, downloads.environment, script);
  for (const LackingDownload& lacking : downloads.lacking) {
    script.comment(text("{}, which {} requires; {}", lacking.requirement, lacking.required_by,
                        said(lacking.reason, style)));
    script.line(from_index(lacking.requirement, downloads.environment));
  }
  add_checks(files, script);
  for (const Text& remark : downloads.remarks) script.comment(remark);
  script.comment("Then on the machine they are for, in the folder that holds them:");
  script.line(install_command(downloads));
  return script.take();
}

Json downloads_json(const Downloads& downloads) {
  Json files = Json::array();
  for (const Download* file : all_of(downloads)) files.push_back(file_json(*file, downloads.environment));
  Json lacking = Json::array();
  for (const LackingDownload& each : downloads.lacking) {
    lacking.push_back({{"requirement", each.requirement},
                       {"required_by", each.required_by},
                       {"reason", each.reason.english()},
                       {"command", from_index(each.requirement, downloads.environment)}});
  }
  Json remarks = Json::array();
  for (const Text& remark : downloads.remarks) remarks.push_back(remark.english());
  return {{"schema_version", 1},
          {"files", std::move(files)},
          {"lacking", std::move(lacking)},
          {"remarks", std::move(remarks)},
          {"install", install_command(downloads)}};
}

}  // namespace wheelfit::render
