// SPDX-License-Identifier: Apache-2.0
#include "install/transaction.hpp"

#include <algorithm>
#include <utility>

#include "install/moves.hpp"
#include "install/receipt_file.hpp"

namespace wheelfit::install {
namespace fs = std::filesystem;
namespace {

// Before the old files are deleted, the new ones have to be on the disk: a power cut must not leave neither.
void sync_published(FileOperations& files, const Journal& journal) {
  for (const Move& move : journal.moves) {
    if (move.kind != MoveKind::publish) continue;
    std::error_code failed;
    for (fs::recursive_directory_iterator entry(move.to, failed), end; !failed && entry != end;
         entry.increment(failed)) {
      if (entry->is_symlink()) continue;
      require(files.sync(entry->path()), entry->path());
    }
    if (!fs::is_symlink(move.to)) require(files.sync(move.to), move.to);
    require(files.sync(move.to.parent_path()), move.to.parent_path());
  }
}

bool replaces_something(const Journal& journal) {
  return std::any_of(journal.moves.begin(), journal.moves.end(),
                     [](const Move& move) { return move.kind == MoveKind::stash; });
}

}  // namespace

DiscardOnFailure::~DiscardOnFailure() {
  if (workplace_ != nullptr) workplace_->discard();
}

void carry_out(FileOperations& files, Workplace& workplace, Journal& journal, std::vector<Move> moves) {
  journal = {.boot = boot_id(), .directories = workplace.directories(), .moves = std::move(moves)};
  save_journal(files, journal, workplace.home());
  publish(files, journal, workplace.home());
}

Transaction::Transaction(std::unique_ptr<State> state) : state_(std::move(state)) {}
Transaction::Transaction(Transaction&&) noexcept = default;

Transaction& Transaction::operator=(Transaction&& other) noexcept {
  std::swap(state_, other.state_);
  return *this;
}

Transaction::~Transaction() {
  if (!state_) return;
  try {
    commit();
  } catch (const std::exception&) {
    // The new state stands; what could not be synced or deleted is left to the next run's recover().
  }
}

const Receipt& Transaction::receipt() const noexcept { return state_->receipt; }
fs::path Transaction::dist_info() const { return state_->dist_info; }

void Transaction::commit() {
  if (!std::exchange(state_->open, false)) return;
  if (replaces_something(state_->journal)) sync_published(state_->files, state_->journal);
  state_->workplace.discard();
}

void Transaction::roll_back() {
  if (!std::exchange(state_->open, false)) return;
  const fs::path marker = published_marker(state_->workplace.home());
  if (exists_itself(marker))
    require(state_->files.remove_file(marker), marker);  // from here on: the old state
  if (const auto failure = undo_moves(state_->files, state_->journal))
    throw file_error(failure->path, failure->code);
  state_->workplace.discard();
}

void Transaction::update_receipt(const Receipt& receipt) {
  write_receipt(state_->files, state_->workplace, state_->dist_info, receipt);
  state_->receipt = receipt;
}

}  // namespace wheelfit::install
