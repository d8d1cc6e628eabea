# SPDX-License-Identifier: Apache-2.0
"""A seeded wheel is what a plain `pip install` takes: real pips, real Pythons, the real index where it can be reached,
and a mirror that links to itself. Nothing is built, and nobody but the index is asked.
  WHEELFIT_SEED_PIPS=all   every release of pip on every Python; else some on one"""
import hashlib
import io
import json
import os
import shutil
import subprocess
import tarfile
import tempfile
import unittest
import urllib.parse
from pathlib import Path

import pips
from nginx import Nginx

PROGRAM = os.environ["WHEELFIT_TEST_PROGRAM"]
PACKAGE, MODULE, VERSION = "flash-attn", "flash_attn", "2.8.3"
EVERYTHING = os.environ.get("WHEELFIT_SEED_PIPS") == "all"
SOME_PIPS = ("20.3.4", "22.3.1", "23.2.1", "newest")
SOME_MINOR = 11
# Wheels of the real release say so in their names, and not in their METADATA.
LABEL = "cu12torch2.4cxx11abiFALSE"


def version_on_the_index(minor):
    """The source distribution of 2.8.3 wants Python 3.9."""
    return "2.6.3" if minor == 8 else VERSION


def failing_source(mark):
    """A source distribution that leaves a mark when anything of it is run."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        for name, text in {"PKG-INFO": f"Metadata-Version: 2.1\nName: {MODULE}\nVersion: {VERSION}\n",
                           "setup.py": f"open({str(mark)!r}, 'a').write('setup.py')\nraise SystemExit('it is built')\n"}.items():
            entry = tarfile.TarInfo(f"{MODULE}-{VERSION}/{name}")
            entry.size = len(text)
            archive.addfile(entry, io.BytesIO(text.encode()))
    return buffer.getvalue()


class SeededForPips(unittest.TestCase):
    maxDiff = 2000

    @classmethod
    def setUpClass(cls):
        usage = subprocess.run([PROGRAM, "seed", "--help"], stdout=subprocess.PIPE, text=True, check=False).stdout
        if "Usage: seed" not in usage:
            raise unittest.SkipTest("this wheelfit has no `seed`")
        releases = pips.releases()
        wanted = list(releases) if EVERYTHING else [name for name in SOME_PIPS if name in releases]
        if not wanted:
            raise unittest.SkipTest("needs releases of pip in a folder of WHEELFIT_PIPS (scripts/lib.sh: make_pips)")
        at_hand = pips.pythons()
        if not EVERYTHING and at_hand:
            minor = SOME_MINOR if SOME_MINOR in at_hand else max(at_hand)
            at_hand = {minor: at_hand[minor]}
        if not at_hand:
            raise unittest.SkipTest("needs a Python of 3.8 to 3.13")
        cls.pairs = [(name, releases[name], minor, python) for minor, python in at_hand.items() for name in wanted]
        cls.folder = Path(tempfile.mkdtemp(prefix="wheelfit-seed-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder, ignore_errors=True)
        cls.mark = cls.folder / "source-was-run"
        cls.server = Nginx(cls.folder / "nginx")
        cls.addClassCleanup(cls.server.stop)
        cls.serve_mirror()

    @classmethod
    def serve_mirror(cls):
        """The project as a mirror offers it that rewrites links to its own place: relative ones on the HTML page, absolute
        ones in the JSON."""
        content = failing_source(cls.mark)
        path = f"packages/3b/b2/8d76c41ad7974ee264754709c22963447f7f/{MODULE}-{VERSION}.tar.gz"
        url = cls.server.add_file(path, content)
        digest = cls.digest = hashlib.sha256(content).hexdigest()
        cls.server.add_file(f"simple/{PACKAGE}/index.html", f"<!DOCTYPE html><html><body><a href=\"../../{path}#sha256={digest}\">"
                            f"{MODULE}-{VERSION}.tar.gz</a></body></html>".encode())
        cls.server.add_file(f"simple/{PACKAGE}/index.json", json.dumps({
            "meta": {"api-version": "1.1"}, "name": PACKAGE,
            "files": [{"filename": f"{MODULE}-{VERSION}.tar.gz", "url": url, "hashes": {"sha256": digest}}]}).encode())

    def each_pair(self, check, variables, once=False):
        """Runs `check` for every pip and Python that go together, or `once` for every pip; says how many did."""
        done, left_out = [], []
        for name, folder, minor, python in self.pairs:
            if once and any(pair.startswith(f"{name}/") for pair in done):
                continue
            place = Path(tempfile.mkdtemp(dir=self.folder))
            venv = pips.PipVenv(place, python, minor, folder, variables)
            trouble = "its METADATA says so" if not venv.supports() else venv.runs()
            if trouble:
                left_out.append(f"pip {name} on 3.{minor}: {trouble}")
            else:
                with self.subTest(pip=name, python=f"3.{minor}"):
                    check(venv)
                done.append(f"{name}/3.{minor}")
            shutil.rmtree(place, ignore_errors=True)
        print(f"{len(done)} pairs: {' '.join(done)}")
        for line in left_out:
            print(f"left out: {line}")
        self.assertTrue(done, left_out)

    def seed(self, venv, version=VERSION):
        venv.wheel = pips.tiny_wheel(MODULE, version, venv.minor, LABEL).write(venv.home)
        done = venv.wheelfit(PROGRAM, "seed", venv.wheel, "--json")
        self.assertIn(done.returncode, (0, 1), f"{done.stdout}\n{done.stderr}")
        answer = json.loads(done.stdout)
        self.assertTrue(answer["will_be_used"], done.stdout)
        self.assertTrue(all(Path(directory).is_dir() for directory in answer["directories"]), done.stdout)
        return answer

    def install(self, venv, hosts, *arguments):
        done = venv.pip("install", "-vvv", *arguments)
        log = done.stdout + done.stderr
        told = "\n".join(log.splitlines()[-40:])
        self.assertEqual(0, done.returncode, told)
        self.assertEqual("seeded", venv.installed(MODULE), told)
        self.assertFalse(venv.mark.exists() or self.mark.exists(), f"something was built\n{told}")
        self.assertLessEqual(venv.hosts(log), hosts, told)
        self.assertTrue(venv.hosts(log), f"the log does not say whom pip asked\n{told}")
        venv.forget(MODULE)

    def test_the_real_index(self):
        variables = pips.real_index()
        first = pips.PipVenv(self.folder / "first", self.pairs[-1][3], self.pairs[-1][2], self.pairs[-1][1], variables)
        index = variables.get("PIP_INDEX_URL") or first.pip("config", "get", "global.index-url").stdout.strip() or \
            first._run([str(first.python), "-c", "from pip._internal.models.index import PyPI; print(PyPI.simple_url)"]).stdout.strip()
        probe = first.pip("download", "--no-deps", "--no-binary", "none", "--dest", first.home, "packaging==24.1")
        if probe.returncode != 0:
            self.skipTest(f"the package index cannot be reached: {probe.stderr.strip().splitlines()[-1]}")
        hosts = {urllib.parse.urlsplit(index).hostname}
        for name in ("https_proxy", "HTTPS_PROXY", "PIP_PROXY"):
            if variables.get(name):
                hosts.add(urllib.parse.urlsplit(variables[name]).hostname)

        def check(venv):
            version = version_on_the_index(venv.minor)
            answer = self.seed(venv, version)
            self.assertGreaterEqual(len(answer["directories"]), 1)
            self.install(venv, hosts, f"{PACKAGE}=={version}")
            (venv.home / "requirements.txt").write_text(f"# what the project needs\n{PACKAGE}=={version}\n")
            self.install(venv, hosts, "-r", "requirements.txt")

        self.each_pair(check, variables)

    def test_a_mirror_that_rewrites_links(self):
        def check(venv):
            self.server.forget_requests()
            self.seed(venv)
            (venv.home / "requirements.txt").write_text(f"{PACKAGE}\n")
            self.install(venv, {"127.0.0.1"}, f"{PACKAGE}=={VERSION}")
            self.install(venv, {"127.0.0.1"}, PACKAGE)
            self.install(venv, {"127.0.0.1"}, "-r", "requirements.txt")
            self.assertEqual([], [line for line in self.server.requests() if "/packages/" in line])

        self.each_pair(check, {"PIP_INDEX_URL": self.server.url("simple"), "PIP_TRUSTED_HOST": "127.0.0.1"})

    def test_settings_that_make_pip_pass_its_cache(self):
        """What seed says of each pip's habits, and what that pip does with a wheel that lies there."""
        settings = ({}, {"PIP_NO_BINARY": PACKAGE}, {"PIP_NO_BINARY": ":all:"}, {"PIP_ONLY_BINARY": PACKAGE},
                    {"PIP_REQUIRE_HASHES": "1"}, {"PIP_NO_CACHE_DIR": "1"}, {"PIP_PREFER_BINARY": "1"},
                    {"PIP_FIND_LINKS": self.server.url(f"simple/{PACKAGE}/")})
        said = set()

        def check(venv):
            self.seed(venv)
            (venv.home / "requirements.txt").write_text(f"{PACKAGE}=={VERSION}\n")
            (venv.home / "hashed.txt").write_text(f"{PACKAGE}=={VERSION} --hash=sha256:{self.digest}\n")
            for setting in settings:
                answer = json.loads(venv.wheelfit(PROGRAM, "seed", venv.wheel, "--dry-run", "--json", **setting).stdout)
                file = "hashed.txt" if "PIP_REQUIRE_HASHES" in setting else "requirements.txt"
                done = venv.pip("install", "--no-build-isolation", "--no-deps", "-r", file, **setting)
                used = venv.installed(MODULE) == "seeded"
                self.assertEqual(answer["will_be_used"], used, f"{setting}: {answer['reasons']}\n{done.stdout}\n{done.stderr}")
                said.update(reason["code"] for reason in answer["reasons"])
                venv.forget(MODULE)

        self.addCleanup(self.mark.unlink, missing_ok=True)
        self.each_pair(check, {"PIP_INDEX_URL": self.server.url("simple"), "PIP_TRUSTED_HOST": "127.0.0.1"}, once=True)
        self.assertLessEqual({"no-binary", "only-binary", "require-hashes", "no-cache"}, said)

    def test_without_the_seed_it_would_be_built(self):
        """The other tests could fail."""
        name, folder, minor, python = self.pairs[-1]
        venv = pips.PipVenv(self.folder / "unseeded", python, minor, folder,
                            {"PIP_INDEX_URL": self.server.url("simple"), "PIP_TRUSTED_HOST": "127.0.0.1"})
        self.addCleanup(self.mark.unlink, missing_ok=True)
        done = venv.pip("install", "--no-build-isolation", f"{PACKAGE}=={VERSION}")
        self.assertNotEqual(0, done.returncode)
        self.assertTrue(any("/packages/" in line for line in self.server.requests()), done.stdout)


if __name__ == "__main__":
    unittest.main(verbosity=2)
