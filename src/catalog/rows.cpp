// SPDX-License-Identifier: Apache-2.0
#include "catalog/rows.hpp"

#include <algorithm>
#include <charconv>
#include <map>
#include <numeric>

#include "catalog/brace_expansion.hpp"
#include "catalog/local_label.hpp"
#include "python/package_name.hpp"

namespace wheelfit::catalog {
namespace {

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  while (true) {
    const std::size_t at = text.find(separator);
    if (at != 0 || separator != ' ') parts.push_back(text.substr(0, at));
    if (at == std::string_view::npos) return parts;
    text.remove_prefix(at + 1);
  }
}

tl::unexpected<ParseError> wrong(std::string message) {
  return tl::unexpected(ParseError{std::move(message)});
}

// A version with its label, parsed once for all wheels of a product that carry it.
struct Edition {
  std::string text;
  WheelFields fields;
};

tl::expected<Edition, ParseError> edition(std::string text) {
  const auto version = python::Version::parse(text);
  if (!version) return tl::unexpected(version.error());
  Edition made{std::move(text), {}};
  made.fields.version = version->public_version();
  made.fields.file.version = *version;
  made.fields.file.version_text = made.text;
  if (const std::size_t plus = made.text.find('+'); plus != std::string::npos) {
    LocalLabel label = parse_local_label(std::string_view(made.text).substr(plus + 1));
    made.fields.cuda = label.cuda;
    made.fields.rocm = std::move(label.rocm);
    made.fields.torch = std::move(label.torch);
    made.fields.cxx11_abi = label.cxx11_abi;
    made.fields.architectures = std::move(label.architectures);
    made.fields.git_commit = std::move(label.git_commit);
  }
  return made;
}

// "cp313t" stands for cp313-cp313t: the ABI of a CPython is its version and the flags of its build.
std::string interpreter_of(std::string_view abi) {
  const std::size_t digits = abi.find_first_of("0123456789");
  const std::size_t end =
      digits == std::string_view::npos ? digits : abi.find_first_not_of("0123456789", digits);
  return std::string(abi.substr(0, end));
}

std::vector<std::string> tag_set(std::string_view compressed) {
  std::vector<std::string> tags;
  for (const std::string_view tag : split(compressed, '.')) tags.emplace_back(tag);
  return tags;
}

// One line that names wheels, its segments still unexpanded.
struct Product {
  std::string_view distribution;
  std::vector<std::string> versions;                              // with '*' for the release
  std::vector<std::pair<std::string, std::string>> interpreters;  // Python tag, ABI tag
  std::vector<std::string> platforms;
};

tl::expected<Product, ParseError> parse_product(std::string_view line) {
  const auto segments = split(line, '-');
  if (segments.size() != 4 && segments.size() != 5)
    return wrong("a wheel has four or five parts between dashes");
  Product product;
  product.distribution = segments.front();
  auto versions = expand_braces(segments[1]);
  auto pythons = expand_braces(segments[2]);
  auto platforms = expand_braces(segments.back());
  for (const auto* part : {&versions, &pythons, &platforms}) {
    if (!*part) return tl::unexpected(part->error());
  }
  product.versions = std::move(*versions);
  product.platforms = std::move(*platforms);
  for (const std::string& python : *pythons) {
    if (segments.size() == 5) {
      product.interpreters.emplace_back(python, std::string(segments[3]));
    } else {
      product.interpreters.emplace_back(interpreter_of(python), python);
    }
  }
  return product;
}

constexpr std::size_t most_wheels = 1'000'000;

// An edition in one release, and the product (by number) it is made for.
struct ReleaseEdition {
  std::size_t product = 0;
  Edition edition;
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
      for (const std::string_view tag : split(line.substr(8), ' ')) {
        releases_.emplace_back(tag);
        tags_.emplace_back(tag);
      }
      return {};
    }
    if (line.starts_with("sha256 ")) return read_recorded(split(line.substr(7), ' '));
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
        auto made = edition(std::move(text));
        if (!made) return tl::unexpected(made.error());
        editions_.push_back({products_.size(), std::move(*made), release});
        count_ += product->interpreters.size() * product->platforms.size();
        if (count_ > most_wheels) return wrong("more than a million wheels");
      }
    }
    products_.push_back(std::move(*product));
    return {};
  }

  void expand(const Product& product, const Edition& made, const std::string& release) {
    for (const auto& [python, abi] : product.interpreters) {
      for (const std::string& platform : product.platforms) {
        KnownWheel& wheel = wheels_.emplace_back();
        wheel.release = release;
        wheel.fields = made.fields;
        wheel.fields.file.name = product.distribution;
        wheel.fields.file.python_tags = tag_set(python);
        wheel.fields.file.abi_tags = tag_set(abi);
        wheel.fields.file.platform_tags = tag_set(platform);
        wheel.name.reserve(product.distribution.size() + made.text.size() + python.size() + abi.size() +
                           platform.size() + 8);
        for (const std::string_view part : {product.distribution, std::string_view(made.text),
                                            std::string_view(python), std::string_view(abi)}) {
          wheel.name.append(part).append("-");
        }
        wheel.name.append(platform).append(".whl");
      }
    }
  }

  void finish() {
    wheels_.reserve(count_);
    for (const ReleaseEdition& each : editions_) expand(products_[each.product], each.edition, each.release);
    const std::vector<int> orders = release_orders(tags_);
    std::map<std::string_view, int> order_of;
    for (std::size_t i = 0; i < tags_.size(); ++i) order_of[tags_[i]] = orders[i];
    for (KnownWheel& wheel : wheels_) {
      if (const auto order = order_of.find(wheel.release); order != order_of.end()) {
        wheel.release_order = order->second;
      }
      if (recorded_.empty()) continue;
      if (const auto found = recorded_.find({wheel.release, wheel.name}); found != recorded_.end()) {
        wheel.sha256 = found->second.sha256;
        wheel.size = found->second.size;
      }
    }
  }

  std::string_view text_;
  std::string_view package_;
  std::vector<std::string> releases_;  // of the lines that follow
  std::vector<std::string> tags_;      // all of them
  std::map<std::pair<std::string, std::string>, Recorded> recorded_;
  std::vector<Product> products_;
  std::vector<ReleaseEdition> editions_;
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
