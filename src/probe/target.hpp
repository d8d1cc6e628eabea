// SPDX-License-Identifier: Apache-2.0
// `--target SPEC` and `--set KEY=VALUE`:
//   python=3.10,torch=2.6.0+cu124,abi=false,glibc=2.35,gpu=sm_80+sm_90,driver=550.54.14,platform=linux_x86_64
// More keys: cuda=12.4 (where torch carries no label), hip=6.2, musl=1.2, pip=24.0; python=3.13t; gpu=none;
// torch=none (known absent), driver=none. platform defaults to linux_x86_64.
#pragma once

#include <string_view>

#include "probe/environment.hpp"

namespace wheelfit::probe {

// Keys not given stay unknown; nothing is taken from this machine. Throws Error{usage} naming the key and what it
// takes.
Environment environment_from_spec(std::string_view spec);

// Overrides one fact ("gpu=sm_90") of an environment; the fact's source becomes "--set".
void override_fact(Environment& environment, std::string_view key_value);

}  // namespace wheelfit::probe
