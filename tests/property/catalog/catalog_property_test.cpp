// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <rapidcheck/gtest.h>

#include "catalog/brace_expansion.hpp"
#include "catalog/github_releases.hpp"
#include "catalog/index_page.hpp"
#include "catalog/link.hpp"
#include "catalog/local_label.hpp"
#include "catalog/rows.hpp"
#include "system/percent.hpp"

namespace wheelfit::catalog {
namespace {

// A label in the official dialect, made from what it shall say.
RC_GTEST_PROP(LocalLabelProperty, WhatIsWrittenIsRead, ()) {
  const int major = *rc::gen::inRange(10, 20);
  const int minor = *rc::gen::inRange(0, 10);
  const bool with_minor = *rc::gen::arbitrary<bool>();
  const std::string torch = "2." + std::to_string(*rc::gen::inRange(0, 30));
  const auto abi = *rc::gen::maybe(rc::gen::arbitrary<bool>());
  std::string label =
      "cu" + std::to_string(major) + (with_minor ? std::to_string(minor) : "") + "torch" + torch;
  if (abi) label += *abi ? "cxx11abiTRUE" : "cxx11abiFALSE";
  const LocalLabel read = parse_local_label(label);
  RC_ASSERT(read.cuda == (CudaTag{major, with_minor ? std::optional(minor) : std::nullopt}));
  RC_ASSERT(read.torch->to_string() == torch);
  RC_ASSERT(read.cxx11_abi == (abi ? std::optional(*abi) : std::nullopt));
}

// Dots between the words, as version normalisation leaves them, change nothing.
RC_GTEST_PROP(LocalLabelProperty, SeparatorsDoNotMatter, ()) {
  const std::string cuda = "cu" + std::to_string(*rc::gen::inRange(110, 140));
  const std::string torch = "torch2." + std::to_string(*rc::gen::inRange(0, 20)) + ".1";
  const LocalLabel joined = parse_local_label(cuda + torch);
  for (const std::string& label : {cuda + "." + torch, torch + cuda, torch + "." + cuda}) {
    const LocalLabel apart = parse_local_label(label);
    RC_ASSERT(apart.cuda == joined.cuda);
    RC_ASSERT(apart.torch == joined.torch);
  }
}

RC_GTEST_PROP(RowsProperty, AWheelWrittenAsARowComesBack, ()) {
  const auto digits = rc::gen::inRange(0, 20);
  const std::string version = std::to_string(*digits) + "." + std::to_string(*digits);
  const std::string label = "cu12torch2." + std::to_string(*digits);
  const std::string python = "cp3" + std::to_string(*digits);
  const std::string flags = *rc::gen::element<std::string>("", "t", "m");
  const auto wheels =
      expand_rows("a_b-" + version + "+" + label + "-" + python + flags + "-linux_x86_64\n", "a-b");
  RC_ASSERT(wheels.has_value());
  RC_ASSERT(wheels->size() == 1U);
  const KnownWheel& wheel = wheels->front();
  RC_ASSERT(wheel.name ==
            "a_b-" + version + "+" + label + "-" + python + "-" + python + flags + "-linux_x86_64.whl");
  const auto parsed = parse_wheel_fields(wheel.name);
  RC_ASSERT(parsed.has_value());
  RC_ASSERT(parsed->cuda == wheel.fields.cuda);
  RC_ASSERT(parsed->torch == wheel.fields.torch);
  RC_ASSERT(parsed->file.python_tags == wheel.fields.file.python_tags);
  RC_ASSERT(parsed->file.abi_tags == wheel.fields.file.abi_tags);
}

RC_GTEST_PROP(BraceProperty, CountIsTheProduct, (const std::vector<std::uint8_t>& sizes)) {
  std::string pattern;
  std::size_t product = 1;
  for (const std::uint8_t size : sizes) {
    const std::size_t alternatives = size % 4 + 1U;
    if (product * alternatives > 4096) break;
    product *= alternatives;
    pattern += "x{" + std::string(alternatives - 1, ',') + "}";
  }
  const auto expanded = expand_braces(pattern);
  RC_ASSERT(expanded.has_value());
  RC_ASSERT(expanded->size() == product);
}

RC_GTEST_PROP(LinkProperty, FileAddressesComeBack, (const std::string& name)) {
  RC_PRE(name.find('\0') == std::string::npos && name.find('/') == std::string::npos);
  const std::filesystem::path path = std::filesystem::path("/folder") / ("x" + name);
  RC_ASSERT(path_of_file_address(system::file_address(path)) == path);
  RC_ASSERT(file_name_of(system::file_address(path)) == "x" + name);
}

// Total: whatever comes, the answer is a value or an error.
RC_GTEST_PROP(ParserProperty, AnyBytesEndInAnAnswer, (const std::string& bytes)) {
  parse_local_label(bytes);
  (void)parse_wheel_fields(bytes + ".whl");
  (void)expand_rows(bytes, "");
  (void)parse_simple_json(bytes, "https://index.example/simple/x/");
  (void)parse_simple_html(bytes, "https://index.example/simple/x/");
  (void)parse_simple_html("<a href=\"" + bytes + "\">" + bytes + "</a>", bytes);
  (void)parse_github_releases(bytes);
  (void)resolve_link(bytes, bytes);
  (void)file_name_of(bytes);
}

}  // namespace
}  // namespace wheelfit::catalog
