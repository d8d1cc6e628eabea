// SPDX-License-Identifier: Apache-2.0
// A value that many hold and nobody copies: thousands of wheels share few pieces of knowledge, and a wheel
// that is judged, ranked and chosen stays one object.
#pragma once

#include <memory>
#include <utility>

namespace wheelfit::catalog {

// Behaves as a value: never empty, read through -> and *; a copy shares until one of the two is edited.
template <typename T>
class Shared {
 public:
  Shared() : value_(plain()) {}
  Shared(const T& value) : value_(std::make_shared<T>(value)) {}        // NOLINT: stands for the value itself
  Shared(T&& value) : value_(std::make_shared<T>(std::move(value))) {}  // NOLINT

  // Moving would leave it empty: it is copied, which is as cheap.
  Shared(const Shared&) noexcept = default;
  Shared& operator=(const Shared&) noexcept = default;
  ~Shared() = default;

  const T& operator*() const noexcept { return *value_; }
  const T* operator->() const noexcept { return value_.get(); }

  // To be changed: other holders keep what they have. Not while another thread copies this very one.
  T& edit() {
    if (value_.use_count() > 1) value_ = std::make_shared<T>(*value_);
    return *value_;
  }

 private:
  static const std::shared_ptr<T>& plain() {
    static const std::shared_ptr<T> none = std::make_shared<T>();
    return none;
  }

  std::shared_ptr<T> value_;
};

}  // namespace wheelfit::catalog
