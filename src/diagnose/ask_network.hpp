// SPDX-License-Identifier: Apache-2.0
// Asks every place once, all at the same time.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "diagnose/diagnosis.hpp"
#include "system/http.hpp"

namespace wheelfit::diagnose {

// In the order of `places`; never throws for a place that does not answer. No body is read to its end. The
// time limits are `http`'s. `unverifying`: a client that trusts everybody and knows no secret; it looks at
// certificates that were not trusted.
std::vector<Sight> ask_network(const std::vector<Place>& places, system::HttpClient& http,
                               system::HttpClient& unverifying);

// Asks each place that could not be reached once more through each of `proxies` (three at most), and writes
// down what answers. `connect` makes a client for a proxy.
using Connect = std::function<std::unique_ptr<system::HttpClient>(const Fact<std::string>& proxy)>;
void try_other_proxies(std::vector<Sight>& sights, const std::vector<Fact<std::string>>& proxies,
                       const Connect& connect);

}  // namespace wheelfit::diagnose
