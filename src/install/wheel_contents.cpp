// SPDX-License-Identifier: Apache-2.0
#include "install/wheel_contents.hpp"

#include <algorithm>
#include <array>
#include <set>

#include "base/error.hpp"
#include "install/entry_names.hpp"
#include "python/package_name.hpp"
#include "python/version.hpp"
#include "python/wheel_filename.hpp"

namespace wheelfit::install {
namespace {

constexpr std::pair<int, int> supported_wheel_version{1, 0};

[[noreturn]] void refuse(Text sentence, const char* code) {
  throw Error(ErrorKind::refused, std::move(sentence)).with_code(code);
}

python::WheelFilename parse_file_name(const std::string& file_name) {
  auto parsed = python::WheelFilename::parse(file_name);
  if (!parsed) {
    refuse(text("{} is not the name of a wheel: {}", file_name, parsed.error().message), "file-name");
  }
  return *std::move(parsed);
}

// "a wheel holds exactly one {distribution}-{version}.dist-info" at its top.
std::string find_dist_info(const std::vector<system::ZipEntry>& entries) {
  std::set<std::string> found;
  for (const system::ZipEntry& entry : entries) {
    const std::string top = entry.name.substr(0, entry.name.find('/'));
    if (top.ends_with(".dist-info") && top.size() < entry.name.size()) found.insert(top);
  }
  if (found.empty()) refuse("the wheel has no .dist-info directory, so it is not a wheel", "no-dist-info");
  if (found.size() > 1) {
    refuse(text("the wheel has more than one .dist-info directory: {} and {}", *found.begin(),
                *std::next(found.begin())),
           "two-dist-infos");
  }
  return *found.begin();
}

std::string read_required(system::ZipReader& zip, const std::string& name) {
  const auto index = zip.find(name);
  if (!index) refuse(text("the wheel has no {}", name), name.ends_with("/RECORD") ? "record" : "metadata");
  return zip.read(*index);
}

template <typename Parsed>
auto parsed_or_refused(Parsed parsed, const std::string& file, const char* code) {
  if (!parsed) refuse(text("{} in the wheel cannot be read: {}", file, parsed.error().message), code);
  return *std::move(parsed);
}

// The local label may stand in the file name alone: flash-attn's official wheels are renamed after they are
// built.
bool same_version(const std::string& metadata_text, const python::Version& file_version) {
  const auto version = python::Version::parse(metadata_text);
  return version && (*version == file_version || *version == file_version.public_version());
}

void check_names(const WheelContents& contents, const python::WheelFilename& file,
                 const std::string& file_name) {
  const python::Metadata& metadata = contents.metadata;
  if (python::normalized_name(metadata.name) != python::normalized_name(file.name)) {
    refuse(
        text("{} calls itself {}, but its METADATA says that it is {}", file_name, file.name, metadata.name),
        "name-mismatch");
  }
  if (!same_version(metadata.version, file.version)) {
    refuse(text("{} calls itself version {}, but its METADATA says {}", file_name, file.version_text,
                metadata.version),
           "name-mismatch");
  }
  const std::string stem = contents.dist_info.substr(0, contents.dist_info.rfind(".dist-info"));
  const std::string name = stem.substr(0, stem.rfind('-'));
  if (python::normalized_name(name) != python::normalized_name(metadata.name)) {
    refuse(
        text("{} holds {}, which is not the directory of {}", file_name, contents.dist_info, metadata.name),
        "name-mismatch");
  }
}

// "warn if the minor version is greater, abort if the major version is greater".
void check_wheel_version(WheelContents& contents) {
  const auto [major, minor] = contents.wheel.wheel_version;
  if (major > supported_wheel_version.first || major < 1) {
    refuse(text("the wheel is of format {}.{}, and only format 1.x is known", major, minor), "wheel-version");
  }
  if (minor > supported_wheel_version.second) {
    contents.warnings.push_back(text(
        "the wheel is of format {}.{}, newer than 1.0; it is installed by the rules of 1.0", major, minor));
  }
}

void check_data_keys(const WheelContents& contents, const std::vector<system::ZipEntry>& entries) {
  static constexpr std::array<std::string_view, 5> known = {"purelib", "platlib", "headers", "scripts",
                                                            "data"};
  for (const system::ZipEntry& entry : entries) {
    const std::size_t slash = entry.name.find('/');
    const std::string top = entry.name.substr(0, slash);
    if (!top.ends_with(".data") || slash == std::string::npos) continue;
    if (top != contents.data_directory) {
      refuse(text("the wheel holds {}, which belongs to another distribution", top), "data-key");
    }
    const std::string rest = entry.name.substr(slash + 1);
    const std::string key = rest.substr(0, rest.find('/'));
    if (rest.empty() || (entry.is_directory() && std::find(known.begin(), known.end(), key) != known.end()))
      continue;
    if (std::find(known.begin(), known.end(), key) == known.end() || key.size() == rest.size()) {
      refuse(text("the wheel holds {}, and \"{}\" is no place that wheels can install into", entry.name, key),
             "data-key");
    }
  }
}

void read_record(WheelContents& contents, const std::string& record_text) {
  const std::string name = contents.in_dist_info("RECORD");
  for (python::RecordEntry& row : parsed_or_refused(python::parse_record(record_text), name, "record")) {
    const std::string path = row.path;
    if (!contents.record.emplace(path, std::move(row)).second) {
      refuse(text("RECORD lists {} twice", path), "record");
    }
  }
}

// "installation will fail if any file in the archive is not both mentioned and correctly hashed in RECORD".
void check_record(const WheelContents& contents, const std::vector<system::ZipEntry>& entries) {
  std::set<std::string_view> present;
  for (const system::ZipEntry& entry : entries) {
    if (entry.is_directory()) continue;
    present.insert(entry.name);
    if (is_exempt_from_record(entry.name, contents.dist_info)) continue;
    const auto row = contents.record.find(entry.name);
    if (row == contents.record.end())
      refuse(text("the wheel's RECORD does not mention {}", entry.name), "record");
    if (row->second.hash_algorithm.empty()) {
      refuse(text("the wheel's RECORD has no hash for {}", entry.name), "record");
    }
    if (row->second.hash_algorithm != "sha256") {
      refuse(text("the wheel's RECORD hashes {} with {}; only sha256 counts", entry.name,
                  row->second.hash_algorithm),
             "record");
    }
    if (row->second.size && *row->second.size != entry.size) {
      refuse(text("the wheel's RECORD gives {} {} bytes, and the file has {}", entry.name, *row->second.size,
                  entry.size),
             "record");
    }
  }
  for (const auto& [path, row] : contents.record) {
    if (!present.contains(path) && !is_exempt_from_record(path, contents.dist_info)) {
      refuse(text("the wheel's RECORD lists {}, which the wheel does not hold", path), "record");
    }
  }
}

}  // namespace

bool is_exempt_from_record(std::string_view name, std::string_view dist_info) noexcept {
  if (!name.starts_with(dist_info)) return false;
  const std::string_view file = name.substr(dist_info.size());
  return file == "/RECORD" || file == "/RECORD.jws" || file == "/RECORD.p7s";
}

void require_recorded(const WheelContents& contents, const std::string& name, const std::string& hash) {
  const auto row = contents.record.find(name);
  if (row == contents.record.end() || row->second.hash.empty() || row->second.hash == hash) return;
  throw Error(ErrorKind::refused,
              text("{} in the wheel is not what its RECORD says: the sha256 differs", name),
              {"download the wheel again; if it stays so, its publisher has to be told"})
      .with_code("record-mismatch");
}

WheelContents read_contents(system::ZipReader& zip, const std::string& file_name) {
  const python::WheelFilename file = parse_file_name(file_name);
  check_entries(zip.entries());
  WheelContents contents;
  contents.dist_info = find_dist_info(zip.entries());
  contents.data_directory = contents.dist_info.substr(0, contents.dist_info.rfind(".dist-info")) + ".data";
  const std::string metadata = contents.in_dist_info("METADATA");
  contents.metadata =
      parsed_or_refused(python::Metadata::parse(read_required(zip, metadata)), metadata, "metadata");
  const std::string wheel = contents.in_dist_info("WHEEL");
  contents.wheel =
      parsed_or_refused(python::WheelMetadata::parse(read_required(zip, wheel)), wheel, "wheel-version");
  check_names(contents, file, file_name);
  check_wheel_version(contents);
  check_data_keys(contents, zip.entries());
  read_record(contents, read_required(zip, contents.in_dist_info("RECORD")));
  check_record(contents, zip.entries());
  const std::string entry_points = contents.in_dist_info("entry_points.txt");
  if (const auto index = zip.find(entry_points)) {
    contents.entry_points =
        parsed_or_refused(python::parse_entry_points(zip.read(*index)), entry_points, "entry-point");
  }
  for (const system::ZipEntry& entry : zip.entries()) {
    if (entry.is_directory()) continue;
    contents.unpacked_bytes += entry.size;
    ++contents.files;
  }
  return contents;
}

}  // namespace wheelfit::install
