// SPDX-License-Identifier: Apache-2.0
#include "fetch/fetch.hpp"

#include "base/activity.hpp"
#include "base/error.hpp"
#include "fetch/download.hpp"
#include "fetch/partial_file.hpp"
#include "fetch/store_layout.hpp"
#include "system/disk.hpp"
#include "system/file_lock.hpp"

namespace wheelfit::fetch {
namespace {

std::string megabytes(std::uint64_t bytes) { return std::to_string((bytes + 999'999) / 1'000'000) + " MB"; }

void check_space(const Artifact& artifact, const Store& store, std::uint64_t already_there) {
  if (!artifact.size || *artifact.size <= already_there) return;
  const std::uint64_t wanted = *artifact.size - already_there;
  const std::optional<system::Disk> disk = system::disk_of(store.directory);
  if (!disk || disk->free_bytes >= wanted) return;
  throw Error(ErrorKind::machine,
              text("{} needs {}, and {} has room for {}", artifact.file_name, megabytes(wanted),
                   store.directory.string(), megabytes(disk->free_bytes)),
              {text("make room there"), text("or keep the store elsewhere: --store DIR")})
      .with_code("disk-full");
}

Error wrong_hash(const Artifact& artifact, const std::string& is) {
  return Error(ErrorKind::refused,
               text("{} is not the file that was promised: its sha256 is {}, not {}", artifact.file_name, is,
                    *artifact.sha256),
               {text("try again, or take another source: a proxy or mirror may have changed the file")})
      .with_code("sha256-mismatch");
}

// Downloads until the bytes are the promised ones. A wrong hash of a download that went on from an earlier
// run is tried once more from nothing: the earlier half may have been the bad one.
std::string complete(const Artifact& artifact, PartialFile& partial, system::HttpClient& http,
                     system::Clock& clock, Reporter& report, const Limits& limits,
                     std::uint64_t& transferred) {
  for (bool from_nothing = partial.size() == 0;; from_nothing = true) {
    const bool whole = artifact.size && artifact.sha256 && partial.size() == *artifact.size;
    if (!whole) transferred += download(artifact, partial, http, clock, report, limits);
    if (artifact.size && partial.size() != *artifact.size) {
      const std::uint64_t is = partial.size();
      partial.discard();
      throw Error(ErrorKind::refused,
                  text("{} is {} bytes long, but {} were promised", artifact.file_name, is, *artifact.size))
          .with_code("size-mismatch");
    }
    const std::string sha256 = partial.sha256();
    if (!artifact.sha256 || sha256 == *artifact.sha256) return sha256;
    partial.discard();
    if (from_nothing) throw wrong_hash(artifact, sha256);
    report.note(text("What was kept of {} is damaged; it is fetched anew", artifact.file_name));
  }
}

}  // namespace

std::optional<FetchedFile> find_in_store(const Store& store, const Artifact& artifact) {
  check_names(artifact);
  if (!artifact.sha256 && artifact.url.starts_with("file:")) return std::nullopt;
  const auto sha256 = artifact.sha256 ? artifact.sha256 : remembered_sha256(store, artifact);
  if (!sha256) return std::nullopt;
  FetchedFile found;
  found.path = finished_path(store, *sha256, artifact.file_name);
  found.sha256 = *sha256;
  found.from_store = true;
  std::error_code missing;
  found.size = std::filesystem::file_size(found.path, missing);
  if (missing || (artifact.size && found.size != *artifact.size)) return std::nullopt;
  return found;
}

FetchedFile fetch(const Artifact& artifact, const Store& store, system::HttpClient& http,
                  system::Clock& clock, Reporter& report, const Limits& limits) {
  if (const auto found = find_in_store(store, artifact)) return *found;
  const system::FileLock lock = system::FileLock::acquire(
      lock_path(store, artifact), limits.lock_patience,
      [&] { report.note(text("Another wheelfit is downloading {}; waiting for it", artifact.file_name)); });
  if (const auto found = find_in_store(store, artifact)) return *found;  // the other one has finished it

  PartialFile partial(partial_directory(store, artifact));
  check_space(artifact, store, partial.size());
  FetchedFile fetched;
  {
    const Activity downloading(report, text("Downloading {}", artifact.file_name), artifact.size);
    fetched.sha256 = complete(artifact, partial, http, clock, report, limits, fetched.bytes_transferred);
  }
  fetched.size = partial.size();
  fetched.path = finished_path(store, fetched.sha256, artifact.file_name);
  partial.publish(fetched.path);
  if (!artifact.sha256) remember_address(store, artifact, fetched.sha256);
  return fetched;
}

}  // namespace wheelfit::fetch
