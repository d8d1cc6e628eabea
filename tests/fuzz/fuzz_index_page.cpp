// SPDX-License-Identifier: Apache-2.0
// Pages of an index and the links on them, as several pips read them: the first byte chooses the kind and the
// release.
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "pipcache/cache_key.hpp"
#include "pipcache/index_links.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace wheelfit;
  static const std::array<python::Version, 6> releases{
      python::Version::parse("18.1").value(), python::Version::parse("20.0.2").value(),
      python::Version::parse("21.3").value(), python::Version::parse("22.2").value(),
      python::Version::parse("23.0").value(), python::Version::parse("26.3").value()};
  if (size == 0) return 0;
  const python::Version& pip = releases[(data[0] >> 1U) % releases.size()];
  const std::string_view bytes(reinterpret_cast<const char*>(data + 1), size - 1);
  const char* const type = (data[0] & 1U) != 0 ? "application/json" : "text/html";
  // A link by itself, too: a page is rarely met by chance.
  (void)pipcache::absolute_link("https://i.example/simple/a/", bytes, pip);
  (void)pipcache::key_directories(bytes, {}, {"cp", "311"}, pip);
  const auto links = pipcache::page_links({bytes, type, "https://i.example/simple/a/"}, pip);
  if (!links) return 0;
  pipcache::IndexWish wish;
  wish.package = "a";
  wish.python = releases.back();
  if (const auto choice = pipcache::choose_link(*links, wish, pip)) {
    if (pipcache::key_directories(choice->held, {"cp", "311"}, pip).empty()) std::abort();
  }
  return 0;
}
