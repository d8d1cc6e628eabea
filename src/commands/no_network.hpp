// SPDX-License-Identifier: Apache-2.0
// Stands in for the network where none may be used: nobody may call it.
#pragma once

#include "base/error.hpp"
#include "system/http.hpp"

namespace wheelfit::commands {

class NoNetwork final : public system::HttpClient {
 public:
  system::HttpResponse get(const system::HttpRequest&) override { refuse(); }
  system::HttpResponse stream(const system::HttpRequest&, const system::HeadSink&,
                              const system::BodySink&) override {
    refuse();
  }

 private:
  [[noreturn]] static void refuse() {
    throw Error(ErrorKind::unreachable, text("--offline is in force"),
                {text("run this again without --offline")});
  }
};

}  // namespace wheelfit::commands
