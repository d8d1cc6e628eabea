// SPDX-License-Identifier: Apache-2.0
// For the .cpp files that drive libcurl.
#pragma once

#include <memory>
#include <mutex>
#include <new>

#include <curl/curl.h>

namespace wheelfit::system {

inline void start_libcurl() {
  static std::once_flag once;
  std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
}

struct FreeMulti {
  void operator()(CURLM* handle) const { curl_multi_cleanup(handle); }
};
using MultiHandle = std::unique_ptr<CURLM, FreeMulti>;

inline MultiHandle new_multi_handle() {
  start_libcurl();
  MultiHandle handle(curl_multi_init());
  if (!handle) throw std::bad_alloc();
  return handle;
}

}  // namespace wheelfit::system
