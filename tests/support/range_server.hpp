// SPDX-License-Identifier: Apache-2.0
// What an honest server answers to ranges of every form, for tests that ask for parts of files.
#pragma once

#include <string>

#include "support/http_server.hpp"

namespace wheelfit::test {

// As serve_file(), with "bytes=5-9" and "bytes=-5" too.
ServerResponse serve_ranges(const ServerRequest& request, const std::string& content,
                            const std::string& etag);

}  // namespace wheelfit::test
