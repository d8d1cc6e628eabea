// SPDX-License-Identifier: Apache-2.0
#include "catalog/rows.hpp"

#include <algorithm>
#include <charconv>
#include <map>
#include <numeric>
#include <unordered_map>

#include "catalog/local_label.hpp"
#include "catalog/row_product.hpp"
#include "python/ascii.hpp"
#include "python/package_name.hpp"

namespace wheelfit::catalog {
namespace {

tl::unexpected<ParseError> wrong(std::string message) {
  return tl::unexpected(ParseError{std::move(message)});
}

std::vector<std::string_view> words_of(std::string_view text) {
  std::vector<std::string_view> words = python::split(text, ' ');
  std::erase(words, std::string_view());
  return words;
}

// What a version with its label says of every wheel that carries it.
tl::expected<WheelFields, ParseError> fields_of_version(const std::string& text) {
  const auto version = python::Version::parse(text);
  if (!version) return tl::unexpected(version.error());
  WheelFields fields;
  fields.version = version->public_version();
  fields.file.version = *version;
  fields.file.version_text = text;
  if (const std::size_t plus = text.find('+'); plus != std::string::npos) {
    take_label(parse_local_label(std::string_view(text).substr(plus + 1)), fields);
  }
  return fields;
}

constexpr std::size_t most_wheels = 1'000'000;

// A version in one release, and the product (by number) it is made for.
struct Edition {
  std::size_t product = 0;
  const WheelFields* fields = nullptr;
  std::string release;
};

struct Recorded {
  std::string sha256;
  std::optional<std::uint64_t> size;
};

class RowsReader {
 public:
  RowsReader(std::string_view text, std::string_view package) : text_(text), package_(package) {}

  tl::expected<std::vector<KnownWheel>, ParseError> read() {
    std::size_t number = 0;
    while (!text_.empty()) {
      ++number;
      const std::size_t end = text_.find('\n');
      const std::string_view line = text_.substr(0, end);
      text_.remove_prefix(end == std::string_view::npos ? text_.size() : end + 1);
      if (line.empty() || line.front() == '#') continue;
      if (const auto done = read_line(line); !done) {
        return wrong("line " + std::to_string(number) + ": " + done.error().message);
      }
    }
    finish();
    return std::move(wheels_);
  }

 private:
  tl::expected<void, ParseError> read_line(std::string_view line) {
    if (line.starts_with("release ")) {
      releases_.clear();
      for (const std::string_view tag : words_of(line.substr(8))) {
        releases_.emplace_back(tag);
        tags_.emplace_back(tag);
      }
      return {};
    }
    if (line.starts_with("sha256 ")) return read_recorded(words_of(line.substr(7)));
    return read_wheels(line);
  }

  // sha256 <tag> <file name> <digest> [<bytes>]
  tl::expected<void, ParseError> read_recorded(const std::vector<std::string_view>& words) {
    if (words.size() != 3 && words.size() != 4)
      return wrong("sha256 wants a release, a file name and a digest");
    Recorded recorded{std::string(words[2]), std::nullopt};
    if (recorded.sha256.size() != 64) return wrong("a SHA-256 has 64 hexadecimal digits");
    if (words.size() == 4) {
      std::uint64_t size = 0;
      const char* end = words[3].data() + words[3].size();
      if (std::from_chars(words[3].data(), end, size).ptr != end) return wrong("the size is not a number");
      recorded.size = size;
    }
    recorded_.emplace(std::pair(std::string(words[0]), std::string(words[1])), std::move(recorded));
    return {};
  }

