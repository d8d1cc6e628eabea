// SPDX-License-Identifier: Apache-2.0
#include <limits>
#include <memory>

#include <libxml/HTMLparser.h>

#include "index/page.hpp"

namespace wheelfit::index {
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

Anchor read_anchor(xmlNode* node) {
  Anchor anchor;
  anchor.href = attribute(node, "href");
  anchor.requires_python = attribute(node, "data-requires-python");
  anchor.yanked = attribute(node, "data-yanked");
  anchor.core_metadata = attribute(node, "data-core-metadata");
  if (!anchor.core_metadata) anchor.core_metadata = attribute(node, "data-dist-info-metadata");
  return anchor;
}

// <meta name="pypi:repository-version" content="1.1"> (PEP 629); only major version 1 can be understood.
std::optional<std::string> foreign_version(xmlNode* meta) {
  if (attribute(meta, "name") != "pypi:repository-version") return std::nullopt;
  auto version = attribute(meta, "content");
  return version && !version->starts_with("1.") && *version != "1" ? version : std::nullopt;
}

}  // namespace

tl::expected<HtmlPage, ParseError> parse_html(std::string_view bytes) {
  if (bytes.size() > static_cast<std::size_t>(std::numeric_limits<int>::max())) {
    return tl::unexpected(ParseError{"it is too large"});
  }
  if (bytes.find('<') == std::string_view::npos) return tl::unexpected(ParseError{"it is not HTML"});
  xmlInitParser();
  const Document document(
      htmlReadMemory(bytes.data(), static_cast<int>(bytes.size()), nullptr, "utf-8",
                     HTML_PARSE_RECOVER | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING | HTML_PARSE_NONET));
  if (!document) return tl::unexpected(ParseError{"it is not HTML"});
  HtmlPage page;
  for (xmlNode* node = xmlDocGetRootElement(document.get()); node != nullptr; node = after(node)) {
    if (is_element(node, "base")) {
      if (!page.base) page.base = attribute(node, "href");
    } else if (is_element(node, "meta")) {
      if (const auto version = foreign_version(node)) {
        return tl::unexpected(ParseError{"its API version is " + version->substr(0, 20) + ", not 1"});
      }
    } else if (is_element(node, "a")) {
      page.anchors.push_back(read_anchor(node));
    }
  }
  return page;
}

}  // namespace wheelfit::index
