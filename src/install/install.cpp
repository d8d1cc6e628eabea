// SPDX-License-Identifier: Apache-2.0
#include "install/install.hpp"

#include <algorithm>
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

namespace wheelfit::install {
namespace fs = std::filesystem;
namespace {

void check_space(const WheelContents& contents, const fs::path& site) {
  const auto disk = system::disk_of(site);
  if (!disk || disk->free_bytes >= contents.unpacked_bytes) return;
  constexpr std::uint64_t megabyte = 1000 * 1000;
  throw Error(ErrorKind::machine,
              text("{} unpacks to {} MB, and {} has {} MB left", contents.metadata.name,
                   contents.unpacked_bytes / megabyte + 1, site.string(), disk->free_bytes / megabyte),
              {text("free some space on the filesystem of {}", site.string())})
      .with_code("disk-full");
}

// The ones named, and whatever of the same name lies in this environment: two dist-infos of one name are a
// broken environment.
std::vector<fs::path> replaced_by(const InstallRequest& request, const Destination& destination,
                                  const std::string& name) {
  std::set<fs::path> all;
  for (const fs::path& dist_info : request.replaces) {
    all.insert(fs::weakly_canonical(dist_info.parent_path()) / dist_info.filename());
  }
  for (const fs::path& dist_info : find_distribution(destination, name)) all.insert(dist_info);
  return {all.begin(), all.end()};
}

std::vector<StagedFile> staged_files(const std::vector<PreparedFile>& prepared, Workplace& workplace) {
  std::vector<StagedFile> staged;
  for (const PreparedFile& file : prepared) staged.push_back({file.target, workplace.staged(file.target)});
  return staged;
}

}  // namespace

Transaction install_wheel(const InstallRequest& request, Reporter& report) {
  return install_wheel(request, report, real_file_operations());
}

Transaction install_wheel(const InstallRequest& request, Reporter& report, FileOperations& files) {
  const Destination destination = canonical(request.destination);
  system::ZipReader zip(request.wheel);
  const WheelContents contents = read_contents(zip, request.file_name);
  for (const Text& warning : contents.warnings) report.warning(warning);
  const Layout layout = lay_out(zip.entries(), contents, destination);
  check_space(contents, layout.site);

  make_directories(files, layout.site);
  const DirectoryLock lock(layout.site, DirectoryLock::Wait::yes);
  ChangePlan plan(destination, replaced_by(request, destination, contents.metadata.name));
  for (const PlacedFile& file : layout.files) plan.add(file.target);  // before the work, not after it

  Workplace workplace(files, layout.site);
  DiscardOnFailure discard(workplace);
  const Activity installing(report,
                            text("Installing {} {}", contents.metadata.name, contents.metadata.version),
                            contents.unpacked_bytes);
  std::vector<PreparedFile> prepared = unpack(zip, contents, layout, workplace, files, report);
  if (request.examine) request.examine(staged_files(prepared, workplace));
  Receipt receipt = request.receipt;
  const std::vector<fs::path> targets =
      write_additions(request, destination, contents, layout, std::move(prepared), receipt, workplace, files);

  for (const fs::path& target : targets) plan.add(target);
  Journal journal;
  carry_out(files, workplace, journal, plan.moves(workplace));
  discard.keep();
  return Transaction(std::make_unique<Transaction::State>(Transaction::State{
      files, std::move(workplace), std::move(journal), layout.dist_info, std::move(receipt)}));
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
