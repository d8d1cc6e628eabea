// SPDX-License-Identifier: Apache-2.0
// The receipt of a distribution that is installed: WHEELFIT.json in its dist-info directory.
#pragma once

#include <filesystem>

#include "install/file_operations.hpp"
#include "install/receipt.hpp"
#include "install/workplace.hpp"

namespace wheelfit::install {

// Replaces the receipt at one moment, by way of `workplace`. RECORD gets a row for it first, if it has none.
// Throws Error{machine}.
void write_receipt(FileOperations& files, Workplace& workplace, const std::filesystem::path& dist_info,
                   const Receipt& receipt);

}  // namespace wheelfit::install
