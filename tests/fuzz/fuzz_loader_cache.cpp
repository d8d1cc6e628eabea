// SPDX-License-Identifier: Apache-2.0
// Any bytes as /etc/ld.so.cache, with the questions that a search asks of it.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>

#include "proof/loader_cache.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace wheelfit;
  const auto cache = proof::LoaderCache::parse(std::as_bytes(std::span(data, size)));
  if (!cache) return 0;
  const std::vector<std::string> hwcaps{"x86-64-v3", "x86-64-v2"};
  // At most an entry for each of the smallest rows that the file has room for.
  if (cache->entries().size() > size / 12) std::abort();
  for (const proof::LoaderCacheEntry& entry : cache->entries()) {
    if (entry.name.size() > size || entry.path.size() > size) std::abort();
    for (const binary::Machine machine : {binary::Machine::x86_64, binary::Machine::aarch64})
      (void)cache->find(entry.name, machine, hwcaps);
  }
  (void)cache->find("libgomp.so.1", binary::Machine::x86_64);
  return 0;
}
