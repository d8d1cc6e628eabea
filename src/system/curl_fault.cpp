// SPDX-License-Identifier: Apache-2.0
#include "system/curl_fault.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>

#include <curl/curl.h>
#include <openssl/x509_vfy.h>

#include "system/url.hpp"

namespace wheelfit::system {
namespace {

Error unreachable(Text sentence, std::string code, std::vector<Text> cures = {}) {
  return Error(ErrorKind::unreachable, std::move(sentence), std::move(cures)).with_code(std::move(code));
}

std::string host_and_port(const std::string& address) {
  const std::optional<Url> url = parse_url(address);
  if (!url) return redacted(address);
  return url->port == 0 ? url->host : url->host + ":" + std::to_string(url->port);
}

std::string host_of(const std::string& address) {
  const std::optional<Url> url = parse_url(address);
  return url ? url->host : redacted(address);
}

std::string scheme_of(const std::string& address) {
  const std::optional<Url> url = parse_url(address);
  return url ? url->scheme : "http";
}

// Whom we were talking to before the origin came into play.
std::string first_hop(const FaultScene& scene) {
  return scene.proxy ? "the proxy " + host_and_port(*scene.proxy) : host_and_port(scene.url);
}

std::vector<Text> proxy_cures() {
  return {text("name the network's proxy with --proxy, or in https_proxy"),
          text("use --offline with what is already here")};
}

Error cannot_connect(const FaultScene& scene) {
  if (scene.system_code == ECONNREFUSED) {
    return unreachable(text("{} refuses the connection", first_hop(scene)), "refused", proxy_cures());
  }
  if (scene.system_code == ETIMEDOUT) {
    return unreachable(text("{} does not answer", first_hop(scene)), "timeout", proxy_cures());
  }
  static constexpr std::array known{"http", "https", "socks4", "socks4a", "socks5", "socks5h"};
  const std::optional<Url> proxy = parse_url(scene.proxy.value_or(""));
  if (proxy && std::find(known.begin(), known.end(), proxy->scheme) == known.end()) {
    return unreachable(text("the proxy {} is to be spoken to by {}, which is no protocol of proxies",
                            host_and_port(*scene.proxy), proxy->scheme),
                       "proxy", {text("begin the proxy's address with http://, https:// or socks5://")});
  }
  const std::string cause = scene.system_code != 0 ? std::generic_category().message(scene.system_code)
                                                   : "no connection could be made";
  return unreachable(text("{} cannot be reached: {}", first_hop(scene), cause), "unreachable", proxy_cures());
}

// What is wrong with a certificate decides what mends it.
Error not_trusted(const FaultScene& scene) {
  const bool of_proxy = scene.proxy_verify_result != 0 && scene.verify_result == 0;
  const long verdict = of_proxy ? scene.proxy_verify_result : scene.verify_result;
  const std::string host = of_proxy ? first_hop(scene) : host_of(scene.url);
  if (verdict == X509_V_ERR_CERT_HAS_EXPIRED || verdict == X509_V_ERR_CERT_NOT_YET_VALID) {
    const bool expired = verdict == X509_V_ERR_CERT_HAS_EXPIRED;
    return unreachable(expired ? text("the TLS certificate of {} has expired", host)
                               : text("the TLS certificate of {} is not valid yet", host),
                       "tls-date",
                       {text("set this machine's clock right, or have the server's certificate renewed")});
  }
  if (scene.detail.find("does not match") != std::string::npos ||
      scene.detail.find("no alternative certificate subject name") != std::string::npos) {
    return unreachable(
        text("the TLS certificate of {} is made out to another name", host), "tls-name",
        {text("use the name that the certificate is for; a mirror or proxy that answers in its place "
              "needs one of its own")});
  }
  return unreachable(text("the TLS certificate of {} is not trusted: {}", host, scene.detail), "tls",
                     {text("--cacert FILE, with the certificate of the authority that your network uses"),
                      text("or for pip too: pip config set global.cert FILE")});
}

Error proxy_refuses(const FaultScene& scene) {
  const std::string proxy = host_and_port(scene.proxy.value_or(""));
  if (scene.proxy_status == 407 || scene.proxy_status == 401) return proxy_wants_password(scene.proxy.value_or(""));
  if (scene.proxy_status != 0) {
    return unreachable(
        text("the proxy {} answers {} when asked for {}", proxy, scene.proxy_status, host_of(scene.url)),
        "proxy");
  }
  switch (scene.proxy_code) {
    case CURLPX_NO_AUTH:
    case CURLPX_USER_REJECTED:
    case CURLPX_REQUEST_FAILED:
      return proxy_wants_password(scene.proxy.value_or(""));
    case CURLPX_REPLY_HOST_UNREACHABLE:
    case CURLPX_RESOLVE_HOST:
      return unreachable(text("the proxy {} cannot reach {}", proxy, host_of(scene.url)), "proxy");
    case CURLPX_REPLY_CONNECTION_REFUSED:
      return unreachable(text("{} refuses the connection of the proxy {}", host_of(scene.url), proxy),
                         "proxy");
    default:
      return unreachable(text("the proxy {} does not pass the request on", proxy), "proxy");
  }
}

Error timed_out(const FaultScene& scene) {
  const std::string& asked = scene.proxy ? *scene.proxy : scene.url;
  if (!scene.resolved) {
    return unreachable(text("the name {} is not resolved within {} s", host_of(asked), scene.connect_seconds),
                       "resolve", proxy_cures());
  }
  if (scene.connected && scene.proxy) {
    return unreachable(text("the proxy {} takes the connection, but does not answer within {} s",
                            host_and_port(*scene.proxy), scene.connect_seconds),
                       "proxy", {text("correct --proxy, https_proxy or pip's proxy setting")});
  }
  return unreachable(text("{} does not answer within {} s", first_hop(scene), scene.connect_seconds),
                     "timeout", proxy_cures());
}

Error cut_off(const FaultScene& scene) {
  return unreachable(
      text("the connection to {} was cut off after {} bytes", host_of(scene.url), scene.body_bytes),
      "cut-off");
}

}  // namespace

Error proxy_wants_password(const std::string& proxy) {
  return unreachable(
      text("the proxy {} wants a user name and a password, or other ones", host_and_port(proxy)),
      "proxy-auth",
      {text("--proxy {}://USER:PASSWORD@{}", scheme_of(proxy), host_and_port(proxy)),
       text("in a name or password write @ as %40, : as %3A, / as %2F and % as %25")});
}

Error stalled(const std::string& url, const std::optional<std::string>& proxy, std::uint64_t body_bytes,
              bool answered) {
  if (!answered && proxy) {
    return unreachable(
        text("the proxy {} was asked for {}, but sends no answer", host_and_port(*proxy), host_of(url)),
        "timeout");
  }
  if (!answered) return unreachable(text("{} was asked, but sends no answer", host_of(url)), "timeout");
  return unreachable(text("{} stopped sending after {} bytes", host_of(url), body_bytes), "stalled");
}

Error fault_of(const FaultScene& scene) {
  const bool proxy_spoke = scene.proxy && (scene.proxy_status >= 400 || scene.curl_code == CURLE_PROXY);
  if (proxy_spoke) return proxy_refuses(scene);
  switch (scene.curl_code) {
    case CURLE_COULDNT_RESOLVE_PROXY:
      return unreachable(
          text("the name of the proxy {} cannot be resolved", host_of(scene.proxy.value_or(""))), "resolve",
          {text("correct --proxy, https_proxy or pip's proxy setting")});
    case CURLE_COULDNT_RESOLVE_HOST:
      return unreachable(text("the name {} cannot be resolved", host_of(scene.url)), "resolve",
                         proxy_cures());
    case CURLE_COULDNT_CONNECT:
      return cannot_connect(scene);
    case CURLE_OPERATION_TIMEDOUT:
      return timed_out(scene);
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_PINNEDPUBKEYNOTMATCH:
      return not_trusted(scene);
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_CERTPROBLEM:
      return unreachable(
          text("the certificate file for {} cannot be used: {}", host_of(scene.url), scene.detail), "tls",
          {text("correct --cacert, or pip's cert and client-cert settings")});
    case CURLE_SSL_CONNECT_ERROR:
      return unreachable(text("TLS with {} fails: {}", host_of(scene.url), scene.detail), "tls");
    case CURLE_URL_MALFORMAT:
    case CURLE_UNSUPPORTED_PROTOCOL:
      return unreachable(text("{} is not an address that can be fetched", redacted(scene.url)),
                         "bad-address");
    case CURLE_PARTIAL_FILE:
    case CURLE_RECV_ERROR:
    case CURLE_SEND_ERROR:
    case CURLE_GOT_NOTHING:
    case CURLE_HTTP2:
    case CURLE_HTTP2_STREAM:
    case CURLE_WEIRD_SERVER_REPLY:
      return cut_off(scene);
    default:
      return unreachable(
          text("{} cannot be fetched from {}: {}", redacted(scene.url), first_hop(scene), scene.detail),
          "other");
  }
}

}  // namespace wheelfit::system
