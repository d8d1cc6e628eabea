# SPDX-License-Identifier: Apache-2.0
"""Downloads over several connections and from several sources, against a real nginx that limits, refuses, changes,
redirects and restarts; kills at random moments."""
import collections
import hashlib
import json
import os
import random
import re
import time
import unittest
import zipfile

from faulty import FaultyServer
from harness import DONE, LINUX, REFUSED, UNPROVEN, UNREACHABLE, EndToEnd, attention_wheel
from nginx import ECHO, free_port
from wheels import Wheel

ROUNDS = int(os.environ.get("WHEELFIT_FETCH_KILLS", "30"))
RELEASE = "github/somebody/something/releases/download/v1"


def big_wheel(version, size):
    wheel = Wheel("handmade", version, {"handmade/big.bin": random.Random(version).randbytes(size)})
    wheel.compression = zipfile.ZIP_STORED
    return wheel


class Request:
    """A line of nginx's log."""

    def __init__(self, line):
        self.target, self.status = line.split(" ")[1], int(line.split(" ")[2])
        asked = re.search(r'"bytes=(\d+)-(\d+)"', line)
        self.first, self.last = (int(asked[1]), int(asked[2])) if asked else (0, None)
        connection, ended, duration, sent = line.rsplit(" ", 4)[1:]
        self.connection, self.sent = int(connection), int(sent)
        self.begun = float(ended) - float(duration)

    @property
    def asked(self):
        return self.last - self.first + 1 if self.last is not None else 1 << 40


