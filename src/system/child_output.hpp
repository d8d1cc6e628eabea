// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

namespace wheelfit::system {

// One stream of a child: keeps the last `limit` bytes and cuts lines. Pure.
class ChildOutput {
 public:
  using OnLine = std::function<void(std::string_view)>;
  explicit ChildOutput(OnLine on_line, std::size_t limit = 16U << 20U)
      : on_line_(std::move(on_line)), limit_(limit) {}

  void add(std::string_view bytes);
  // After the last byte: the line without an end is a line too.
  std::string finish();

 private:
  void cut_lines(std::string_view bytes);

  OnLine on_line_;
  std::size_t limit_;
  std::string kept_;
  std::string line_;
};

}  // namespace wheelfit::system
