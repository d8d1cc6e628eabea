// SPDX-License-Identifier: Apache-2.0
// The alternatives in one place of a wheel's tag: "py2.py3" -> {"py2", "py3"}.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace wheelfit::python {

// An immutable list whose copies share its content: thousands of wheels have few sets of tags.
class TagSet {
 public:
  using value_type = std::string;
  using const_iterator = std::vector<std::string>::const_iterator;
  using iterator = const_iterator;

  TagSet() : TagSet(none()) {}
  explicit TagSet(std::vector<std::string> tags)
      : tags_(std::make_shared<const std::vector<std::string>>(std::move(tags))) {}
  // Moving would leave it without content: it is copied, which is as cheap.
  TagSet(const TagSet&) noexcept = default;
  TagSet& operator=(const TagSet&) noexcept = default;
  ~TagSet() = default;

  const_iterator begin() const noexcept { return tags_->begin(); }
  const_iterator end() const noexcept { return tags_->end(); }
  std::size_t size() const noexcept { return tags_->size(); }
  bool empty() const noexcept { return tags_->empty(); }
  const std::string& front() const noexcept { return tags_->front(); }

  friend bool operator==(const TagSet& left, const TagSet& right) {
    return left.tags_ == right.tags_ || *left.tags_ == *right.tags_;
  }

 private:
  static const TagSet& none() {
    static const TagSet empty{std::vector<std::string>()};
    return empty;
  }

  std::shared_ptr<const std::vector<std::string>> tags_;
};

}  // namespace wheelfit::python
