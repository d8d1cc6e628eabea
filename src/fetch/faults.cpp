// SPDX-License-Identifier: Apache-2.0
#include "fetch/faults.hpp"

#include "system/retry_policy.hpp"
#include "system/url.hpp"

namespace wheelfit::fetch {

Error wrong_size(const Artifact& artifact, std::uint64_t is) {
  return Error(ErrorKind::refused, text("{} is {} bytes long, but {} were promised", artifact.file_name, is,
                                        artifact.size.value_or(0)))
      .with_code("size-mismatch");
}

Error wrong_hash(const Artifact& artifact, const std::string& is) {
  return Error(ErrorKind::refused,
               text("{} is not the file that was promised: its sha256 is {}, not {}", artifact.file_name, is,
                    artifact.sha256.value_or("")),
               {text("try again, or take another source: a proxy or mirror may have changed the file")})
      .with_code("sha256-mismatch");
}

Error wrong_range(const Artifact& artifact, const std::string& url) {
  return Error(ErrorKind::unreachable, text("{} sends another part of {} than it was asked for",
                                            system::redacted(url), artifact.file_name))
      .with_code("wrong-range");
}

Error answered(const std::string& url, int status) {
  std::vector<Text> cures;
  if (status == 401 || status == 403) {
    cures.emplace_back(
        text("give the credentials that the source wants (.netrc, or GITHUB_TOKEN for GitHub)"));
  }
  return Error(ErrorKind::unreachable, text("{} answers {}", system::redacted(url), status), cures)
      .with_code("http-" + std::to_string(status));
}

Error keeps_changing(const std::string& url) {
  return Error(ErrorKind::unreachable,
               text("{} changes faster than it can be fetched", system::redacted(url)))
      .with_code("changing");
}

Text sentence_of(const std::exception_ptr& fault) {
  try {
    if (fault) std::rethrow_exception(fault);
  } catch (const Error& error) {
    return error.sentence();
  }
  return text("the file has changed on the server");
}

bool is_transient(const std::exception_ptr& fault) {
  try {
    if (fault) std::rethrow_exception(fault);
  } catch (const Error& error) {
    return system::is_transient_code(error.code());
  }
  return true;
}

bool ends_everything(const std::exception_ptr& fault) {
  try {
    if (fault) std::rethrow_exception(fault);
  } catch (const Error& error) {
    return error.kind() != ErrorKind::unreachable && error.kind() != ErrorKind::refused;
  } catch (...) {
    return true;
  }
  return false;
}

void throw_all_failed(const Artifact& artifact, const std::vector<Source>& sources) {
  const std::exception_ptr& first = sources.front().fault;
  if (sources.size() == 1) std::rethrow_exception(first);
  std::string each;
  for (const Source& source : sources) {
    each += (each.empty() ? "" : "; ") + sentence_of(source.fault).english();
  }
  const Text sentence = text("none of {} sources gives {}: {}", sources.size(), artifact.file_name, each);
  try {
    std::rethrow_exception(first);
  } catch (const Error& error) {
    throw Error(error.kind(), sentence, error.cures()).with_code(error.code());
  }
}

}  // namespace wheelfit::fetch
