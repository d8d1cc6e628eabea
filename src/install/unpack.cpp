// SPDX-License-Identifier: Apache-2.0
#include "install/unpack.hpp"

#include <sys/stat.h>

#include <cstring>
#include <exception>
#include <set>
#include <thread>
#include <utility>

#include "install/block_queue.hpp"
#include "system/sha256.hpp"

namespace wheelfit::install {
namespace fs = std::filesystem;
namespace {

// The consumer: one file after the other, hashed and written.
class Writer {
 public:
  Writer(const std::vector<system::ZipEntry>& entries, const WheelContents& contents, const Layout& layout,
         Workplace& workplace, FileOperations& files)
      : entries_(entries), contents_(contents), layout_(layout), workplace_(workplace), files_(files) {}
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;
  ~Writer() {
    if (descriptor_ >= 0) files_.close(descriptor_);
  }

  void take(const Block& block) {
    if (descriptor_ < 0) open(layout_.files[block.file]);
    const std::span<const std::byte> bytes(block.bytes.data(), block.used);
    hash_.update(bytes);
    require(files_.write(descriptor_, bytes), staged_);
    size_ += block.used;
    if (block.last) close(layout_.files[block.file]);
  }
  std::vector<PreparedFile> take_prepared() { return std::move(prepared_); }

 private:
  void open(const PlacedFile& file) {
    staged_ = workplace_.staged(file.target);
    if (made_.insert(staged_.parent_path()).second) make_directories(files_, staged_.parent_path());
    require(files_.create(staged_, file.executable ? 0777 : 0666, descriptor_), staged_);
    size_ = 0;
  }

  void close(const PlacedFile& file) {
    require(files_.close(std::exchange(descriptor_, -1)), staged_);
    if (file.executable) make_executable(files_, staged_);
    const std::string hash = system::to_urlsafe_base64(hash_.finish());
    const std::string& name = entries_[file.entry].name;
    require_recorded(contents_, name, hash);
    prepared_.push_back({file.target, hash, size_});
  }

  const std::vector<system::ZipEntry>& entries_;
  const WheelContents& contents_;
  const Layout& layout_;
  Workplace& workplace_;
  FileOperations& files_;
  system::Sha256 hash_;
  std::set<fs::path> made_;
  fs::path staged_;
  int descriptor_ = -1;
  std::uint64_t size_ = 0;
  std::vector<PreparedFile> prepared_;
};

struct ConsumerGaveUp {};

// The producer: the archive's bytes, block by block.
class Inflating {
 public:
  Inflating(system::ZipReader& zip, BlockQueue& queue, Reporter& report)
      : zip_(zip), queue_(queue), report_(report) {}

  void run(const Layout& layout) {
    for (std::size_t index = 0; index < layout.files.size(); ++index) {
      std::unique_ptr<Block> block = fresh(index);
      zip_.extract(layout.files[index].entry, [&](std::span<const std::byte> piece) {
        if (block->used != 0) {
          queue_.push(std::move(block));
          block = fresh(index);
        }
        std::memcpy(block->bytes.data(), piece.data(), piece.size());
        block->used = piece.size();
        report_.progressed(done_ += piece.size());
      });
      block->last = true;
      queue_.push(std::move(block));
    }
  }

 private:
  std::unique_ptr<Block> fresh(std::size_t file) {
    std::unique_ptr<Block> block = queue_.empty_block();
    if (!block) throw ConsumerGaveUp{};
    block->file = file;
    block->last = false;
    block->used = 0;
    return block;
  }

  system::ZipReader& zip_;
  BlockQueue& queue_;
  Reporter& report_;
  std::uint64_t done_ = 0;
};

}  // namespace

std::vector<PreparedFile> unpack(system::ZipReader& zip, const WheelContents& contents, const Layout& layout,
                                 Workplace& workplace, FileOperations& files, Reporter& report) {
  BlockQueue queue;
  Writer writer(zip.entries(), contents, layout, workplace, files);
  std::exception_ptr writing_failed;
  std::thread consumer([&] {
    try {
      while (std::unique_ptr<Block> block = queue.pop()) {
        writer.take(*block);
        queue.give_back(std::move(block));
      }
    } catch (...) {
      writing_failed = std::current_exception();
      queue.give_up();
    }
  });
  std::exception_ptr reading_failed;
  try {
    Inflating(zip, queue, report).run(layout);
  } catch (...) {
    reading_failed = std::current_exception();
  }
  queue.finish();
  consumer.join();
  if (writing_failed) std::rethrow_exception(writing_failed);
  if (reading_failed) std::rethrow_exception(reading_failed);
  return writer.take_prepared();
}

void make_executable(FileOperations& files, const fs::path& path) {
  struct stat status{};
  if (::stat(path.c_str(), &status) != 0 || (status.st_mode & 0111U) == 0111U) return;
  require(files.change_mode(path, (status.st_mode & 07777U) | 0111U), path);
}

}  // namespace wheelfit::install
