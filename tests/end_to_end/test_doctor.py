# SPDX-License-Identifier: Apache-2.0
"""The network doctor against real servers: which hop fails, by which setting, and the line that mends it."""
import http.server
import threading
import time
import unittest

from conda_packages import SUBDIR
from faulty import FaultyServer
from harness import DONE, REFUSED, UNPROVEN, EndToEnd
from nginx import free_port
from servers import PASSWORD, USER, Authority, Squid, Tinyproxy, TlsOrigin, names_shim, program

BROKEN, WARNINGS = REFUSED, UNPROVEN


class Answers(http.server.ThreadingHTTPServer):
    """`answers`: {beginning of the path: (status, headers)}."""
    daemon_threads = True

    def __init__(self, answers):
        super().__init__(("127.0.0.1", 0), Handler)
        self.answers = answers
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def url(self, path=""):
        return f"http://127.0.0.1:{self.server_address[1]}/{path}"

    def stop(self):
        self.shutdown()
        self.server_close()


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        for beginning, (status, headers) in self.server.answers.items():
            if self.path.startswith(beginning):
                break
        else:
            status, headers = 404, {}
        body = b"[]"
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


class Doctor(EndToEnd):
    @classmethod
    def serve(cls, server):
        cls.authority = Authority(cls.folder / "authority")
        cls.origin = TlsOrigin(cls.authority, server.www)
        cls.addClassCleanup(cls.origin.stop)
        cls.shim = names_shim(cls.folder / "names")

    def setUp(self):
        super().setUp()
        self.objects = Answers({"/": (206, {"Content-Range": "bytes 0-1/9"})})
        self.site = Answers({"/api/": (200, {"x-ratelimit-limit": "60", "x-ratelimit-remaining": "58"}),
                             "/github/": (302, {"Location": self.objects.url("wheel?sig=hunter2")}),
                             "/simple/": (200, {})})
        for server in (self.objects, self.site):
            self.addCleanup(server.stop)
        self.variables.update(WHEELFIT_GITHUB_API=self.site.url("api"), WHEELFIT_GITHUB=self.site.url("github"))
        del self.variables["WHEELFIT_CONDA_CHANNEL"]  # the harness names one for every test
        self.venv.use_index(self.site.url("simple/"))

    def doctor(self, *options, expect, variables=None):
        began = time.monotonic()
        outcome = self.wheelfit("doctor", *options, variables={**self.variables, **(variables or {})}, expect=expect)
        self.seconds = time.monotonic() - began
        self.assertNotIn("hunter2", outcome.output + outcome.error)
        if "--json" not in options:
            outcome.output = " ".join(outcome.output.split())  # wherever lines are broken
        return outcome

    def places(self, outcome):
        return {place["role"]: place for place in outcome.json["network"]}

    def test_all_well(self):
        outcome = self.doctor(expect=DONE)
        self.assertTrue(outcome.output.startswith("Sound: "), str(outcome))
        self.assertIn("58 of 60", outcome.output)
        places = self.places(self.doctor("--json", expect=DONE))
        self.assertEqual({"github-api", "release", "index"}, set(places))
        self.assertEqual([302, 206], [hop["status"] for hop in places["release"]["hops"]])
        self.assertEqual(58, places["github-api"]["rate_limit"]["remaining"])
        self.assertTrue(places["index"]["setting"].endswith("pip.conf"), places["index"])

    def test_a_dead_name(self):
        self.venv.use_index("http://somebody:hunter2@no-such-index.example/simple/")
        outcome = self.doctor(expect=BROKEN)
        self.assertIn("the name no-such-index.example cannot be resolved", outcome.output)
        self.assertIn("export HTTP_PROXY=http://PROXY:PORT", outcome.output)

    def test_a_proxy_that_only_git_knows(self):
        if program("squid") is None:
            self.skipTest("squid is not installed")
        proxy = Squid(self.authority)
        self.addCleanup(proxy.stop)
        self.venv.use_index(f"http://wheels.example:{self.server.port}/simple/")  # only the proxy knows the name
        git = self.home / ".gitconfig"
        git.write_text(f"[http]\n\tproxy = {proxy.url(user=USER + ':' + PASSWORD)}\n")
        outcome = self.doctor(expect=BROKEN)
        self.assertIn(f"export HTTP_PROXY={proxy.url()} this proxy stands in {git}, with its user name and password; "
                      "through it there is an answer", outcome.output)
        git.write_text(f"[http]\n\tproxy = http://127.0.0.1:{free_port()}\n")
        self.assertIn("export HTTP_PROXY=http://PROXY:PORT", self.doctor(expect=BROKEN).output)

    def test_a_proxy_that_refuses(self):
        nobody = f"http://{USER}:{PASSWORD}@127.0.0.1:{free_port()}"
        outcome = self.doctor(expect=BROKEN, variables={"http_proxy": nobody})
        self.assertIn("refuses the connection", outcome.output)
        self.assertIn("export http_proxy=http://PROXY:PORT", outcome.output)
        self.assertIn("export NO_PROXY=127.0.0.1", outcome.output)
        self.assertIn("(from http_proxy)", outcome.output)

    def test_a_proxy_that_wants_a_password(self):
        if program("tinyproxy") is None:
            self.skipTest("tinyproxy is not installed")
        proxy = Tinyproxy()
        self.addCleanup(proxy.stop)
        line = f"http://USER:PASSWORD@127.0.0.1:{proxy.port}"
        outcome = self.doctor(expect=BROKEN, variables={"HTTP_PROXY": proxy.url()})
        self.assertIn(f"export HTTP_PROXY={line}", outcome.output)
        (self.venv.path / "pip.conf").write_text(
            f"[global]\nindex-url = {self.site.url('simple/')}\nproxy = {proxy.url(user=USER + ':hunter2-wrong')}\n")
        self.assertIn(f"pip config set global.proxy {line}", self.doctor(expect=BROKEN).output)
        self.doctor("--proxy", proxy.url(user=f"{USER}:{PASSWORD}"), expect=DONE)

    def test_tls_under_a_private_authority(self):
        bare = {"PIP_CONFIG_FILE": "/dev/null", "PIP_INDEX_URL": self.origin.https("simple/")}
        outcome = self.doctor(expect=BROKEN, variables=bare)
        self.assertIn("Private authority, whom nothing here trusts", outcome.output)
        self.assertIn("pip config set global.cert FILE", outcome.output)
        (self.venv.path / "pip.conf").write_text(
            f"[global]\nindex-url = {self.origin.https('simple/')}\ncert = {self.authority.certificate}\n")
        outcome = self.doctor("--json", expect=WARNINGS)  # the project is not there
        hop = self.places(outcome)["index"]["hops"][0]
        self.assertEqual(str(self.authority.certificate), hop["certificates"])
        self.assertTrue(hop["certificates_source"].endswith("pip.conf"))
        self.assertIn("Private authority", hop["tls"]["issuer"])
        self.assertEqual(["not-in-index"], [finding["code"] for finding in outcome.json["findings"]])

    def test_an_unverified_look_sends_no_secret(self):
        """The certificate is not trusted: what stands behind it must not learn a password."""
        index = self.origin.https("private/simple/").replace("://", f"://{USER}:{PASSWORD}@")
        (self.home / ".netrc").write_text(f"machine 127.0.0.1 login {USER} password {PASSWORD}\n")
        self.doctor("--index-url", index, expect=BROKEN)
        self.assertEqual([], [line for line in self.origin.requests() if "Basic " in line])
        self.doctor("--index-url", index, "--cacert", self.authority.certificate, expect=WARNINGS)
        self.assertTrue(any("Basic " in line for line in self.origin.requests()))

    def test_a_rate_limit(self):
        self.site.answers["/api/"] = (403, {"x-ratelimit-limit": "60", "x-ratelimit-remaining": "0",
                                            "x-ratelimit-reset": "1893456000"})
        outcome = self.doctor(expect=WARNINGS)
        self.assertIn("until 2030-01-01 00:00 UTC", outcome.output)
        self.assertIn("export GITHUB_TOKEN=", outcome.output)
        outcome = self.doctor("--json", expect=WARNINGS, variables={"GITHUB_TOKEN": "hunter2"})
        self.assertFalse(self.places(outcome)["github-api"]["token"], "the token is for GitHub itself alone")

    def test_a_dead_object_store(self):
        self.site.answers["/github/"] = (302, {"Location": f"http://127.0.0.1:{free_port()}/wheel?sig=hunter2"})
        outcome = self.doctor(expect=BROKEN)
        self.assertIn("the object store behind GitHub's releases cannot be reached", outcome.output)
        self.assertIn("--github https://MIRROR", outcome.output)

    def test_a_mirror_in_place_of_a_dead_release(self):
        self.site.answers["/github/"] = (302, {"Location": f"http://127.0.0.1:{free_port()}/wheel"})
        self.site.answers["/mirror/"] = (200, {})
        outcome = self.doctor("--github-mirror", self.site.url("mirror"), expect=WARNINGS)
        self.assertIn("a mirror of GitHub answers in its place", outcome.output)

    def test_an_index_that_wants_credentials_or_has_nothing(self):
        self.site.answers["/simple/"] = (401, {"WWW-Authenticate": "Basic realm=wheels"})
        outcome = self.doctor(expect=BROKEN)
        self.assertIn("into ~/.netrc: machine 127.0.0.1 login USER password PASSWORD", outcome.output)
        self.site.answers["/simple/"] = (404, {})
        self.assertIn("knows no flash-attn", self.doctor(expect=WARNINGS).output)

    def test_a_conda_channel_that_is_named(self):
        channel = ("--conda-channel", self.site.url("channel"))
        listing = f"/channel/{SUBDIR}/repodata.json"
        for name in (f"{listing}.zst", listing):  # a channel that is not compressed has the second alone
            self.site.answers[name] = (200, {})
            if not name.endswith(".zst"):
                del self.site.answers[f"{listing}.zst"]
                self.site.answers = {f"{listing}.zst": (404, {}), **self.site.answers}
            self.assertIn("conda channel reached: 127.0.0.1", self.doctor(*channel, expect=DONE).output)
            place = self.places(self.doctor("--json", *channel, expect=DONE))["conda-channel"]
            self.assertEqual((self.site.url(name[1:]), "--conda-channel", [200]),
                             (place["url"], place["setting"], [hop["status"] for hop in place["hops"]]))
        del self.site.answers[listing]
        outcome = self.doctor(*channel, expect=WARNINGS)
        self.assertIn("127.0.0.1 answers, but no conda channel is at that address", outcome.output)
        self.assertIn("as in https://127.0.0.1/CHANNEL", outcome.output)
        self.site.answers = {"/channel/": (401, {}), **self.site.answers}
        self.assertIn("into ~/.netrc: machine 127.0.0.1", self.doctor(*channel, expect=WARNINGS).output)
        dead = f"http://somebody:hunter2@127.0.0.1:{free_port()}/channel"
        outcome = self.doctor("--conda-channel", dead, "--lang", "zh", expect=WARNINGS)
        self.assertIn("无法访问 conda 频道", outcome.output)
        outcome = self.doctor(expect=WARNINGS, variables={"WHEELFIT_CONDA_CHANNEL": dead})
        self.assertIn("the conda channel cannot be reached", outcome.output)
        self.assertIn("--conda-channel https://MIRROR/CHANNEL", outcome.output)

    def test_a_conda_channel_moves_hop_by_hop(self):
        self.site.answers["/channel/"] = (302, {"Location": self.objects.url("repodata?sig=hunter2")})
        place = self.places(self.doctor("--json", "--conda-channel", self.site.url("channel/"), expect=DONE))["conda-channel"]
        self.assertEqual([302, 206], [hop["status"] for hop in place["hops"]])

    def test_a_conda_environment_asks_its_channel(self):
        """conda-forge itself, through a proxy that is not there: nothing leaves this machine."""
        self.venv.become_condas()
        proxy = f"http://127.0.0.1:{free_port()}"
        outcome = self.doctor("--json", expect=WARNINGS, variables={"HTTPS_PROXY": proxy})
        self.assertIsNone(self.places(outcome)["conda-channel"]["setting"])
        hop = self.places(outcome)["conda-channel"]["hops"][0]
        self.assertEqual((f"https://conda.anaconda.org/conda-forge/{SUBDIR}/repodata.json.zst", proxy),
                         (hop["url"], hop["proxy"]))
        local = self.doctor("--json", "--conda-channel", self.home.as_uri(), expect=DONE)  # a folder is no network
        self.assertNotIn("conda-channel", self.places(local))

    def test_it_ends_soon_where_everything_hangs(self):
        silent = FaultyServer(b"", hang=True)
        self.addCleanup(silent.stop)
        self.venv.use_index(silent.url("simple/"))
        outcome = self.doctor(expect=BROKEN, variables={"WHEELFIT_GITHUB_API": silent.url("api"),
                                                        "WHEELFIT_GITHUB": silent.url("github")})
        self.assertIn("sends no answer", outcome.output)
        self.assertLess(self.seconds, 12)

    def test_it_ends_soon_where_the_name_server_hangs(self):
        self.venv.use_index("http://slow-name.example/simple/")
        outcome = self.doctor(expect=BROKEN, variables={"LD_PRELOAD": str(self.shim), "NAMES_HANG": "1"})
        self.assertIn("the name slow-name.example is not resolved within 3 s", outcome.output)
        self.assertLess(self.seconds, 12)

    def test_offline_it_asks_nobody(self):
        self.venv.use_index("http://no-such-index.example/simple/")
        outcome = self.doctor("--offline", expect=DONE)
        self.assertIn("not asked (--offline)", outcome.output)
        self.assertIsNone(self.doctor("--offline", "--json", expect=DONE).json["network"])

    def test_an_environment_without_torch(self):
        self.venv.pip("uninstall", "--yes", "torch")
        outcome = self.doctor("--offline", expect=BROKEN)
        self.assertIn("no torch is installed here", outcome.output)
        self.assertIn("python -m pip install torch", outcome.output)


if __name__ == "__main__":
    unittest.main(verbosity=2)
