// SPDX-License-Identifier: Apache-2.0
#include "install/install.hpp"

#include <map>
#include <set>

#include "base/activity.hpp"
#include "install/additions.hpp"
#include "install/change_plan.hpp"
#include "install/installed.hpp"
#include "install/layout.hpp"
#include "install/transaction.hpp"
#include "install/unpack.hpp"
#include "install/wheel_contents.hpp"
#include "system/disk.hpp"
#include "system/room.hpp"

namespace wheelfit::install {
namespace fs = std::filesystem;
namespace {

// A wheel on its way in.
struct Incoming {
  const InstallRequest& request;
  system::ZipReader zip;
  WheelContents contents;
  Layout layout;
  Receipt receipt;
};

Incoming opened(const InstallRequest& request, const Destination& destination, Reporter& report) {
  system::ZipReader zip(request.wheel);
  WheelContents contents = read_contents(zip, request.file_name);
  for (const Text& warning : contents.warnings) report.warning(warning);
  Layout layout = lay_out(zip.entries(), contents, destination);
  return {request, std::move(zip), std::move(contents), std::move(layout), request.receipt};
}

// What replaced files take is not given back before the change is proven: they wait in the private
// directories.
void require_room(const std::vector<Incoming>& wheels, const fs::path& site) {
  std::map<fs::path, std::uint64_t> by_directory;
  for (const Incoming& wheel : wheels)
    for (const PlacedFile& file : wheel.layout.files)
      by_directory[file.target.parent_path()] += system::bytes_on_disk(wheel.zip.entries()[file.entry].size);
  std::map<std::uint64_t, system::Need> by_device;
  for (const auto& [directory, bytes] : by_directory) {
    const auto disk = system::disk_of(directory);
    if (!disk) continue;
    const bool at_site = directory.native().starts_with(site.native());
    system::Need& need =
        by_device.try_emplace(disk->device, system::Need{"files", directory, 0, {}, disk}).first->second;
    if (at_site) need.role = "site-packages", need.where = site;
    need.bytes += bytes;
  }
  std::vector<system::Need> needs;
  for (auto& [device, need] : by_device) needs.push_back(std::move(need));
  system::require_room(std::move(needs));
}

// The ones named, and whatever of the same names lies in this environment: two dist-infos of one name are a
// broken environment.
std::vector<fs::path> replaced_by(const std::vector<Incoming>& wheels, const Destination& destination) {
  std::set<fs::path> all;
  for (const Incoming& wheel : wheels) {
    for (const fs::path& dist_info : wheel.request.replaces) {
      all.insert(fs::weakly_canonical(dist_info.parent_path()) / dist_info.filename());
    }
    const std::string& name = wheel.contents.metadata.name;
    for (const fs::path& dist_info : find_distribution(destination, name)) all.insert(dist_info);
  }
  return {all.begin(), all.end()};
}

void refuse_shared_files(const std::vector<Incoming>& wheels) {
  std::map<fs::path, const Incoming*> brought;
  for (const Incoming& wheel : wheels) {
    for (const PlacedFile& file : wheel.layout.files) {
      const auto [there, fresh] = brought.emplace(file.target, &wheel);
      if (fresh) continue;
      throw Error(ErrorKind::refused,
                  text("{} and {} both bring the file {}", there->second->request.file_name,
                       wheel.request.file_name, file.target.string()))
          .with_code("conflict");
    }
  }
}

std::vector<StagedFile> staged_files(const std::vector<PreparedFile>& prepared, Workplace& workplace) {
  std::vector<StagedFile> staged;
  for (const PreparedFile& file : prepared) staged.push_back({file.target, workplace.staged(file.target)});
  return staged;
}

// Every file of the wheel in the private directories, checked and shown; returns where they will be.
std::vector<fs::path> prepare(Incoming& wheel, const Destination& destination, Workplace& workplace,
                              FileOperations& files, Reporter& report) {
  const WheelContents& contents = wheel.contents;
  const Activity installing(report,
                            text("Installing {} {}", contents.metadata.name, contents.metadata.version),
                            contents.unpacked_bytes);
  std::vector<PreparedFile> prepared = unpack(wheel.zip, contents, wheel.layout, workplace, files, report);
  if (wheel.request.examine) wheel.request.examine(staged_files(prepared, workplace));
  return write_additions(wheel.request, destination, contents, wheel.layout, std::move(prepared),
                         wheel.receipt, workplace, files);
}

}  // namespace

Transaction install_wheel(const InstallRequest& request, Reporter& report) {
  return install_wheels({request}, report, real_file_operations());
}

Transaction install_wheel(const InstallRequest& request, Reporter& report, FileOperations& files) {
  return install_wheels({request}, report, files);
}

Transaction install_wheels(const std::vector<InstallRequest>& requests, Reporter& report) {
  return install_wheels(requests, report, real_file_operations());
}

Transaction install_wheels(const std::vector<InstallRequest>& requests, Reporter& report,
                           FileOperations& files) {
  const Destination destination = canonical(requests.front().destination);
  std::vector<Incoming> wheels;
  for (const InstallRequest& request : requests) wheels.push_back(opened(request, destination, report));
  const fs::path site = wheels.front().layout.site;
  require_room(wheels, site);

  make_directories(files, site);
  const DirectoryLock lock(site, DirectoryLock::Wait::yes);
  ChangePlan plan(destination, replaced_by(wheels, destination));
  refuse_shared_files(wheels);
  for (const Incoming& wheel : wheels)
    for (const PlacedFile& file : wheel.layout.files) plan.add(file.target);  // before the work, not after it

  Workplace workplace(files, site);
  DiscardOnFailure discard(workplace);
  for (Incoming& wheel : wheels) {
    for (const fs::path& target : prepare(wheel, destination, workplace, files, report)) plan.add(target);
  }
  Journal journal;
  carry_out(files, workplace, journal, plan.moves(workplace));
  discard.keep();
  return Transaction(std::make_unique<Transaction::State>(
      Transaction::State{files, std::move(workplace), std::move(journal), wheels.front().layout.dist_info,
                         std::move(wheels.front().receipt)}));
}

Transaction remove_distributions(const std::vector<fs::path>& dist_infos, const Destination& destination,
                                 Reporter& report) {
  return remove_distributions(dist_infos, destination, report, real_file_operations());
}

Transaction remove_distributions(const std::vector<fs::path>& dist_infos, const Destination& destination,
                                 Reporter& report, FileOperations& files) {
  const Destination target = canonical(destination);
  std::vector<fs::path> removed;
  for (const fs::path& dist_info : dist_infos) {
    removed.push_back(fs::weakly_canonical(dist_info.parent_path()) / dist_info.filename());
    report.note(text("removing {}", dist_info.stem().string()));
  }
  const fs::path home = removed.empty() ? target.platlib : removed.front().parent_path();
  const DirectoryLock lock(home, DirectoryLock::Wait::yes);
  ChangePlan plan(target, removed);
  Workplace workplace(files, home);
  DiscardOnFailure discard(workplace);
  Journal journal;
  carry_out(files, workplace, journal, plan.moves(workplace));
  discard.keep();
  return Transaction(std::make_unique<Transaction::State>(
      Transaction::State{files, std::move(workplace), std::move(journal), {}, {}}));
}

}  // namespace wheelfit::install
