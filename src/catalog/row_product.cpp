// SPDX-License-Identifier: Apache-2.0
#include "catalog/row_product.hpp"

#include "catalog/brace_expansion.hpp"
#include "python/ascii.hpp"

namespace wheelfit::catalog {
namespace {

python::TagSet tag_set(std::string_view compressed) {
  std::vector<std::string> tags;
  for (const std::string_view tag : python::split(compressed, '.')) tags.emplace_back(tag);
  return python::TagSet(std::move(tags));
}

// "cp313t" stands for cp313-cp313t: the ABI of a CPython is its version and the flags of its build.
std::string interpreter_of(std::string_view abi) {
  const std::size_t digits = abi.find_first_of("0123456789");
  const std::size_t end =
      digits == std::string_view::npos ? digits : abi.find_first_not_of("0123456789", digits);
  return std::string(abi.substr(0, end));
}

}  // namespace

tl::expected<Product, ParseError> parse_product(std::string_view line) {
  const auto segments = python::split(line, '-');
  if (segments.size() != 4 && segments.size() != 5)
    return tl::unexpected(ParseError{"a wheel has four or five parts between dashes"});
  auto versions = expand_braces(segments[1]);
  auto pythons = expand_braces(segments[2]);
  auto platforms = expand_braces(segments.back());
  for (const auto* part : {&versions, &pythons, &platforms}) {
    if (!*part) return tl::unexpected(part->error());
  }
  std::vector<python::TagSet> platform_tags;
  for (const std::string& platform : *platforms) platform_tags.push_back(tag_set(platform));

  Product product{segments.front(), std::move(*versions), {}};
  product.builds.reserve(pythons->size() * platforms->size());
  for (const std::string& written : *pythons) {
    const bool with_abi = segments.size() == 5;
    const std::string python = with_abi ? written : interpreter_of(written);
    const std::string abi = with_abi ? std::string(segments[3]) : written;
    const python::TagSet python_tags = tag_set(python);
    const python::TagSet abi_tags = tag_set(abi);
    for (std::size_t i = 0; i < platforms->size(); ++i) {
      product.builds.push_back(
          {python + "-" + abi + "-" + (*platforms)[i], python_tags, abi_tags, platform_tags[i]});
    }
  }
  return product;
}

}  // namespace wheelfit::catalog
