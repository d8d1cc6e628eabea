// SPDX-License-Identifier: Apache-2.0
// Any bytes as what a package of conda's says of itself, and as a file that is relocated. The first byte
// chooses.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "conda/description.hpp"
#include "conda/layout.hpp"
#include "conda/relocate.hpp"
#include "conda/unpacked_package.hpp"

namespace {

void place_all(const tl::expected<std::vector<wheelfit::conda::PackagePath>, wheelfit::ParseError>& paths) {
  if (!paths) return;
  for (const bool noarch : {false, true}) {
    wheelfit::conda::PackageIndex index;
    index.noarch_python = noarch;
    for (const auto& path : *paths) (void)wheelfit::conda::place(path.path, index);
  }
}

void relocate(std::string_view bytes) {
  using namespace wheelfit::conda;
  const std::size_t half = bytes.find('|');
  if (half == std::string_view::npos || half == 0) return;
  const std::string_view placeholder = bytes.substr(0, half);
  const std::string content(bytes.substr(half + 1));
  const std::string prefix(placeholder.size() / 2, '/');
  const auto binary = wheelfit::conda::relocate(content, placeholder, prefix, FileMode::binary);
  if (!binary || binary->size() != content.size()) std::abort();
  if (!wheelfit::conda::relocate(content, placeholder, prefix, FileMode::text)) std::abort();
  const auto longer =
      wheelfit::conda::relocate(content, placeholder, std::string(half + 1, 'x'), FileMode::binary);
  const bool in_a_string = placeholder.find('\0') == std::string_view::npos;
  if (in_a_string ? longer.has_value() : longer != content) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace wheelfit::conda;
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  switch (data[0] % 5) {
    case 0:
      (void)parse_package_index(bytes);
      break;
    case 1:
      place_all(parse_paths(bytes));
      break;
    case 2:
      place_all(parse_old_paths(bytes.substr(0, bytes.find('|')),
                                bytes.substr(std::min(bytes.find('|'), bytes.size()))));
      break;
    case 3:
      (void)parse_link_entry_points(bytes);
      (void)parse_package_name(bytes);
      break;
    default:
      relocate(bytes);
  }
  return 0;
}
