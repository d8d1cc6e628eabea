// SPDX-License-Identifier: Apache-2.0
// Any bytes as a channel's listing, plain and compressed. What is kept of it must read the same.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <sstream>
#include <string>

#include "index/conda_repodata.hpp"
#include "system/zstd_stream.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace wheelfit;
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  const auto compressed = system::open_zstd(bytes, 1U << 22U);
  (void)index::parse_conda_repodata(*compressed, "a");
  std::istringstream stream(bytes);
  const auto repodata = index::parse_conda_repodata(stream, "a");
  if (!repodata) return 0;
  std::istringstream written(index::write_conda_repodata(*repodata));
  if (!index::parse_conda_repodata(written, "a")) std::abort();
  return 0;
}
