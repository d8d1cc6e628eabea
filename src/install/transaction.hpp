// SPDX-License-Identifier: Apache-2.0
// What a Transaction holds: the private directories with the old state, and the journal that leads back to
// it.
#pragma once

#include <filesystem>
#include <vector>

#include "install/file_operations.hpp"
#include "install/install.hpp"
#include "install/journal.hpp"
#include "install/workplace.hpp"

namespace wheelfit::install {

struct Transaction::State {
  FileOperations& files;
  Workplace workplace;
  Journal journal;
  std::filesystem::path dist_info;  // empty after a removal
  Receipt receipt;
  bool open = true;
};

// Journal, then moves. Nothing has changed when it throws.
void carry_out(FileOperations& files, Workplace& workplace, Journal& journal, std::vector<Move> moves);

// Removes the private directories when the change does not come to its end.
class DiscardOnFailure {
 public:
  explicit DiscardOnFailure(Workplace& workplace) : workplace_(&workplace) {}
  DiscardOnFailure(const DiscardOnFailure&) = delete;
  DiscardOnFailure& operator=(const DiscardOnFailure&) = delete;
  ~DiscardOnFailure();
  void keep() noexcept { workplace_ = nullptr; }

 private:
  Workplace* workplace_;
};

}  // namespace wheelfit::install
