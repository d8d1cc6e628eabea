// SPDX-License-Identifier: Apache-2.0
// One request, one answer, over a pair of libcurl handles that keep their connections for the next.
#pragma once

#include <memory>

#include "system/curl_exchange.hpp"

namespace wheelfit::system {

class CurlLine {
 public:
  CurlLine();
  ~CurlLine();
  CurlLine(CurlLine&&) noexcept;
  CurlLine& operator=(CurlLine&&) noexcept;

  // See CurlExchange::begin() and finish().
  Exchange exchange(const HttpRequest& request, const Route& route, const HttpSettings& settings,
                    const HeadSink& head, const BodySink& sink);

 private:
  struct Handles;
  std::unique_ptr<Handles> handles_;
};

}  // namespace wheelfit::system
