// SPDX-License-Identifier: Apache-2.0
// The macOS part of platform_tags.hpp: releases and binary formats (fat, intel, universal2) a Mac runs.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace wheelfit::python {

// "macosx_14_0_arm64" -> every macosx tag such a system accepts, newest first, as
// packaging.tags.mac_platforms orders them. Only `platform` itself where it is not of that form.
std::vector<std::string> mac_platform_tags(std::string_view platform);

}  // namespace wheelfit::python
