// SPDX-License-Identifier: Apache-2.0
// Random links, hrefs and index pages: most are what indexes write, some are what pip's rules were made for.
// WHEELFIT_SEED chooses the sequence; the default is fixed, so that a failure can be repeated.
#pragma once

#include <initializer_list>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace wheelfit::test {

class LinkGenerator {
 public:
  LinkGenerator();

  std::size_t below(std::size_t bound) {
    return std::uniform_int_distribution<std::size_t>(0, bound - 1)(random_);
  }
  bool chance(unsigned percent) { return below(100) < percent; }
  std::string pick(std::initializer_list<std::string_view> choices) {
    return std::string(*(choices.begin() + below(choices.size())));
  }

  std::string link();  // absolute, with a fragment maybe
  std::string href();  // absolute or relative, as it may stand on a page
  std::string base();  // a page's address
  std::vector<std::pair<std::string, std::string>> hashes();  // beside a link, maybe none
  std::string html_page();
  std::string json_page();
  // A page of files of `package`, in several versions and formats.
  std::string page_of(std::string_view package);

 private:
  std::string hex(std::size_t length);
  std::string host();
  std::string path();
  std::string file_name();
  std::string fragment();

  std::mt19937_64 random_;
};

}  // namespace wheelfit::test
