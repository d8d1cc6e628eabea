// SPDX-License-Identifier: Apache-2.0
// Looks into one decompressed image of a fatbin: a cubin (an ELF object for the GPU) or PTX (text).
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "binary/fatbin.hpp"

namespace wheelfit::binary {

struct DeviceCodeFacts {
  std::optional<GpuArch> arch;   // by a witness that tells the suffix too; nullopt where there is none
  std::optional<bool> has_code;  // any kernel or function; nullopt where the bytes cannot be read
  bool relocatable = false;      // a cubin that the device linker has yet to link: the driver never loads it
};

// The witnesses: PTX's `.target`; a cubin's .note.nv.tkinfo, which records ptxas' "-arch"; for cubins of
// older toolkits (EI_ABIVERSION 7 and less) e_flags, where 0x800 is the 'a'.
DeviceCodeFacts device_code_facts(ImageKind kind, std::span<const std::byte> image);

// Mangled names of the kernels (entry points), in the order they lie in.
std::vector<std::string> device_kernel_names(ImageKind kind, std::span<const std::byte> image);

}  // namespace wheelfit::binary
