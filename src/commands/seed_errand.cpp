// SPDX-License-Identifier: Apache-2.0
#include "commands/seed_errand.hpp"

#include <algorithm>
#include <array>

#include "base/error.hpp"
#include "python/package_name.hpp"
#include "system/percent.hpp"
#include "system/url.hpp"

namespace wheelfit::commands {

namespace {

using pipcache::RequestForm;

bool is_repository(std::string_view link) {
  constexpr std::array schemes{"git+", "hg+", "svn+", "bzr+"};
  return std::any_of(schemes.begin(), schemes.end(),
                     [&](const char* scheme) { return link.starts_with(scheme); });
}

python::Requirement requirement(const std::string& name, const std::string& version) {
  auto parsed = python::Requirement::parse(version.empty() ? name : name + "==" + version);
  if (!parsed) throw Error(ErrorKind::usage, text("'{}' is no name of a distribution", name));
  return *std::move(parsed);
}

std::string_view without_fragment(std::string_view link) { return link.substr(0, link.find('#')); }

// The reference behind the last '@' of the path, without the 'v' of a tag.
std::string version_of_reference(std::string_view link) {
  link = without_fragment(link);
  const std::size_t at = link.rfind('@');
  if (at == std::string_view::npos || link.find('/', at) != std::string_view::npos) return "";
  std::string_view reference = link.substr(at + 1);
  if (reference.starts_with('v')) reference.remove_prefix(1);
  const auto version = python::Version::parse(reference);
  const bool is_release = version && reference.find('.') != std::string_view::npos;
  return is_release ? version->to_string() : "";
}

// "flash_attn-2.8.3" of "https://host/flash_attn-2.8.3.tar.gz?x#y".
std::string stem_of_source(std::string_view link) {
  link = without_fragment(link);
  link = link.substr(0, link.find('?'));
  const std::string file = system::percent_decoded(link.substr(link.rfind('/') + 1));
  for (const char* extension : {".tar.gz", ".tar.bz2", ".tar.xz", ".tgz", ".zip"}) {
    if (file.ends_with(extension)) return file.substr(0, file.size() - std::string_view(extension).size());
  }
  return "";
}

// "name @ address" of something that is no wheel.
std::optional<python::Requirement> reference_to_source(const std::string& argument) {
  if (argument.find('@') == std::string::npos) return std::nullopt;
  auto parsed = python::Requirement::parse(argument);
  if (!parsed || !parsed->url) return std::nullopt;
  std::string_view address = without_fragment(*parsed->url);
  if (address.substr(0, address.find('?')).ends_with(".whl")) return std::nullopt;
  return *std::move(parsed);
}

}  // namespace

std::string shown_link(const std::string& link) {
  const std::size_t host = link.find("://");
  const std::size_t path = host == std::string::npos ? host : link.find('/', host + 3);
  const std::size_t at = link.rfind('@');
  if (!is_repository(link) || path == std::string::npos || at == std::string::npos || at < path)
    return system::redacted(link);
  // "user:pass/word@host": a password that was not escaped may hold anything.
  const std::string_view authority = std::string_view(link).substr(host + 3, path - host - 3);
  const std::string_view port = authority.substr(std::min(authority.rfind(':'), authority.size()));
  const bool odd_port = port.find_first_not_of(":0123456789") != std::string_view::npos &&
                        authority.find('@') == std::string_view::npos;
  if (odd_port || link.find('/', at) != std::string::npos) return system::redacted(link);
  return system::redacted(link.substr(0, at)) + link.substr(at);
}

python::Requirement requirement_of_link(std::string_view link, const std::string& name) {
  if (is_repository(link)) return requirement(name, version_of_reference(link));
  const std::string stem = stem_of_source(link);
  const std::size_t dash = stem.rfind('-');
  if (dash == std::string::npos) return requirement(name, "");
  const auto version = python::Version::parse(std::string_view(stem).substr(dash + 1));
  const std::string written = stem.substr(0, dash);
  if (!version || !python::is_valid_name(written)) return requirement(name, "");
  return requirement(python::normalized_name(written), version->to_string());
}

SeedErrand parse_errand(const SeedRequest& request, const std::string& default_package,
                        const std::filesystem::path& current_directory) {
  if (request.subjects.size() > 1) throw Error(ErrorKind::usage, text("seed takes one wheel at a time"));
  SeedErrand errand;
  errand.link = request.link;
  errand.named = !request.subjects.empty();
  if (errand.named) {
    const std::string& argument = request.subjects.front();
    if (const auto reference = reference_to_source(argument)) {
      errand.link = reference->url;
      errand.form = RequestForm::named_address;
      errand.subject = requirement_of_link(*reference->url, reference->name);
    } else {
      errand.subject = parse_subject(argument, current_directory);
    }
  } else {
    errand.subject =
        errand.link ? requirement_of_link(*errand.link, default_package) : requirement(default_package, "");
  }
  if (errand.link && is_repository(*errand.link)) errand.form = RequestForm::named_repository;
  return errand;
}

}  // namespace wheelfit::commands
