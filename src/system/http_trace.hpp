// SPDX-License-Identifier: Apache-2.0
// How a request went, hop by hop, for a diagnosis. Plain values; addresses in them may hold credentials.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "base/fact.hpp"

namespace wheelfit::system {

struct TlsNames {
  std::string subject;
  std::string issuer;
  std::string expires;

  friend bool operator==(const TlsNames&, const TlsNames&) = default;
};

// One address of a chain of redirects. Times are seconds since its beginning, by when the step was done;
// nullopt: it was not, or the connection was there already.
struct HttpHop {
  std::string url;
  Fact<std::string> proxy;                   // the source says which setting it is from
  Fact<std::filesystem::path> certificates;  // unknown: the machine's own
  bool verified = true;                      // false: a trusted host, nothing was verified
  std::optional<double> resolved;            // the name of the host, or of its proxy
  std::optional<double> connected;           // to the same
  std::optional<double> secured;             // TLS with the host; through a proxy after its consent
  std::optional<double> answered;            // the first byte
  double total = 0;
  std::string peer;  // the address that was connected to
  int status = 0;    // 0: no answer
  std::string redirect_to;
  std::optional<TlsNames> tls;  // of the host's own certificate
  std::optional<Error> fault;
};

struct HttpTrace {
  std::vector<HttpHop> hops;
};

}  // namespace wheelfit::system
