// SPDX-License-Identifier: Apache-2.0
// How compressed GPU code is opened: what binary asks for, done by system.
#pragma once

#include "binary/fatbin.hpp"

namespace wheelfit::proof {

// Thread-safe; holds nothing.
binary::Decompressor fatbin_decompressor();

}  // namespace wheelfit::proof
