// SPDX-License-Identifier: Apache-2.0
// `--target SPEC` and `--set KEY=VALUE`:
//   python=3.10,torch=2.6.0+cu124,abi=false,glibc=2.35,gpu=sm_80+sm_90,driver=550.54.14,platform=linux_x86_64
// More keys: cuda=12.4 (where torch carries no label), hip=6.2, musl=1.2, glibcxx=3.4.30, pip=24.0;
// python=3.13t; gpu=none; torch=none (known absent), driver=none. platform defaults to linux_x86_64. See
// docs/formats/target.md.
#pragma once

#include <string_view>

#include "probe/environment.hpp"

namespace wheelfit::probe {

// Keys not given stay unknown; nothing is taken from this machine. Throws Error{usage} naming the key and
// what it takes.
Environment environment_from_spec(std::string_view spec);

// Overrides one fact ("gpu=sm_90") of an environment; the fact's source becomes "--set". Setting torch makes
// what its files said about the CUDA version and the ABI of the old torch unknown.
void override_fact(Environment& environment, std::string_view key_value);

// Whether `--target`'s value begins like a specification ("python=...") rather than names a file.
bool looks_like_spec(std::string_view value);

}  // namespace wheelfit::probe