  tl::expected<void, ParseError> read_wheels(std::string_view line) {
    auto product = parse_product(line);
    if (!product) return tl::unexpected(product.error());
    if (!package_.empty() && python::normalized_name(product->distribution) != package_) return {};
    const std::vector<std::string> nameless{""};
    for (const std::string& release : releases_.empty() ? nameless : releases_) {
      for (const std::string& pattern : product->versions) {
        std::string text = pattern;
        if (text.starts_with('*')) text.replace(0, 1, release.starts_with('v') ? release.substr(1) : release);
        const auto fields = fields_of(text);
        if (!fields) return tl::unexpected(fields.error());
        editions_.push_back({products_.size(), *fields, release});
        count_ += product->builds.size();
        if (count_ > most_wheels) return wrong("more than a million wheels");
      }
    }
    products_.push_back(std::move(*product));
    return {};
  }

  // Releases repeat each other's versions: each is parsed once.
  tl::expected<const WheelFields*, ParseError> fields_of(const std::string& version) {
    if (const auto known = versions_.find(version); known != versions_.end()) return &known->second;
    auto fields = fields_of_version(version);
    if (!fields) return tl::unexpected(fields.error());
    return &versions_.emplace(version, std::move(*fields)).first->second;
  }

  void expand(const Edition& edition, int release_order) {
    const Product& product = products_[edition.product];
    const std::string stem = std::string(product.distribution) + "-" + edition.fields->file.version_text + "-";
    for (const Build& build : product.builds) {
      KnownWheel& wheel = wheels_.emplace_back();
      wheel.name.reserve(stem.size() + build.tag.size() + 4);
      wheel.name.append(stem).append(build.tag).append(".whl");
      wheel.release = edition.release;
      wheel.release_order = release_order;
      wheel.fields = *edition.fields;
      wheel.fields.file.name = product.distribution;
      wheel.fields.file.python_tags = build.python_tags;
      wheel.fields.file.abi_tags = build.abi_tags;
      wheel.fields.file.platform_tags = build.platform_tags;
    }
  }

  void finish() {
    const std::vector<int> orders = release_orders(tags_);
    std::map<std::string_view, int> order_of{{"", 0}};
    for (std::size_t i = 0; i < tags_.size(); ++i) order_of[tags_[i]] = orders[i];
    wheels_.reserve(count_);
    for (const Edition& edition : editions_) expand(edition, order_of.at(edition.release));
    if (recorded_.empty()) return;
    for (KnownWheel& wheel : wheels_) {
      const auto found = recorded_.find({wheel.release, wheel.name});
      if (found == recorded_.end()) continue;
      wheel.sha256 = found->second.sha256;
      wheel.size = found->second.size;
    }
  }

  std::string_view text_;
  std::string_view package_;
  std::vector<std::string> releases_;  // of the lines that follow
  std::vector<std::string> tags_;      // all of them
  std::map<std::pair<std::string, std::string>, Recorded> recorded_;
  std::unordered_map<std::string, WheelFields> versions_;
  std::vector<Product> products_;
  std::vector<Edition> editions_;
  std::size_t count_ = 0;  // of all wheels, so that they are made in place
  std::vector<KnownWheel> wheels_;
};

}  // namespace

tl::expected<std::vector<KnownWheel>, ParseError> expand_rows(std::string_view text,
                                                              std::string_view package) {
  return RowsReader(text, package).read();
}

std::vector<int> release_orders(const std::vector<std::string>& tags) {
  std::vector<std::optional<python::Version>> versions;
  for (const std::string& tag : tags) {
    const auto parsed = python::Version::parse(tag);
    versions.push_back(parsed ? std::optional(*parsed) : std::nullopt);
  }
  std::vector<std::size_t> positions(tags.size());
  std::iota(positions.begin(), positions.end(), std::size_t{0});
  std::stable_sort(positions.begin(), positions.end(),
                   [&](std::size_t left, std::size_t right) { return versions[left] < versions[right]; });
  std::vector<int> orders(tags.size());
  int rank = -1;
  for (std::size_t i = 0; i < positions.size(); ++i) {
    if (i == 0 || tags[positions[i]] != tags[positions[i - 1]]) ++rank;
    orders[positions[i]] = rank;
  }
  return orders;
}

}  // namespace wheelfit::catalog
