// SPDX-License-Identifier: Apache-2.0
#include "bundle/bundle_file.hpp"

#include <array>
#include <fstream>
#include <utility>

#include "base/activity.hpp"
#include "base/error.hpp"
#include "system/files.hpp"
#include "system/room.hpp"
#include "system/sha256.hpp"
#include "system/zip_writer.hpp"

namespace wheelfit::bundle {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t local_header = 30;  // of a zip member, before its name
constexpr std::uint64_t most_manifest_bytes = 16U << 20U;
constexpr std::uint16_t stored = 0;

std::string archive_name(const PackedFile& file) { return std::string(wheels_folder) + file.name; }

Text cure() { return text("carry the bundle over again, or make it anew with `wheelfit bundle`"); }

[[noreturn]] void refuse(Text sentence, const char* code) {
  throw Error(ErrorKind::refused, std::move(sentence), {cure()}).with_code(code);
}

// What the zip reader refuses has a cure here.
template <typename Function>
decltype(auto) with_cure(Function&& function) {
  try {
    return std::forward<Function>(function)();
  } catch (Error& error) {
    if (error.kind() == ErrorKind::refused && error.cures().empty()) error.add_cure(cure());
    throw;
  }
}

// The wheels inside are archives, too: of a bundle that was cut short the reader may find one of theirs.
system::ZipReader opened(const fs::path& file) {
  try {
    return with_cure([&] { return system::ZipReader(file); });
  } catch (const Error& error) {
    if (error.code() != "truncated" && error.code() != "headers-disagree") throw;
    refuse(text("{} is damaged or was cut short on its way", file.filename().string()), "truncated");
  }
}

Manifest read_manifest(system::ZipReader& zip, const std::string& name) {
  const auto& entries = zip.entries();
  if (entries.empty() || entries.front().name != manifest_name)
    refuse(text("{} is not a bundle: it does not begin with {}", name, manifest_name), "no-bundle");
  const auto manifest = parse_manifest(zip.read(0, most_manifest_bytes));
  if (manifest) return *manifest;
  if (manifest.error().newer) {
    throw Error(ErrorKind::refused,
                text("{} was made by a later version of wheelfit: {}", name, manifest.error().message),
                {text("use that version here, too, or make the bundle with this one")})
        .with_code("bundle-schema");
  }
  refuse(text("the manifest of {} cannot be used: {}", name, manifest.error().message), "bundle-manifest");
}

std::uint64_t total_size(const Manifest& manifest) {
  std::uint64_t total = 0;
  for (const PackedFile& file : manifest.files) total += file.size;
  return total;
}

}  // namespace

bool looks_like_bundle(const fs::path& file) {
  std::array<char, local_header + manifest_name.size()> beginning{};
  std::ifstream in(file, std::ios::binary);
  in.read(beginning.data(), beginning.size());
  const std::string_view bytes(beginning.data(), static_cast<std::size_t>(in.gcount()));
  return bytes.size() == beginning.size() && bytes.starts_with("PK\x03\x04") &&
         bytes.ends_with(manifest_name);
}

void write_bundle(const fs::path& file, const Manifest& manifest, const std::vector<fs::path>& wheels) {
  std::uint64_t total = 0;
  for (const fs::path& wheel : wheels) total += fs::file_size(wheel);
  system::require_room({{"bundle", file.parent_path(), total, text("or write it elsewhere: -o FILE")}});
  std::vector<system::StoredMember> members{{std::string(manifest_name), manifest_to_json(manifest), {}}};
  for (std::size_t at = 0; at < wheels.size(); ++at)
    members.push_back({archive_name(manifest.files[at]), {}, wheels[at]});
  system::write_zip(file, members);
}

BundleReader::BundleReader(fs::path file)
    : file_(std::move(file)),
      name_(file_.filename().string()),
      zip_(opened(file_)),
      manifest_(with_cure([&] { return read_manifest(zip_, name_); })) {
  check_members();
}

// The archive holds the manifest's files in their order, and nothing else.
void BundleReader::check_members() const {
  const auto& entries = zip_.entries();
  for (std::size_t at = 1; at < entries.size(); ++at) {
    const system::ZipEntry& entry = entries[at];
    if (at > manifest_.files.size() || entry.name != archive_name(manifest_.files[at - 1]))
      refuse(text("{} holds {}, which its manifest does not name there", name_, entry.name),
             "bundle-content");
    if (entry.size != manifest_.files[at - 1].size || entry.method != stored || entry.is_symlink())
      refuse(text("{} in {} is not as the manifest says: its size or kind differs", entry.name, name_),
             "bundle-content");
  }
  if (entries.size() != manifest_.files.size() + 1)
    refuse(text("{} lacks {}, which its manifest names", name_, manifest_.files[entries.size() - 1].name),
           "bundle-content");
}

void BundleReader::unpack(const PlaceOf& place_of, Reporter& report) {
  const std::uint64_t total = total_size(manifest_);
  const Activity checking(report, text("Checking {}", name_), total);
  std::uint64_t done = 0;
  for (std::size_t at = 0; at < manifest_.files.size(); ++at) {
    const PackedFile& packed = manifest_.files[at];
    const fs::path place = place_of(packed);
    system::make_directories(place.parent_path());
    // Sizes were held against the archive's own before: they are real.
    if (at == 0) system::require_room({system::room_for_temporary(place.parent_path(), total)});
    system::OutputFile out(place, system::OutputFile::Mode::create_new);
    system::Sha256 hash;
    with_cure([&] {
      zip_.extract(at + 1, [&](std::span<const std::byte> piece) {
        hash.update(piece);
        out.write(piece);
        report.progressed(done += piece.size());
      });
    });
    out.close();
    if (system::to_hex(hash.finish()) != packed.sha256)
      refuse(text("{} in {} is not what the manifest promises: the sha256 differs", packed.name, name_),
             "sha256-mismatch");
  }
}

}  // namespace wheelfit::bundle
