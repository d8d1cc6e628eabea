// SPDX-License-Identifier: Apache-2.0
#include "probe/torch_label.hpp"

#include <algorithm>
#include <string>
#include <string_view>

#include "probe/text_scan.hpp"

namespace wheelfit::probe {
namespace {

// "124" -> 12.4, "92" -> 9.2: the minor version is the last digit.
std::optional<python::Version> cuda_of_digits(std::string_view digits) {
  if (digits.size() < 2 || digits.size() > 3 || !std::ranges::all_of(digits, is_digit)) return std::nullopt;
  return leading_version(std::string(digits.substr(0, digits.size() - 1)) + "." + digits.back());
}

}  // namespace

TorchLabel read_torch_label(const python::Version& version) {
  const std::string whole = version.local();
  std::string_view label = whole;
  TorchLabel read;
  constexpr std::string_view new_abi = ".cxx11.abi";
  if (label.ends_with(new_abi)) {
    read.cxx11_abi = true;
    label.remove_suffix(new_abi.size());
  }
  if (label == "cpu") read.build = TorchBuild::cpu;
  if (label == "xpu") read.build = TorchBuild::xpu;
  if (label.starts_with("rocm")) {
    read.build = TorchBuild::rocm;
    read.hip = leading_version(label.substr(4));
  }
  if (label.starts_with("cu")) {
    const std::size_t dot = label.find('.');
    read.cuda = cuda_of_digits(label.substr(2, dot == std::string_view::npos ? dot : dot - 2));
    if (read.cuda) read.build = TorchBuild::cuda;
  }
  return read;
}

}  // namespace wheelfit::probe
