// SPDX-License-Identifier: Apache-2.0
// An archive as libzip opens it, from a file or from a ByteSource. For zip.cpp alone.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "system/byte_source.hpp"
#include "system/zip.hpp"

struct zip;

namespace wheelfit::system {

[[noreturn]] void refuse_archive(Text sentence, std::string code);

class ZipArchive {
 public:
  ZipArchive(const std::filesystem::path& file, ZipChecks checks);
  // `bytes` must live as long. Only the end of `bytes` is touched, as far as the directory reaches.
  ZipArchive(ByteSource& bytes, std::string name);
  ~ZipArchive();
  ZipArchive(const ZipArchive&) = delete;
  ZipArchive& operator=(const ZipArchive&) = delete;

  const std::string& name() const noexcept { return name_; }
  zip* get() const noexcept { return archive_.get(); }
  std::vector<ZipEntry> entries() const;
  // What the ByteSource threw since the last call goes on its way: libzip, a C library, cannot let it
  // through.
  void rethrow_fault();

 private:
  struct Discard {
    void operator()(zip* archive) const;
  };
  struct View;

  std::string name_;
  std::unique_ptr<View> view_;  // outlives the archive, which reads through it
  std::unique_ptr<zip, Discard> archive_;
};

}  // namespace wheelfit::system