class Fetching(EndToEnd):
    @classmethod
    def serve(cls, server):
        cls.medium, cls.large = big_wheel("1.0", 30_000_000), big_wheel("2.0", 200_000_000)
        cls.sha256 = {}
        for wheel in (cls.medium, cls.large):
            content = wheel.bytes()
            cls.sha256[wheel.file_name] = hashlib.sha256(content).hexdigest()
            server.add_file(f"files/{wheel.file_name}", content)
            wheel.size = len(content)
        (server.www / RELEASE).mkdir(parents=True)
        os.link(server.www / "files" / cls.medium.file_name, server.www / RELEASE / cls.medium.file_name)

    def address(self, place, wheel=None, hashed=True):
        wheel = wheel or self.medium
        fragment = f"#sha256={self.sha256[wheel.file_name]}" if hashed else ""
        return self.server.url(f"{place}/files/{wheel.file_name}") + fragment

    def release(self, hashed=True):
        """Where GitHub would have it."""
        fragment = f"#sha256={self.sha256[self.medium.file_name]}" if hashed else ""
        return f"https://{RELEASE.replace('github/', 'github.com/', 1)}/{self.medium.file_name}" + fragment

    def seen(self):
        return [Request(line) for line in self.server.requests() if ".whl" in line]

    def assert_stored(self, wheel=None):
        wheel = wheel or self.medium
        files = list((self.store / "wheels").rglob("*.whl"))
        self.assertEqual([wheel.file_name], [file.name for file in files])
        self.assertEqual(self.sha256[wheel.file_name], hashlib.sha256(files[0].read_bytes()).hexdigest())
        self.assertEqual([], list((self.store / "partial").iterdir()))

    def fetch(self, url, *options, expect=DONE, **more):
        return self.wheelfit("fetch", url, *options, expect=expect, **more)

    def fetched(self, place, *options, hashed=True):
        outcome = self.fetch(self.address(place, hashed=hashed), *options)
        self.assert_stored()
        return outcome

    # --- what servers do ---

    def test_more_connections_where_each_is_limited(self):
        outcome = self.fetch(self.address("each-5m", self.large), "--verbose")
        self.assert_stored(self.large)
        self.assertGreaterEqual(len({request.connection for request in self.seen()}), 4)
        self.assertRegex(outcome.error, r"over at most \d+ connections")
        # Sixteen connections share the end of the file; they do not take it from each other over and over.
        self.assertLess(len(self.seen()), 300)

    def test_no_more_connections_than_wished(self):
        outcome = self.fetched("each-5m", "--connections", "1", "--verbose")
        self.assertIn("over at most 1 connections", outcome.error)
        # One to read what it needs, one for the file.
        self.assertLessEqual(len({request.connection for request in self.seen()}), 2)

    def test_no_more_connections_than_the_server_allows(self):
        self.fetched("two-connections")
        refused = [request for request in self.seen() if request.status == 503]
        self.assertTrue(1 <= len(refused) <= 6, len(refused))

    def test_a_server_that_wants_fewer_requests(self):
        self.fetched("three-a-second")
        self.assertTrue(any(request.status == 429 for request in self.seen()))

    def test_servers_without_ranges_or_length(self):
        for place in ("no-ranges", "no-length"):
            for hashed in (True, False):
                with self.subTest(place, hashed=hashed):
                    self.fetched(place, hashed=hashed)
                    for file in (self.store / "wheels").rglob("*.whl"):
                        file.unlink()

    def test_another_range_than_asked_for(self):
        outcome = self.fetch(self.address("other-range"), expect=UNREACHABLE)
        self.assert_one_sentence(outcome)
        self.assertIn("another part", outcome.error)

    def test_signed_addresses_that_expire(self):
        self.fetched("expiring")
        seen = self.seen()
        self.assertTrue(any("/signed/" in request.target and request.status == 206 for request in seen))
        self.assertGreaterEqual(sum("/expiring/" in request.target for request in seen), 2)

    def test_refusals_are_one_sentence(self):
        for place, answer in (("gone", "404"), ("limited", "403")):
            with self.subTest(place):
                outcome = self.fetch(self.server.url(f"{place}/{self.medium.file_name}"), expect=UNREACHABLE)
                self.assert_one_sentence(outcome)
                self.assertIn(answer, outcome.error)

    def test_truncation_and_resets(self):
        content = (self.server.www / "files" / self.medium.file_name).read_bytes()
        for reset in (False, True):
            with self.subTest(reset=reset):
                server = FaultyServer(b"HTTP/1.1 206 Partial Content\r\nETag: \"1\"\r\nContent-Length: %d\r\n"
                                      b"Content-Range: bytes 0-4194303/%d\r\n\r\n" % (1 << 22, len(content)),
                                      content[:300_000], reset=reset)
                self.addCleanup(server.stop)
                url = server.url(self.medium.file_name) + "#sha256=" + self.sha256[self.medium.file_name]
                self.assert_one_sentence(self.fetch(url, "--timeout", "2", expect=UNREACHABLE))
                self.assertFalse((self.store / "wheels").exists())

    def test_nginx_resets_a_third_of_its_connections(self):
        self.fetched("resetting")
        statuses = [request.status for request in self.seen()]
        self.assertIn(444, statuses)
        self.assertIn(206, statuses)

    def test_nginx_resets_every_connection(self):
        outcome = self.fetch(self.address("always-reset"), "--timeout", "2", expect=UNREACHABLE)
        self.assert_one_sentence(outcome)
        self.assertFalse((self.store / "wheels").exists())

    @unittest.skipUnless(ECHO.exists(), "nginx has no echo module here, so it cannot be made to start late")
    def test_nginx_starts_late(self):
        """Each connection is limited, so there are several; and they must not take the end of the file from each
        other again and again while all of them wait for an answer."""
        self.addCleanup(self.server.restart)
        for place in ("slow-start", "slower-start"):
            with self.subTest(place):
                self.fetched(place)
                asked = collections.Counter((request.first, request.last) for request in self.seen()
                                            if request.last and f"/{place}/" in request.target)
                self.assertLessEqual(max(asked.values()), 3, asked)
                for file in (self.store / "wheels").rglob("*.whl"):
                    file.unlink()

    @unittest.skipUnless(ECHO.exists(), "nginx has no echo module here, so it cannot be made to start late")
    def test_nginx_never_starts(self):
        self.addCleanup(self.server.restart)
        outcome = self.fetch(self.address("never-starts"), "--timeout", "1", "--stall-timeout", "1",
                             expect=UNREACHABLE)
        self.assert_one_sentence(outcome)

    def test_nginx_is_restarted_and_cuts_its_answers_short(self):
        child = self.start("fetch", self.address("each-5m", self.large))
        time.sleep(1)
        self.server.restart()
        output, error = child.communicate(timeout=60)
        if child.returncode != DONE:  # it may have found nobody there
            self.assertEqual(UNREACHABLE, child.returncode, error)
            self.fetch(self.address("each-5m", self.large))
        self.assert_stored(self.large)

    def test_a_file_that_changes_is_never_glued(self):
        for hashed in (True, False):
            with self.subTest(hashed=hashed):
                one, two = (Wheel("handmade", "3.0", {"handmade/x.bin": random.Random(seed).randbytes(3_000_000)})
                            for seed in (1, 2))
                self.server.add_file(f"files/{one.file_name}", one.bytes())
                url = self.server.url(f"slow/files/{one.file_name}")
                new = two.bytes()
                if hashed:
                    url += "#sha256=" + hashlib.sha256(new).hexdigest()
                child = self.start("fetch", url)
                time.sleep(1.5)
                child.kill()
                child.communicate()
                self.server.add_file(f"files/{one.file_name}", new)
                os.utime(self.server.www / "files" / one.file_name, (1, 1))
                self.fetch(url)
                stored = next((self.store / "wheels").rglob("*.whl"))
                self.assertEqual(new, stored.read_bytes())
                stored.unlink()

    def test_a_shorter_file_in_its_place(self):
        name = self.medium.file_name
        url = self.server.url(f"slow/changing/{name}")
        self.server.add_file(f"changing/{name}", (self.server.www / "files" / name).read_bytes())
        child = self.start("fetch", url)
        time.sleep(1)
        child.kill()
        child.communicate()
        small = Wheel("handmade", "1.0").bytes()
        self.server.add_file(f"changing/{name}", small)
        self.fetch(url)
        self.assertEqual(small, next((self.store / "wheels").rglob("*.whl")).read_bytes())

    # --- kills and neighbours ---

    def kept(self):
        """How many bytes the journal names."""
        spans = sorted(tuple(map(int, line.split())) for journal in (self.store / "partial").glob("*/journal")
                       for line in journal.read_text().splitlines()[1:])
        total = reached = 0
        for first, end in spans:
            total += max(0, end - max(first, reached))
            reached = max(reached, end)
        return total

    def test_kills_at_random_moments(self):
        moments = random.Random(20260101)
        url = self.address("each-5m", self.large)
        times, gained, before = [], [], 0
        for _ in range(ROUNDS):
            times.append(time.time())
            child = self.start("fetch", url)
            time.sleep(moments.uniform(0.02, 0.7))
            child.kill()
            child.communicate()
            if list((self.store / "wheels").glob("*/*")):
                break
            now = self.kept()
            gained.append(now - before)
            self.assertGreaterEqual(now, before)
            before = now
        times.append(time.time())
        self.fetch(url)
        self.assert_stored(self.large)
        time.sleep(1)  # until nginx has noticed the last who went away
        self.assert_little_twice(times, gained)

    def assert_little_twice(self, times, gained):
        seen = self.seen()
        for index, gain in enumerate(gained):
            mine = [request for request in seen if times[index] <= request.begun < times[index + 1]]
            last = {}
            for request in sorted(mine, key=lambda request: request.begun):
                last[request.connection] = request
            lost = sum(request.sent for request in mine) - gain
            self.assertLessEqual(lost, sum(request.asked for request in last.values()),
                                 f"round {index}: more than one range of a connection is lost")
        sent = sum(request.sent for request in seen)
        print(f"{len(gained)} kills: {sent / 1e6:.0f} MB sent for {self.large.size / 1e6:.0f} MB")
        self.assertLess(sent, 4 * self.large.size)

    def test_two_processes_share_one_download(self):
        url = self.address("each-5m")
        children = [self.start("fetch", url) for _ in range(2)]
        errors = [child.communicate(timeout=60)[1] for child in children]
        self.assertEqual([DONE, DONE], [child.returncode for child in children], errors)
        self.assertIn("Another wheelfit is downloading", "".join(errors))
        self.assert_stored()
        self.assertLess(sum(request.sent for request in self.seen()), 1.5 * self.medium.size)

    # --- several sources ---

    def test_a_dead_a_crawling_and_a_good_source(self):
        dead = FaultyServer(b"", hang=True)
        self.addCleanup(dead.stop)
        self.fetch(self.release(), "--github", dead.url(""), "--github", self.server.url("crawling/github"),
                   "--github", self.server.url("each-5m/github"), "--verbose")
        self.assert_stored()
        crawled = sum(request.sent for request in self.seen() if "/crawling/" in request.target)
        self.assertLess(crawled, self.medium.size / 4)

    def test_a_mirror_by_prefix(self):
        nobody = f"http://127.0.0.1:{free_port()}"
        self.fetch(self.release(), "--github", nobody, "--github-mirror", self.server.url("prefix"))
        self.assert_stored()

    def test_mirrors_from_the_settings_file(self):
        config = self.home / "config" / "wheelfit" / "config.toml"
        config.parent.mkdir(parents=True)
        nobody = f"http://127.0.0.1:{free_port()}"
        config.write_text(f'github = ["{nobody}", "{self.server.url("github")}"]\n')
        variables = {name: value for name, value in self.variables.items() if name != "WHEELFIT_GITHUB"}
        self.fetch(self.release(), variables=variables)
        self.assert_stored()

    def test_a_mirror_of_hugging_face(self):
        url = f"https://huggingface.co/files/{self.medium.file_name}#sha256={self.sha256[self.medium.file_name]}"
        self.fetch(url, variables=dict(self.variables, HF_ENDPOINT=self.server.url("")))
        self.assert_stored()

    def test_a_mirror_for_which_nothing_vouches_is_not_asked(self):
        nobody = f"http://127.0.0.1:{free_port()}"  # what is not on loopback cannot be reached
        outcome = self.fetch(self.release(hashed=False), "--github-mirror", self.server.url("prefix"), "--proxy",
                             nobody, expect=UNREACHABLE)
        self.assertIn("#sha256=", outcome.error)
        self.assertEqual([], self.seen())

    def test_a_mirror_that_has_another_file(self):
        liar = self.server.www / "liar" / RELEASE[len("github/"):] / self.medium.file_name
        liar.parent.mkdir(parents=True, exist_ok=True)
        content = bytearray((self.server.www / "files" / self.medium.file_name).read_bytes())
        content[12_345] ^= 1
        liar.write_bytes(content)
        self.fetch(self.release(), "--github", self.server.url("liar"), "--github", self.server.url("github"),
                   expect=UNPROVEN)  # done, with a warning
        self.assert_stored()

    def without_digests(self, wheel):
        """A listing of the time before GitHub gave digests: only the size is known."""
        self.server.add_releases("Dao-AILab/flash-attention", {"v2.8.3": [wheel]})
        self.server.add_releases("mjun0812/flash-attention-prebuild-wheels", {})
        listing = self.server.www / "api/repos/Dao-AILab/flash-attention/releases.json"
        releases = json.loads(listing.read_text())
        for asset in releases[0]["assets"]:
            asset["digest"] = None
            path = asset["browser_download_url"].split("/github/", 1)[1]
            asset["browser_download_url"] = "https://github.com/" + path
        listing.write_text(json.dumps(releases))

    def test_a_known_size_and_a_proof_are_enough(self):
        self.without_digests(attention_wheel("2.8.3", "flash_attn", requires=("torch",),
                                             local="cu12torch2.4cxx11abiFALSE", tag=LINUX))
        self.wheelfit("install", "flash-attn", "--require", "import", expect=DONE)

    def test_a_known_size_without_a_proof_is_not(self):
        self.without_digests(attention_wheel("2.8.3", "flash_attn", requires=("torch",),
                                             local="cu12torch2.4cxx11abiFALSE", tag=LINUX,
                                             body="__attribute__((tls_model(\"initial-exec\"))) __thread char "
                                                  "big[100000];\nchar* use() { return big; }"))
        outcome = self.wheelfit("install", "flash-attn", "--require", "import", expect=REFUSED)
        self.assertIn("its symbols are not proven here", outcome.error)

    def test_an_api_that_cannot_be_reached_stops_no_plan(self):
        nobody = f"http://127.0.0.1:{free_port()}"
        outcome = self.wheelfit("plan", "flash-attn", "--timeout", "2",
                                variables=dict(self.variables, WHEELFIT_GITHUB_API=nobody), expect=(DONE, UNPROVEN))
        self.assertIn("torch2.4cxx11abiFALSE", outcome.output)
        self.assertIn("built-in", outcome.output + outcome.error)

    def test_the_next_api_is_asked(self):
        nobody = f"http://127.0.0.1:{free_port()}"
        self.without_digests(attention_wheel("2.8.3", "flash_attn", requires=("torch",),
                                             local="cu12torch2.4cxx11abiFALSE", tag=LINUX))
        outcome = self.wheelfit("plan", "flash-attn", "--github-api", nobody, "--github-api", self.server.url("api"),
                                expect=(DONE, UNPROVEN))
        self.assertNotIn("built-in list", outcome.output)


if __name__ == "__main__":
    unittest.main(verbosity=2)
