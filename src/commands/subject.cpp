// SPDX-License-Identifier: Apache-2.0
#include "commands/subject.hpp"

#include <fstream>

#include "base/error.hpp"
#include "conda/unpacked_package.hpp"
#include "install/receipt.hpp"
#include "system/files.hpp"
#include "system/percent.hpp"

namespace wheelfit::commands {

namespace {

bool is_address(std::string_view argument) {
  return argument.starts_with("http://") || argument.starts_with("https://") ||
         argument.starts_with("file://");
}

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

Subject parse_address(std::string_view argument) {
  const std::size_t hash = argument.find('#');
  const std::string_view fragment =
      hash == std::string_view::npos ? std::string_view{} : argument.substr(hash + 1);
  RemoteWheel wheel;
  wheel.url = std::string(argument.substr(0, hash));
  const std::string path = wheel.url.substr(0, wheel.url.find('?'));
  wheel.file_name = system::percent_decoded(path.substr(path.rfind('/') + 1));
  const std::size_t at = fragment.find("sha256=");
  if (at != std::string_view::npos) {
    const std::string_view digest = fragment.substr(at + 7);
    wheel.sha256 = std::string(digest.substr(0, digest.find('&')));
  }
  if (!wheel.file_name.ends_with(".whl") && !conda::is_package_name(wheel.file_name)) {
    throw Error(ErrorKind::usage,
                text("{} is not the address of a wheel: it does not end in .whl", wheel.file_name));
  }
  return wheel;
}

// Without the label: "2.6.3" of "2.6.3+sdpa".
std::string release_of(const std::string& version) { return version.substr(0, version.find('+')); }

// The wheel that a receipt names, to be had once more: its hash goes with it.
Subject wheel_of_receipt(const std::filesystem::path& file) {
  const auto receipt = install::receipt_from_json(system::read_file(file));
  if (!receipt) throw Error(ErrorKind::usage, text("{} is no receipt of wheelfit's", file.string()));
  if (receipt->source == "built-in") {
    throw Error(ErrorKind::usage,
                text("the receipt is that of the fallback: {} was made here", receipt->wheel),
                {text("wheelfit install {}=={} --only fallback", receipt->distribution,
                      release_of(receipt->version))});
  }
  if (!is_address(receipt->url)) {
    throw Error(ErrorKind::usage,
                text("the receipt names no address: {} was installed from a file", receipt->wheel),
                {text("give the file: wheelfit install {}", receipt->wheel)});
  }
  return parse_address(receipt->url + (receipt->sha256.empty() ? "" : "#sha256=" + receipt->sha256));
}

}  // namespace

Subject parse_subject(std::string_view argument, const std::filesystem::path& current_directory) {
  if (is_address(argument)) return parse_address(argument);
  const bool direct_reference = argument.find(" @ ") != std::string_view::npos;
  const bool looks_like_file = argument.ends_with(".whl") || argument.ends_with(".json") ||
                               conda::is_package_name(argument) ||
                               argument.find('/') != std::string_view::npos;
  if (looks_like_file && !direct_reference) {
    const std::filesystem::path path = current_directory / std::filesystem::path(argument);
    if (!std::filesystem::is_regular_file(path)) {
      throw Error(ErrorKind::usage, text("there is no file {}", std::string(argument)));
    }
    if (argument.ends_with(".json")) return wheel_of_receipt(path);
    return LocalWheel{path.lexically_normal()};
  }
  auto requirement = python::Requirement::parse(argument);
  if (!requirement) {
    throw Error(ErrorKind::usage, text("'{}' is neither a requirement, a wheel file nor an address: {}",
                                       std::string(argument), requirement.error().message));
  }
  if (requirement->url) return parse_address(*requirement->url);
  return std::move(*requirement);
}

std::optional<std::filesystem::path> shared_object(std::string_view argument,
                                                   const std::filesystem::path& current_directory) {
  if (is_address(argument) || argument.ends_with(".whl") || conda::is_package_name(argument))
    return std::nullopt;
  const std::filesystem::path path = current_directory / std::filesystem::path(argument);
  if (!std::filesystem::is_regular_file(path)) return std::nullopt;
  return path.lexically_normal();
}

std::vector<std::string> read_requirements_file(const std::filesystem::path& file) {
  std::ifstream in(file);
  if (!in) throw Error(ErrorKind::usage, text("cannot read the requirements file {}", file.string()));
  std::vector<std::string> lines;
  std::string pending;
  for (std::string line; std::getline(in, line);) {
    const std::size_t comment = line.find(" #");
    if (line.starts_with('#')) line.clear();
    if (comment != std::string::npos) line.resize(comment);
    const bool continued = !line.empty() && line.back() == '\\';
    if (continued) line.pop_back();
    pending += line;
    if (continued) continue;
    std::string_view statement = trimmed(pending);
    // pip's per-requirement options (--hash=…) follow the requirement.
    if (const std::size_t option = statement.find(" --"); option != std::string_view::npos) {
      statement = trimmed(statement.substr(0, option));
    }
    if (!statement.empty() && !statement.starts_with('-')) lines.emplace_back(statement);
    pending.clear();
  }
  return lines;
}

}  // namespace wheelfit::commands
