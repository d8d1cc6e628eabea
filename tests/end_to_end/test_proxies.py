# SPDX-License-Identifier: Apache-2.0
"""Every proxy and certificate setting against real servers. Where pip has the setting too, a real pip is asked the
same thing: wheelfit reaches what pip reaches."""
import os
import signal
import subprocess
import tempfile
import time
import unittest
from pathlib import Path

from environments import clean_variables
from faulty import FaultyServer
from harness import DONE, PROGRAM, TAG, UNPROVEN, UNREACHABLE, EndToEnd, attention_wheel
from nginx import free_port
from servers import (PASSWORD, USER, Authority, Dante, Microsocks, Squid, Tinyproxy, TlsOrigin, names_shim, program)
from wheels import Wheel, simple

LOGIN = f"{USER}:{PASSWORD}"
WRONG = f"{USER}:hunter2-wrong"


class Proxies(EndToEnd):
    @classmethod
    def serve(cls, server):
        cls.wheel = simple()
        cls.plain = server.add_file(f"files/{cls.wheel.file_name}", cls.wheel.bytes())
        server.add_project("vllm-flash-attn", [attention_wheel("2.6.2", tag=TAG)])
        cls.authority = Authority(cls.folder / "authority")
        cls.other = Authority(cls.folder / "other", "Another authority")
        cls.origin = TlsOrigin(cls.authority, server.www)
        cls.addClassCleanup(cls.origin.stop)
        cls.tls = cls.origin.https(f"files/{cls.wheel.file_name}")
        cls.shim = names_shim(cls.folder / "names")

    def setUp(self):
        """Nothing is installed here: one environment serves all."""
        self.home = Path(tempfile.mkdtemp(dir=self.folder))
        self.venv = self.template
        (self.venv.path / "pip.conf").write_text("")
        self.variables = clean_variables(self.home, WHEELFIT_GITHUB_API=self.server.url("api"),
                                         WHEELFIT_GITHUB=self.server.url("github"))

    def proxy(self, kind, *arguments):
        if program(kind.name) is None:
            self.skipTest(f"{kind.name} is not installed")
        server = kind(*arguments)
        self.addCleanup(server.stop)
        return server

    def fetch(self, url, *options, expect=(DONE, UNPROVEN), limit=4, **variables):
        """A store of its own each time: nothing is there already."""
        store = tempfile.mkdtemp(dir=self.home)
        outcome = self.wheelfit("fetch", url, "--store", store, "--timeout", limit, *options, timeout=60,
                                variables={**self.variables, **variables}, expect=expect)
        self.assertNotIn("hunter2", str(outcome).replace(outcome.command, ""))
        if outcome.code == UNREACHABLE:
            self.assert_one_sentence(outcome)
        return outcome

    def refused(self, url, *options, **more):
        return self.fetch(url, *options, expect=UNREACHABLE, **more)

    def pip_fetches(self, url, **variables):
        done = subprocess.run(
            [str(self.venv.python), "-m", "pip", "install", "--dry-run", "--no-deps", "--no-cache-dir", "--retries",
             "0", "--timeout", "4", "--disable-pip-version-check", url], env={**self.variables, **variables},
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        return done.returncode == 0, done.stdout

    def assert_as_pip(self, url, reached, configuration="", **variables):
        (self.venv.path / "pip.conf").write_text(configuration)
        by_pip, said = self.pip_fetches(url, **variables)
        self.assertEqual(reached, by_pip, f"what pip does\n{said}")
        self.fetch(url, expect=(DONE, UNPROVEN) if reached else UNREACHABLE, **variables)

    # --- HTTP proxies ---

    def test_a_proxy_with_a_password(self):
        for proxy in (self.proxy(Tinyproxy), self.proxy(Squid, self.authority)):
            for url in (self.plain, self.tls):
                with self.subTest(proxy=proxy.name, url=url.split(":")[0]):
                    trust = ("--cacert", self.authority.certificate)
                    self.fetch(url, *trust, "--proxy", proxy.url(user=LOGIN))
                    for address in (proxy.url(), proxy.url(user=WRONG)):
                        outcome = self.refused(url, *trust, "--proxy", address)
                        self.assertIn("wants a user name and a password", outcome.error)
                        self.assertIn(f"--proxy http://USER:PASSWORD@127.0.0.1:{proxy.port}", outcome.error)

    def test_a_proxy_that_wants_a_digest(self):
        proxy = self.proxy(Squid, self.authority, "digest")
        self.fetch(self.plain, "--proxy", proxy.url(user=LOGIN))
        self.fetch(self.tls, "--cacert", self.authority.certificate, "--proxy", proxy.url(user=LOGIN))
        self.refused(self.plain, "--proxy", proxy.url(user=WRONG))

    def test_a_password_with_every_character(self):
        proxy = self.proxy(Squid, self.authority, "basic", "p@ss:w/rd?#&+")
        for spelt in ("p%40ss%3Aw%2Frd%3F%23%26%2B", "p@ss:w%2Frd%3F%23&+"):
            with self.subTest(spelt):
                outcome = self.fetch(self.plain, "--proxy", proxy.url(user=f"{USER}:{spelt}"))
                self.assertNotIn("p@ss", outcome.output + outcome.error)

    def test_a_proxy_reached_by_tls(self):
        proxy = self.proxy(Squid, self.authority)
        address = proxy.url("https", LOGIN, proxy.more_ports[0])
        for url in (self.plain, self.tls):
            self.fetch(url, "--cacert", self.authority.certificate, "--proxy", address)
        outcome = self.refused(self.plain, "--proxy", address)
        self.assertIn(f"the proxy 127.0.0.1:{proxy.more_ports[0]}", outcome.error)
        self.assertIn("not trusted", outcome.error)

    def test_what_a_proxy_forbids(self):
        proxy = self.proxy(Squid, self.authority)
        outcome = self.refused("https://forbidden.example/x-1.0-py3-none-any.whl", "--proxy", proxy.url(user=LOGIN))
        self.assertRegex(outcome.error, r"the proxy 127\.0\.0\.1:\d+ answers 403 when asked for forbidden\.example")

    def test_the_variables_in_either_case_and_pips_setting_before_them(self):
        proxy, nobody = self.proxy(Squid, self.authority), f"http://127.0.0.1:{free_port()}"
        good = proxy.url(user=LOGIN)
        for variables in ({"http_proxy": good}, {"HTTP_PROXY": good}, {"ALL_PROXY": good},
                          {"http_proxy": good, "HTTP_PROXY": nobody}, {"HTTP_PROXY": nobody, "PIP_PROXY": good},
                          {"HTTP_PROXY": nobody, "http_proxy": ""}):
            with self.subTest(variables):
                self.assert_as_pip(self.plain, True, **variables)
        for variables in ({"HTTP_PROXY": nobody}, {"PIP_PROXY": nobody}, {"http_proxy": nobody, "HTTP_PROXY": good}):
            with self.subTest(variables):
                self.assert_as_pip(self.plain, False, **variables)
        asked = len(proxy.requests())
        self.fetch(self.plain, "--proxy", good, PIP_PROXY=nobody)
        self.assertGreater(len(proxy.requests()), asked)

    def test_pips_proxy_setting_is_for_every_host(self):
        proxy = self.proxy(Squid, self.authority)
        configuration = f"[global]\nproxy = {proxy.url(user=LOGIN)}\n"
        self.assert_as_pip(self.plain, True, configuration)
        before = len(proxy.requests())
        self.fetch(self.plain, NO_PROXY="*")
        self.assertGreater(len(proxy.requests()), before)
        self.assert_as_pip(self.plain, False, f"[global]\nproxy = {proxy.url(user=LOGIN)}\n"
                                              f"[install]\nproxy = http://127.0.0.1:{free_port()}\n")

    def test_no_proxy_in_all_its_forms(self):
        nobody, port = f"http://127.0.0.1:{free_port()}", self.server.port
        for exclusion in ("127.0.0.1", "*", f"127.0.0.1:{port}", "127.0.0.0/8", "other.example, 127.0.0.1",
                          "other.example 127.0.0.1", "127.0.0.1,"):
            for name in ("no_proxy", "NO_PROXY"):
                with self.subTest(exclusion=exclusion, name=name):
                    self.fetch(self.plain, HTTP_PROXY=nobody, **{name: exclusion})
        for exclusion in ("", f"127.0.0.1:{port + 1}", "10.0.0.0/8", "27.0.0.1", "localhost"):
            with self.subTest(exclusion=exclusion):
                self.refused(self.plain, HTTP_PROXY=nobody, NO_PROXY=exclusion)

    def test_no_proxy_means_what_it_means_to_pip(self):
        nobody = f"http://127.0.0.1:{free_port()}"
        for exclusion, reached in (("127.0.0.1", True), ("127.0.0.0/8", True), ("10.0.0.0/8", False), ("*", True)):
            with self.subTest(exclusion):
                self.assert_as_pip(self.plain, reached, HTTP_PROXY=nobody, NO_PROXY=exclusion)

    def test_a_proxy_that_is_no_proxy(self):
        for address, word in (("htp://127.0.0.1:1", "htp"), ("http://no-such-proxy.example:3128", "no-such-proxy"),
                              (f"http://{LOGIN}@127.0.0.1:{free_port()}", "refuses the connection")):
            with self.subTest(address):
                self.assertIn(word, self.refused(self.plain, "--proxy", address).error)

    def test_a_proxy_that_says_nothing(self):
        proxy = FaultyServer(b"", hang=True)
        self.addCleanup(proxy.stop)
        for url in (self.plain, self.tls):
            with self.subTest(url.split(":")[0]):
                began = time.monotonic()
                outcome = self.refused(url, "--proxy", f"http://{LOGIN}@127.0.0.1:{proxy.port}", limit=1)
                self.assertIn(f"the proxy 127.0.0.1:{proxy.port}", outcome.error)
                self.assertLess(time.monotonic() - began, 30)

    def test_a_proxy_that_dies_in_mid_download(self):
        big = Wheel("handmade", "2.0", {"handmade/big.bin": os.urandom(3_000_000)})
        self.server.add_file(f"files/{big.file_name}", big.bytes())
        proxy = self.proxy(Tinyproxy)
        child = self.start("fetch", self.server.url(f"slow/files/{big.file_name}"), "--output", self.home / "out",
                           "--timeout", "2", "--proxy", proxy.url(user=LOGIN))
        time.sleep(2)
        self.assertIsNone(child.poll(), "still downloading")
        proxy.process.send_signal(signal.SIGKILL)
        output, error = child.communicate(timeout=60)
        self.assertEqual(UNREACHABLE, child.returncode, error)
        self.assertEqual(1, error.count("error: "), error)
        self.assertIn(f"the proxy 127.0.0.1:{proxy.port}", error)
        self.assertFalse((self.home / "out" / big.file_name).exists())

    # --- SOCKS ---

    def test_socks_with_names_resolved_by_the_proxy(self):
        for kind, user in ((Microsocks, LOGIN), (Dante, None)):
            for scheme in ("socks5", "socks5h", "socks"):
                with self.subTest(proxy=kind.name, scheme=scheme):
                    proxy = self.proxy(kind, self.shim)
                    seen = self.home / f"{kind.name}-{scheme}"
                    watched = {"LD_PRELOAD": str(self.shim), "SEEN_NAMES": str(seen)}
                    url = self.origin.https(f"files/{self.wheel.file_name}", host="wheels.example")
                    self.fetch(url, "--cacert", self.authority.certificate, ALL_PROXY=proxy.url(scheme, user),
                               **watched)
                    self.assertNotIn("wheels.example", seen.read_text() if seen.exists() else "")
                    self.assertIn("wheels.example", (proxy.folder / "names").read_text())
                    self.refused(url, "--cacert", self.authority.certificate, **watched)
                    self.assertIn("wheels.example", seen.read_text())  # the watch does see a name

    def test_socks_with_the_wrong_password(self):
        proxy = self.proxy(Microsocks, self.shim)
        for user in (None, WRONG):
            outcome = self.refused(self.plain, "--proxy", proxy.url("socks5", user))
            self.assertIn("wants a user name and a password", outcome.error)
            self.assertIn(f"--proxy socks5h://USER:PASSWORD@127.0.0.1:{proxy.port}", outcome.error)

    def test_socks_to_a_closed_port(self):
        proxy = self.proxy(Microsocks, self.shim)
        outcome = self.refused(f"http://wheels.example:{free_port()}/x-1.0-py3-none-any.whl", "--proxy",
                               proxy.url("socks5", LOGIN))
        self.assertIn("wheels.example", outcome.error)

    # --- certificates ---

    def test_an_unknown_authority(self):
        outcome = self.refused(self.tls)
        self.assertIn("the TLS certificate of 127.0.0.1 is not trusted", outcome.error)
        self.assertIn("--cacert", outcome.error)
        self.assertIn("pip config set global.cert", outcome.error)
        self.fetch(self.tls, "--cacert", self.authority.certificate)
        self.fetch(self.tls, WHEELFIT_CACERT=str(self.authority.certificate))
        bare = {"PIP_CONFIG_FILE": "/dev/null"}  # the machine's own pip.conf may name certificates, which come first
        self.fetch(self.tls, SSL_CERT_FILE=str(self.authority.certificate), **bare)
        self.refused(self.tls, SSL_CERT_FILE=str(self.other.certificate), **bare)

    def test_a_machine_without_certificates_takes_those_that_pip_brings(self):
        hidden = self.home / "no-certificates"
        hidden.mkdir()
        hide = ["unshare", "--mount", "sh", "-c", f'mount --bind "{hidden}" /etc/ssl/certs && exec "$@"', "sh"]
        if subprocess.run([*hide, "true"], stderr=subprocess.DEVNULL).returncode != 0:
            self.skipTest("a mount namespace may not be made here")
        bundle = self.venv.site / "pip/_vendor/certifi/cacert.pem"
        kept = bundle.read_bytes()
        self.addCleanup(bundle.write_bytes, kept)
        bundle.write_bytes(kept + self.authority.certificate.read_bytes())
        for reached, prefix in ((True, hide), (False, [])):
            done = subprocess.run(
                [*prefix, PROGRAM, "fetch", self.tls, "--store", tempfile.mkdtemp(dir=self.home), "--python",
                 str(self.venv.python)], env={**self.variables, "PIP_CONFIG_FILE": "/dev/null"},
                stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
            self.assertIn(done.returncode, (DONE, UNPROVEN) if reached else (UNREACHABLE,), done.stderr)

    def test_a_certificate_file_that_is_none(self):
        for file in ("missing.pem", "empty.pem"):
            path = self.home / file
            if file == "empty.pem":
                path.write_text("nothing")
            self.assertIn(file, self.refused(self.tls, "--cacert", path).error)

    def test_certificates_that_cannot_be_trusted_at_all(self):
        for port, words in ((self.origin.expired, "has expired"), (self.origin.misnamed, "made out to another name")):
            with self.subTest(words):
                url = self.origin.https(f"files/{self.wheel.file_name}", port)
                outcome = self.refused(url, "--cacert", self.authority.certificate)
                self.assertIn(words, outcome.error)
                self.assertNotIn("--cacert", outcome.error)
                self.assert_as_pip(url, False, PIP_CERT=str(self.authority.certificate))
                self.assert_as_pip(url, True, PIP_TRUSTED_HOST="127.0.0.1")

    def test_pips_certificate_settings(self):
        ours, wrong = str(self.authority.certificate), str(self.other.certificate)
        for reached, configuration, variables in (
                (False, "", {}),
                (True, f"[global]\ncert = {ours}\n", {}),
                (True, f"[global]\ncert = {wrong}\n[install]\ncert = {ours}\n", {}),
                (True, "", {"PIP_CERT": ours}),
                (True, f"[global]\ncert = {wrong}\n", {"PIP_CERT": ours}),
                (True, "", {"REQUESTS_CA_BUNDLE": ours}),
                (True, "", {"CURL_CA_BUNDLE": ours}),
                (False, "", {"REQUESTS_CA_BUNDLE": wrong, "CURL_CA_BUNDLE": ours}),
                (False, f"[global]\ncert = {ours}\n", {"REQUESTS_CA_BUNDLE": wrong}),
                (True, f"[global]\ncert = {wrong}\n", {"REQUESTS_CA_BUNDLE": ours}),
                (True, "[global]\ntrusted-host = 127.0.0.1\n", {}),
                (True, f"[global]\ntrusted-host =\n    one.example\n    127.0.0.1:{self.origin.good}\n", {}),
                (False, f"[global]\ntrusted-host = 127.0.0.1:{self.origin.expired}\n", {})):
            with self.subTest(configuration=configuration, variables=variables):
                self.assert_as_pip(self.tls, reached, configuration, **variables)

    def test_a_client_certificate(self):
        url = self.origin.https(f"files/{self.wheel.file_name}", self.origin.guarded)
        trust = f"[global]\ncert = {self.authority.certificate}\n"
        self.assert_as_pip(url, False, trust)
        self.assert_as_pip(url, True, trust + f"client-cert = {self.authority.pair('client')}\n")
        self.assert_as_pip(url, True, trust, PIP_CLIENT_CERT=str(self.authority.pair("client")))

    # --- credentials ---

    def test_netrc_for_the_origin(self):
        url = self.origin.https(f"private/files/{self.wheel.file_name}")
        trust = {"PIP_CERT": str(self.authority.certificate)}
        self.assert_as_pip(url, False, **trust)
        netrc = self.home / "elsewhere"
        netrc.write_text(f"machine 127.0.0.1 login {USER} password {PASSWORD}\n")
        self.assert_as_pip(url, True, NETRC=str(netrc), **trust)
        (self.home / ".netrc").write_text(f"machine other.example login a password b\ndefault login {USER} "
                                          f"password {PASSWORD}\n")
        self.assert_as_pip(url, True, **trust)

    def test_netrc_or_the_address_for_the_index(self):
        index = self.origin.https("private/simple/")
        trust = ("--cacert", self.authority.certificate)
        outcome = self.wheelfit("fetch", "vllm-flash-attn", *trust, "--store", self.home / "none", "--index-url", index)
        self.assertIn("asks for credentials", f"{outcome}")
        self.fetch("vllm-flash-attn", *trust, "--index-url", index.replace("://", f"://{LOGIN}@"))
        (self.home / ".netrc").write_text(f"machine 127.0.0.1\nlogin {USER}\npassword {PASSWORD}\n")
        self.fetch("vllm-flash-attn", *trust, "--index-url", index)


if __name__ == "__main__":
    unittest.main(verbosity=2)
