// SPDX-License-Identifier: Apache-2.0
#include "system/zstd_stream.hpp"

#include <streambuf>
#include <vector>

#include <zstd.h>

namespace wheelfit::system {
namespace {

constexpr std::size_t block_size = 256 * 1024;
// What a frame may ask of memory; the zstd program's --ultra --long=27 needs no more.
constexpr int widest_window = 27;

struct Free {
  void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
};

class ZstdBuffer final : public std::streambuf {
 public:
  ZstdBuffer(std::string_view stored, std::uint64_t most)
      : input_{stored.data(), stored.size(), 0}, left_(most) {
    ZSTD_DCtx_setParameter(context_.get(), ZSTD_d_windowLogMax, widest_window);
  }

 protected:
  int_type underflow() override {
    const std::size_t made = decompress();
    if (made == 0) return traits_type::eof();
    setg(block_.data(), block_.data(), block_.data() + made);
    return traits_type::to_int_type(block_.front());
  }

 private:
  std::size_t decompress() {
    ZSTD_outBuffer output{block_.data(), block_.size(), 0};
    while (output.pos == 0 && !ended_) {
      const std::size_t before = input_.pos;
      const std::size_t answer = ZSTD_decompressStream(context_.get(), &output, &input_);
      const bool stuck = output.pos == 0 && input_.pos == before;
      ended_ = ZSTD_isError(answer) != 0 || stuck || output.pos > left_;
      if (ended_) return 0;
    }
    left_ -= output.pos;
    return output.pos;
  }

  std::unique_ptr<ZSTD_DCtx, Free> context_{ZSTD_createDCtx()};
  ZSTD_inBuffer input_;
  std::uint64_t left_;
  std::vector<char> block_ = std::vector<char>(block_size);
  bool ended_ = false;
};

class ZstdStream final : public std::istream {
 public:
  ZstdStream(std::string_view stored, std::uint64_t most) : std::istream(nullptr), buffer_(stored, most) {
    rdbuf(&buffer_);
  }

 private:
  ZstdBuffer buffer_;
};

}  // namespace

std::unique_ptr<std::istream> open_zstd(std::string_view stored, std::uint64_t most) {
  return std::make_unique<ZstdStream>(stored, most);
}

bool is_zstd(std::string_view bytes) noexcept { return bytes.starts_with("\x28\xB5\x2F\xFD"); }

}  // namespace wheelfit::system
