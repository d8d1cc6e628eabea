// SPDX-License-Identifier: Apache-2.0
#include "fetch/fetch.hpp"

#include <algorithm>
#include <utility>

#include "base/activity.hpp"
#include "base/error.hpp"
#include "fetch/download.hpp"
#include "fetch/faults.hpp"
#include "fetch/partial_file.hpp"
#include "fetch/store_layout.hpp"
#include "system/disk.hpp"
#include "system/file_lock.hpp"
#include "system/url.hpp"
#include "system/zip.hpp"

namespace wheelfit::fetch {
namespace {

void check_space(const Artifact& artifact, const Store& store, std::uint64_t already_there) {
  if (!artifact.size || *artifact.size <= already_there) return;
  system::require_room({room_for(store, *artifact.size - already_there)});
}

bool is_right(const Artifact& artifact, const Downloaded& done) {
  return !artifact.sha256 || done.sha256 == *artifact.sha256;
}

class Fetching {
 public:
  Fetching(const Artifact& artifact, PartialFile& partial, system::HttpClient& http, system::Clock& clock,
           Reporter& report, const Limits& limits)
      : artifact_(artifact),
        partial_(partial),
        http_(http),
        clock_(clock),
        report_(report),
        limits_(limits) {}

  // Downloads until the bytes are the promised ones. Wrong bytes of a download that went on from an earlier
  // run are tried once more from nothing; those of several sources are fetched from each alone.
  Downloaded complete() {
    Downloaded done = from(artifact_.addresses);
    if (is_right(artifact_, done)) return done;
    if (done.resumed) {
      report_.note(text("What was kept of {} is damaged; it is fetched anew", artifact_.file_name));
      done = from(artifact_.addresses);
      if (is_right(artifact_, done)) return done;
    }
    if (artifact_.addresses.size() == 1) throw wrong_hash(artifact_, done.sha256);
    return from_one_alone(done);
  }

  std::uint64_t transferred() const noexcept { return transferred_; }

 private:
  Downloaded from(const std::vector<Address>& addresses) {
    try {
      Downloaded done = download(artifact_, addresses, partial_, http_, clock_, report_, limits_);
      transferred_ += done.transferred;
      if (artifact_.size && done.size != *artifact_.size) throw wrong_size(artifact_, done.size);
      if (!is_right(artifact_, done)) partial_.discard();
      return done;
    } catch (const Error& error) {
      if (error.kind() == ErrorKind::refused) partial_.discard();
      throw;
    }
  }

  // One of them has another file: which one is not known where several gave parts.
  Downloaded from_one_alone(Downloaded wrong) {
    report_.warning(
        text("One of the sources of {} has another file; each is asked by itself", artifact_.file_name));
    const std::optional<std::size_t> bad =
        wrong.sources.size() == 1 ? std::optional(wrong.sources.front()) : std::nullopt;
    for (std::size_t i = 0; i < artifact_.addresses.size(); ++i) {
      if (bad == i) continue;
      try {
        Downloaded done = from({artifact_.addresses[i]});
        if (is_right(artifact_, done)) return done;
        wrong = std::move(done);
      } catch (const Error& error) {
        if (error.kind() != ErrorKind::unreachable && error.kind() != ErrorKind::refused) throw;
        report_.note(error.sentence());
      }
    }
    throw wrong_hash(artifact_, wrong.sha256);
  }

  const Artifact& artifact_;
  PartialFile& partial_;
  system::HttpClient& http_;
  system::Clock& clock_;
  Reporter& report_;
  const Limits& limits_;
  std::uint64_t transferred_ = 0;
};

// Where no hash tells what a file is, it must at least be what it is called: a network that wants a login
// answers everything with a page.
void check_structure(const Artifact& artifact, PartialFile& partial) {
  if (artifact.sha256 || !artifact.file_name.ends_with(".whl")) return;
  try {
    const system::ZipReader zip(partial.data_path());
  } catch (Error& error) {
    partial.discard();
    error.add_context(
        text("reading what {} gave as {}", system::redacted(artifact.url()), artifact.file_name));
    throw;
  }
}

// Bytes without a hash come from one source: it may be a third party, whose word is not enough.
bool is_unvouched(const Artifact& artifact, const PartialFile& partial) {
  if (artifact.sha256 || !partial.origin()) return false;
  return std::any_of(artifact.addresses.begin(), artifact.addresses.end(), [&](const Address& address) {
    return address.standing == Address::Standing::third_party &&
           system::redacted(address.url) == partial.origin()->url;
  });
}

}  // namespace

std::optional<FetchedFile> find_in_store(const Store& store, const Artifact& artifact) {
  check_names(artifact);
  if (!artifact.sha256 && artifact.url().starts_with("file:")) return std::nullopt;
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

system::Need room_for(const Store& store, std::uint64_t bytes) {
  return {"store", store.directory, bytes, text("or keep the store elsewhere: --store DIR")};
}

std::optional<std::uint64_t> still_to_fetch(const Store& store, const Artifact& artifact) {
  if (find_in_store(store, artifact)) return 0;
  if (!artifact.size) return std::nullopt;
  const std::uint64_t here = system::allocated_bytes(partial_directory(store, artifact) / "data");
  return *artifact.size - std::min(here, *artifact.size);
}

FetchedFile fetch(const Artifact& artifact, const Store& store, system::HttpClient& http,
                  system::Clock& clock, Reporter& report, const Limits& limits) {
  if (const auto found = find_in_store(store, artifact)) return *found;
  if (artifact.addresses.empty())
    throw Error(ErrorKind::internal, text("{} has no address", artifact.file_name));
  const system::FileLock lock = system::FileLock::acquire(
      lock_path(store, artifact), limits.lock_patience,
      [&] { report.note(text("Another wheelfit is downloading {}; waiting for it", artifact.file_name)); });
  if (const auto found = find_in_store(store, artifact)) return *found;  // the other one has finished it

  PartialFile partial(partial_directory(store, artifact));
  check_space(artifact, store, partial.done().total());
  FetchedFile fetched;
  {
    const Activity downloading(report, text("Downloading {}", artifact.file_name), artifact.size);
    Fetching fetching(artifact, partial, http, clock, report, limits);
    const Downloaded done = fetching.complete();
    fetched.bytes_transferred = fetching.transferred();
    fetched.sha256 = done.sha256;
    fetched.size = done.size;
    fetched.unvouched = is_unvouched(artifact, partial);
  }
  check_structure(artifact, partial);
  fetched.path = finished_path(store, fetched.sha256, artifact.file_name);
  partial.publish(fetched.size, fetched.path);
  if (!artifact.sha256 && !fetched.unvouched) remember_address(store, artifact, fetched.sha256);
  return fetched;
}

}  // namespace wheelfit::fetch
