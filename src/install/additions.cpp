// SPDX-License-Identifier: Apache-2.0
#include "install/additions.hpp"

#include <algorithm>
#include <array>
#include <fstream>

#include <nlohmann/json.hpp>

#include "install/launcher.hpp"
#include "python/record.hpp"
#include "system/files.hpp"
#include "system/percent.hpp"
#include "system/sha256.hpp"

namespace wheelfit::install {
namespace fs = std::filesystem;
namespace {

PreparedFile described(const fs::path& target, const std::string& content) {
  return {target, system::to_urlsafe_base64(system::sha256_of(content)), content.size()};
}

class Additions {
 public:
  Additions(const Destination& destination, const Layout& layout, std::vector<PreparedFile> prepared,
            Workplace& workplace, FileOperations& files)
      : destination_(destination),
        layout_(layout),
        prepared_(std::move(prepared)),
        workplace_(workplace),
        files_(files) {}

  void add(const fs::path& target, const std::string& content, mode_t mode = 0666) {
    write(target, content, mode);
    prepared_.push_back(described(target, content));
  }
  void add_to_dist_info(const char* name, const std::string& content) {
    add(layout_.dist_info / name, content);
  }

  // "If the first line of a file in scripts/ starts with exactly b'#!python', rewrite to point to the correct
  // interpreter."
  void rewrite_scripts() {
    for (std::size_t index = 0; index < layout_.files.size(); ++index) {
      if (!layout_.files[index].script) continue;
      const fs::path staged = workplace_.staged(layout_.files[index].target);
      std::array<char, 8> start{};
      std::ifstream(staged, std::ios::binary).read(start.data(), start.size());
      if (std::string_view(start.data(), start.size()) != "#!python") continue;
      const auto rewritten = with_interpreter(system::read_file(staged), destination_.interpreter);
      require(files_.remove_file(staged), staged);
      write(layout_.files[index].target, *rewritten, 0777);
      prepared_[index] = described(layout_.files[index].target, *rewritten);
    }
  }

  void add_launchers(const std::vector<python::EntryPoint>& entry_points) {
    for (const python::EntryPoint& entry : entry_points) {
      if (entry.group != "console_scripts" && entry.group != "gui_scripts") continue;
      const std::string script = launcher_script(entry, destination_.interpreter);
      const fs::path target = destination_.scripts / entry.name;
      check_script_target(target, destination_);
      const bool taken = std::any_of(prepared_.begin(), prepared_.end(),
                                     [&](const PreparedFile& file) { return file.target == target; });
      if (taken) {
        throw Error(ErrorKind::refused, text("the wheel brings the script {} twice", entry.name))
            .with_code("duplicate-name");
      }
      add(target, script, 0777);
    }
  }

  // Its row in RECORD has no hash: it is written anew after each proof.
  void add_receipt(const std::string& content) {
    const fs::path target = layout_.dist_info / "WHEELFIT.json";
    write(target, content, 0666);
    prepared_.push_back({target, "", content.size()});
  }

  void add_record() {
    python::Record record;
    for (const PreparedFile& file : prepared_) {
      if (file.hash.empty())
        record.push_back({relative(file.target), "", "", std::nullopt});
      else
        record.push_back({relative(file.target), "sha256", file.hash, file.size});
    }
    const fs::path target = layout_.dist_info / "RECORD";
    record.push_back({relative(target), "", "", std::nullopt});
    write(target, python::write_record(std::move(record)), 0666);
    prepared_.push_back({target, "", 0});
  }

  const std::vector<PreparedFile>& prepared() const { return prepared_; }

 private:
  std::string relative(const fs::path& target) const {
    return target.lexically_relative(layout_.site).generic_string();
  }
  void write(const fs::path& target, const std::string& content, mode_t mode) {
    const fs::path staged = workplace_.staged(target);
    make_directories(files_, staged.parent_path());
    write_file(files_, staged, content, mode);
    if (mode == 0777) make_executable(files_, staged);
  }

  const Destination& destination_;
  const Layout& layout_;
  std::vector<PreparedFile> prepared_;
  Workplace& workplace_;
  FileOperations& files_;
};

// "https://user:secret@host/x.whl" -> "https://host/x.whl"; a fragment may hold a token and is no part of the
// address.
std::string without_credentials(const std::string& url) {
  const std::size_t host = url.find("://") + 3;
  const std::size_t path = std::min(url.find('/', host), url.size());
  const std::size_t at = url.substr(0, path).rfind('@');
  const std::string clean =
      at == std::string::npos || at < host ? url : url.substr(0, host) + url.substr(at + 1);
  return clean.substr(0, clean.find('#'));
}

}  // namespace

std::string direct_url_json(const std::string& url_or_path, const std::string& sha256) {
  const bool is_url = url_or_path.find("://") != std::string::npos;
  nlohmann::ordered_json archive = nlohmann::ordered_json::object();
  if (!sha256.empty()) {
    archive["hash"] = "sha256=" + sha256;  // for readers from before PEP 610 knew "hashes"
    archive["hashes"] = {{"sha256", sha256}};
  }
  const nlohmann::ordered_json document = {
      {"archive_info", std::move(archive)},
      {"url", is_url ? without_credentials(url_or_path)
                     : system::file_address(fs::absolute(url_or_path).lexically_normal())}};
  return document.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

std::vector<fs::path> write_additions(const InstallRequest& request, const Destination& destination,
                                      const WheelContents& contents, const Layout& layout,
                                      std::vector<PreparedFile> prepared, Receipt& receipt,
                                      Workplace& workplace, FileOperations& files) {
  Additions additions(destination, layout, std::move(prepared), workplace, files);
  additions.rewrite_scripts();
  additions.add_launchers(contents.entry_points);
  additions.add_to_dist_info("INSTALLER", "wheelfit\n");
  if (request.requested) additions.add_to_dist_info("REQUESTED", "");
  if (request.direct_url) {
    additions.add_to_dist_info("direct_url.json", direct_url_json(*request.direct_url, request.sha256));
  }
  receipt.version = contents.metadata.version;
  if (receipt.distribution.empty()) receipt.distribution = contents.metadata.name;
  if (receipt.wheel.empty()) receipt.wheel = request.file_name;
  receipt.files = additions.prepared().size() + 2;  // WHEELFIT.json and RECORD
  receipt.installed_bytes = 0;
  for (const PreparedFile& file : additions.prepared()) receipt.installed_bytes += file.size;
  additions.add_receipt(receipt_to_json(receipt));
  additions.add_record();
  std::vector<fs::path> targets;
  for (const PreparedFile& file : additions.prepared()) targets.push_back(file.target);
  return targets;
}

}  // namespace wheelfit::install
