// SPDX-License-Identifier: Apache-2.0
#include "pipcache/relabel.hpp"

#include <algorithm>
#include <vector>

#include "base/error.hpp"
#include "python/metadata.hpp"
#include "python/package_name.hpp"
#include "python/record.hpp"
#include "python/wheel_filename.hpp"
#include "system/sha256.hpp"
#include "system/zip.hpp"
#include "system/zip_copy.hpp"

namespace wheelfit::pipcache {
namespace {

constexpr std::uint32_t plain_file = 0100644;

[[noreturn]] void refuse(Text sentence, const char* code) {
  throw Error(ErrorKind::refused, std::move(sentence)).with_code(code);
}

std::string dist_info_of(const std::vector<system::ZipEntry>& entries) {
  for (const system::ZipEntry& entry : entries) {
    const std::string top = entry.name.substr(0, entry.name.find('/'));
    if (top.ends_with(".dist-info") && top.size() < entry.name.size()) return top;
  }
  refuse(text("the wheel has no .dist-info directory, so it is not a wheel"), "no-dist-info");
}

// A wheel, opened, with the two names that carry its version.
struct Original {
  explicit Original(const std::filesystem::path& file) : zip(file, system::ZipChecks::reopened) {}

  std::string read(const std::string& name) {
    const auto index = zip.find(dist_info + "/" + name);
    if (!index) refuse(text("the wheel has no {}", dist_info + "/" + name), "metadata");
    return zip.read(*index);
  }

  system::ZipReader zip;
  std::string dist_info = dist_info_of(zip.entries());
  std::string stem = dist_info.substr(0, dist_info.rfind(".dist-info"));
};

// The first Version of the headers, in its place; everything else stays byte by byte.
std::string with_version(const std::string& metadata, const std::string& version) {
  constexpr std::string_view field = "version:";
  for (std::size_t at = 0; at < metadata.size();) {
    const std::size_t end = std::min(metadata.find('\n', at), metadata.size());
    std::string name = metadata.substr(at, field.size());
    std::transform(name.begin(), name.end(), name.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    if (name == field) {
      const bool carriage_return = end > at && metadata[end - 1] == '\r';
      return metadata.substr(0, at + field.size()) + " " + version + (carriage_return ? "\r" : "") +
             metadata.substr(end);
    }
    at = end + 1;
  }
  return metadata;
}

bool is_signature(const std::string& name, const Original& wheel) {
  return name == wheel.dist_info + "/RECORD.jws" || name == wheel.dist_info + "/RECORD.p7s";
}

// The new name of a member below .dist-info or .data.
std::string renamed(const std::string& name, const Original& wheel, const std::string& stem) {
  for (const char* suffix : {".dist-info/", ".data/"}) {
    const std::string old_top = wheel.stem + suffix;
    if (name.starts_with(old_top)) return stem + suffix + name.substr(old_top.size());
  }
  return name;
}

std::string new_record(Original& wheel, const std::string& stem, const std::string& metadata) {
  auto record = python::parse_record(wheel.read("RECORD"));
  if (!record) refuse(text("{} in the wheel cannot be read: {}", "RECORD", record.error().message), "record");
  python::Record rows;
  for (python::RecordEntry& row : *record) {
    if (is_signature(row.path, wheel)) continue;
    if (row.path == wheel.dist_info + "/METADATA") {
      row.hash_algorithm = "sha256";
      row.hash = system::to_urlsafe_base64(system::sha256_of(metadata));
      row.size = metadata.size();
    }
    row.path = renamed(row.path, wheel, stem);
    rows.push_back(std::move(row));
  }
  return python::write_record(std::move(rows));
}

std::vector<system::ZipPart> parts_of(Original& wheel, const std::string& stem, const std::string& version) {
  const std::string metadata = with_version(wheel.read("METADATA"), version);
  const std::string record = new_record(wheel, stem, metadata);
  std::vector<system::ZipPart> parts;
  for (std::size_t index = 0; index < wheel.zip.entries().size(); ++index) {
    const system::ZipEntry& entry = wheel.zip.entries()[index];
    if (is_signature(entry.name, wheel) || entry.is_directory()) continue;
    system::ZipPart part;
    part.name = renamed(entry.name, wheel, stem);
    part.unix_mode = entry.unix_mode != 0 ? entry.unix_mode : plain_file;
    if (entry.name == wheel.dist_info + "/METADATA")
      part.content = metadata;
    else if (entry.name == wheel.dist_info + "/RECORD")
      part.content = record;
    else
      part.copied = index;
    parts.push_back(std::move(part));
  }
  return parts;
}

Relabelled judged(Original& wheel, const std::string& file_name, const python::Version& version) {
  auto metadata = python::Metadata::parse(wheel.read("METADATA"));
  if (!metadata)
    refuse(text("{} in the wheel cannot be read: {}", "METADATA", metadata.error().message), "metadata");
  const auto said = python::Version::parse(metadata->version);
  if (!said || said->public_version() != version.public_version()) {
    refuse(text("{} is version {}, and not {}", file_name, metadata->version, version.to_string()),
           "version");
  }
  return {relabelled_name(file_name, version), *said != version, metadata->version};
}

}  // namespace

std::string relabelled_name(const std::string& file_name, const python::Version& version) {
  const std::size_t first = file_name.find('-');
  const std::size_t second = file_name.find('-', first + 1);
  return file_name.substr(0, first + 1) + version.to_string() + file_name.substr(second);
}

Relabelled relabelling(const std::filesystem::path& wheel, const std::string& file_name,
                       const python::Version& version) {
  Original original(wheel);
  return judged(original, file_name, version);
}

Relabelled relabel(const std::filesystem::path& wheel, const std::string& file_name,
                   const python::Version& version, const std::filesystem::path& to) {
  Original original(wheel);
  Relabelled relabelled = judged(original, file_name, version);
  if (!relabelled.rewritten) return relabelled;
  const std::string name = original.stem.substr(0, original.stem.rfind('-'));
  const std::string stem = name + "-" + version.to_string();
  system::write_zip(wheel, parts_of(original, stem, version.to_string()), to);
  return relabelled;
}

}  // namespace wheelfit::pipcache
