// SPDX-License-Identifier: Apache-2.0
#include <limits>
#include <memory>

#include <libxml/HTMLparser.h>

#include "catalog/index_page.hpp"
#include "catalog/link.hpp"

namespace wheelfit::catalog {
namespace {

struct FreeDocument {
  void operator()(xmlDoc* document) const noexcept { xmlFreeDoc(document); }
};
using Document = std::unique_ptr<xmlDoc, FreeDocument>;

std::string text_of(const xmlChar* text) { return reinterpret_cast<const char*>(text); }

std::optional<std::string> attribute(xmlNode* node, const char* name) {
  xmlChar* value = xmlGetProp(node, reinterpret_cast<const xmlChar*>(name));
  if (value == nullptr) return std::nullopt;
  std::string copy = text_of(value);
  xmlFree(value);
  return copy;
}

// The next node in document order; deep nesting must not cost stack.
xmlNode* after(xmlNode* node) noexcept {
  if (node->children != nullptr && node->type == XML_ELEMENT_NODE) return node->children;
  while (node != nullptr && node->next == nullptr) node = node->parent;
  return node == nullptr ? nullptr : node->next;
}

bool is_element(const xmlNode* node, std::string_view name) {
  return node->type == XML_ELEMENT_NODE && node->name != nullptr && text_of(node->name) == name;
}

std::string_view trimmed(std::string_view text) noexcept {
  const std::size_t from = text.find_first_not_of(" \t\r\n");
  if (from == std::string_view::npos) return {};
  return text.substr(from, text.find_last_not_of(" \t\r\n") - from + 1);
}

// "sha256=<hex>" with anything else after '&'.
std::optional<std::string> sha256_assignment(std::string_view text) {
  while (!text.empty()) {
    const std::string_view part = text.substr(0, text.find('&'));
    if (part.starts_with("sha256=")) return sha256_text(part.substr(7));
    text.remove_prefix(part.size() == text.size() ? part.size() : part.size() + 1);
  }
  return std::nullopt;
}

std::optional<IndexFile> read_anchor(xmlNode* anchor, std::string_view base) {
  const auto href = attribute(anchor, "href");
  const auto absolute = href ? resolve_link(base, trimmed(*href)) : std::nullopt;
  if (!absolute) return std::nullopt;
  IndexFile file;
  file.url = without_fragment(*absolute);
  file.name = file_name_of(file.url);
  if (file.name.empty()) return std::nullopt;
  file.sha256 = sha256_assignment(fragment_of(*absolute));
  file.requires_python = attribute(anchor, "data-requires-python");
  file.yanked = attribute(anchor, "data-yanked");
  auto metadata = attribute(anchor, "data-core-metadata");
  if (!metadata) metadata = attribute(anchor, "data-dist-info-metadata");
  if (metadata && *metadata != "false") {
    file.core_metadata_url = file.url + ".metadata";
    file.core_metadata_sha256 = sha256_assignment(*metadata);
  }
  return file;
}

// <meta name="pypi:repository-version" content="1.1"> (PEP 629); only major version 1 can be understood.
std::optional<std::string> foreign_version(xmlNode* meta) {
  if (attribute(meta, "name") != "pypi:repository-version") return std::nullopt;
  auto version = attribute(meta, "content");
  return version && !version->starts_with("1.") && *version != "1" ? version : std::nullopt;
}

}  // namespace

std::optional<std::string> sha256_text(std::string_view text) {
  if (text.size() != 64) return std::nullopt;
  std::string lowered;
  for (const char c : text) {
    const char small = c >= 'A' && c <= 'F' ? static_cast<char>(c - 'A' + 'a') : c;
    if (!((small >= '0' && small <= '9') || (small >= 'a' && small <= 'f'))) return std::nullopt;
    lowered += small;
  }
  return lowered;
}

tl::expected<std::vector<IndexFile>, ParseError> parse_simple_html(std::string_view bytes,
                                                                   std::string_view base_url) {
  if (bytes.size() > static_cast<std::size_t>(std::numeric_limits<int>::max())) {
    return tl::unexpected(ParseError{"it is too large"});
  }
  if (bytes.find('<') == std::string_view::npos) return tl::unexpected(ParseError{"it is not HTML"});
  xmlInitParser();
  const Document document(
      htmlReadMemory(bytes.data(), static_cast<int>(bytes.size()), nullptr, "utf-8",
                     HTML_PARSE_RECOVER | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING | HTML_PARSE_NONET));
  if (!document) return tl::unexpected(ParseError{"it is not HTML"});
  std::string base(base_url);
  bool base_given = false;
  std::vector<IndexFile> files;
  for (xmlNode* node = xmlDocGetRootElement(document.get()); node != nullptr; node = after(node)) {
    if (is_element(node, "base") && !base_given) {
      if (const auto href = attribute(node, "href")) {
        base = resolve_link(base_url, trimmed(*href)).value_or(base);
        base_given = true;
      }
    } else if (is_element(node, "meta")) {
      if (const auto version = foreign_version(node)) {
        return tl::unexpected(ParseError{"its API version is " + version->substr(0, 20) + ", not 1"});
      }
    } else if (is_element(node, "a")) {
      if (auto file = read_anchor(node, base)) files.push_back(std::move(*file));
    }
  }
  return files;
}

}  // namespace wheelfit::catalog
