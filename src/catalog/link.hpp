// SPDX-License-Identifier: Apache-2.0
// Links on index pages: made absolute (RFC 3986, section 5) and turned into file names. Pure.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace wheelfit::catalog {

// `reference` as seen on the page at `base`. An absolute one stays; without a base that can be read, nullopt
// for a relative one.
std::optional<std::string> resolve_link(std::string_view base, std::string_view reference);

// Before '#', and what follows it ("" where there is none).
std::string_view without_fragment(std::string_view address) noexcept;
std::string_view fragment_of(std::string_view address) noexcept;

// The decoded last part of the path; "" where the path ends in '/', and where it decodes to what is no file
// name.
std::string file_name_of(std::string_view address);

// The path of a file: address on this machine; nullopt for any other.
std::optional<std::filesystem::path> path_of_file_address(std::string_view address);

}  // namespace wheelfit::catalog
