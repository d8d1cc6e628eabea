// SPDX-License-Identifier: Apache-2.0
// Puts a wheel into an environment and takes distributions out again, all or nothing. Follows the wheel
// specification (binary-distribution-format) and recording-installed-packages.
//
// A change is first prepared whole in a private directory on the target's own filesystem (every RECORD hash
// verified there), written down in a journal, then made visible by renames. A process killed at any moment
// leaves the old state or the new one; what a kill or a power cut left half-renamed is undone by recover().
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/reporter.hpp"
#include "install/receipt.hpp"

namespace wheelfit::install {

class FileOperations;

// sysconfig's paths of the target environment.
struct Destination {
  std::filesystem::path purelib;
  std::filesystem::path platlib;
  std::filesystem::path scripts;
  std::filesystem::path headers;
  std::filesystem::path data;
  std::filesystem::path interpreter;  // for the #! line of scripts
};

// What a wheel turned out to be after it was read and checked; nothing is written yet.
struct WheelSummary {
  std::string name;  // from METADATA
  std::string version;
  std::vector<std::string> requires_dist;
  std::optional<std::string> requires_python;
  std::vector<std::string> tags;
  std::uint64_t unpacked_bytes = 0;
  std::size_t files = 0;
  std::vector<Text> warnings;  // "the wheel is of format 1.1, ..."
};

// Reads and checks a wheel file's structure without unpacking it: a zip with one .dist-info, names that
// agree, supported Wheel-Version, no path outside the target, no symlinks, no duplicate or case-colliding
// names, sane compression. Throws Error{refused} with a code ("not-a-zip", "truncated", "path-escape",
// "symlink", "duplicate-name", "case-collision", "no-dist-info", "two-dist-infos", "metadata",
// "name-mismatch", "file-name", "wheel-version", "data-key", "entry-point", "ratio", "record") and one
// sentence. `file_name` is the name the wheel goes by (the store may keep it under another).
WheelSummary inspect_wheel(const std::filesystem::path& wheel, const std::string& file_name);

// Reads the whole wheel and holds every file against its RECORD, without unpacking anything. Throws what
// install_wheel() throws for a wheel: Error{refused} ("corrupt", "record-mismatch", ...).
void check_hashes(const std::filesystem::path& wheel, const std::string& file_name);

// A file of a wheel on its way.
struct StagedFile {
  std::filesystem::path place;  // where it will be, absolute
  std::filesystem::path file;   // where it lies now
};

struct InstallRequest {
  std::filesystem::path wheel;
  std::string file_name;
  Destination destination;
  // direct_url.json is written for these (a file or URL given by hand), as pip does; nullopt for a named
  // install.
  std::optional<std::string> direct_url;
  std::string sha256;     // of the wheel, for direct_url.json
  bool requested = true;  // REQUESTED
  // dist-info directories that the new one replaces (any site directory that is writable); those of the same
  // name in purelib and platlib are replaced in any case.
  std::vector<std::filesystem::path> replaces;
  // Shown every file of the wheel once it is unpacked and checked, before anything is visible; what it throws
  // ends the install. May be empty.
  std::function<void(const std::vector<StagedFile>&)> examine;
  Receipt receipt;  // completed with version, files, sizes and written with the files
};

// A finished change that can still be taken back.
class Transaction {
 public:
  Transaction(Transaction&&) noexcept;
  Transaction& operator=(Transaction&&) noexcept;
  ~Transaction();  // commits

  const Receipt& receipt() const noexcept;
  std::filesystem::path dist_info() const;
  void commit();     // what was replaced is deleted, after the new files are on the disk
  void roll_back();  // the state before, byte by byte
  // Rewrites WHEELFIT.json after further proofs.
  void update_receipt(const Receipt& receipt);

 private:
  friend Transaction install_wheels(const std::vector<InstallRequest>&, Reporter&, FileOperations&);
  friend Transaction remove_distributions(const std::vector<std::filesystem::path>&, const Destination&,
                                          Reporter&, FileOperations&);
  struct State;
  explicit Transaction(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

// Throws Error{refused} for a bad wheel (CRC or RECORD mismatch included), Error{machine} for a full disk or
// a missing permission; the environment is unchanged then.
Transaction install_wheel(const InstallRequest& request, Reporter& report);
// The same through other file operations; they must outlive the Transaction.
Transaction install_wheel(const InstallRequest& request, Reporter& report, FileOperations& files);
// Several wheels as one change: all of them, or none. All requests have one destination; there is at least
// one, and the Transaction's receipt() and dist_info() are the first's. Throws Error{refused, "conflict"}
// where two of them bring the same file.
Transaction install_wheels(const std::vector<InstallRequest>& requests, Reporter& report);
Transaction install_wheels(const std::vector<InstallRequest>& requests, Reporter& report,
                           FileOperations& files);

// Removes distributions by their RECORD (and their .pyc). Throws Error{refused} where RECORD is missing or
// names a path outside the environment.
Transaction remove_distributions(const std::vector<std::filesystem::path>& dist_infos,
                                 const Destination& destination, Reporter& report);
Transaction remove_distributions(const std::vector<std::filesystem::path>& dist_infos,
                                 const Destination& destination, Reporter& report, FileOperations& files);

// Undoes or finishes what an earlier, killed run left in these directories. Cheap when there is nothing.
// Returns one sentence per recovery.
std::vector<Text> recover(const Destination& destination);

// WHEELFIT.json of an installed distribution, if it has one.
std::optional<Receipt> read_receipt(const std::filesystem::path& dist_info);

// Replaces it, and adds its RECORD row where there is none. Throws Error{machine}.
void write_receipt(const std::filesystem::path& dist_info, const Receipt& receipt);

}  // namespace wheelfit::install
