# SPDX-License-Identifier: Apache-2.0
"""doctor --disk and --free on a real cache of pip's, real links, a store that a real fetch has filled."""
import hashlib
import os
import shutil
import subprocess
import time
import unittest
from pathlib import Path
from urllib.parse import urlsplit

from harness import DONE, LINUX, UNPROVEN, USAGE, EndToEnd, attention_wheel
from wheels import Wheel

CACHES = {"temporary", "store-listings", "pip-http", "uv-cache", "store-partial", "store-wheels", "builds", "pip-wheels"}


class Disk(EndToEnd):
    @classmethod
    def serve(cls, server):
        cls.wheel = attention_wheel("2.8.3", "flash_attn", requires=("torch",), local="cu12torch2.4cxx11abiFALSE",
                                    tag=LINUX)
        server.add_releases("Dao-AILab/flash-attention", {"v2.8.3": [cls.wheel]})
        server.add_releases("mjun0812/flash-attention-prebuild-wheels", {})
        server.add_project("einops", [Wheel("einops", "0.8.0", {"einops/data.bin": os.urandom(400_000)})])

    def setUp(self):
        super().setUp()
        self.pip_cache = self.home / "cache" / "pip"
        self.tmp = self.home / "tmp"
        self.tmp.mkdir()
        self.variables["TMPDIR"] = str(self.tmp)

    def fill(self):
        """pip's cache by pip, the store by wheelfit, a left temporary folder, bytecode by Python."""
        host = urlsplit(self.server.url("")).netloc
        self.venv.pip("--cache-dir", str(self.pip_cache), "download", "--trusted-host", host, "--no-deps", "--dest",
                      str(self.home / "downloads"), "einops")
        self.wheelfit("fetch", "flash-attn", expect=DONE)
        left = self.tmp / "pip-unpack-left" / "file"
        left.parent.mkdir()
        left.write_bytes(b"x" * 100_000)
        long_ago = time.time() - 2 * 86400
        os.utime(left, (long_ago, long_ago))
        self.venv.run_python("import torch")

    def document(self, *options, expect=(DONE, UNPROVEN)):
        return self.wheelfit("doctor", "--disk", *options, "--json", expect=expect).json

    def holdings(self, *options):
        return {row["kind"]: row for row in self.document(*options)["holdings"]}

    def blocks(self, folder):
        """What du counts, without the folders themselves."""
        return sum(path.lstat().st_blocks * 512 for path in Path(folder).rglob("*") if path.is_file())

    def test_shows_what_takes_the_space_by_blocks(self):
        self.fill()
        rows = self.holdings()
        http = [path for path in (self.pip_cache / "http", self.pip_cache / "http-v2") if path.exists()]
        self.assertEqual(sum(map(self.blocks, http)), rows["pip-http"]["bytes"])
        self.assertGreater(rows["pip-http"]["bytes"], 400_000)
        self.assertEqual(self.blocks(self.store / "wheels"), rows["store-wheels"]["bytes"])
        self.assertGreater(rows["bytecode"]["files"], 5)
        self.assertEqual([str(self.tmp / "pip-unpack-left")], rows["temporary"]["paths"])
        order = [row["kind"] for row in self.document()["holdings"]]
        self.assertLess(order.index("temporary"), order.index("pip-http"))
        self.assertLess(order.index("pip-http"), order.index("store-wheels"))
        page = self.wheelfit("doctor", "--disk", expect=DONE).output
        self.assertIn("could be freed", page.splitlines()[0])

    def test_a_wheel_that_pips_cache_shares_with_the_store_counts_once(self):
        self.fill()
        digest = hashlib.sha256(self.wheel.bytes()).hexdigest()
        stored = self.store / "wheels" / digest / self.wheel.file_name
        linked = self.pip_cache / "wheels" / "ab" / "cd" / "ef" / "0" / self.wheel.file_name
        linked.parent.mkdir(parents=True)
        os.link(stored, linked)
        rows = self.holdings()
        self.assertEqual(0, rows["store-wheels"]["frees_bytes"])
        self.assertEqual((0, stored.stat().st_blocks * 512),
                         (rows["pip-wheels"]["bytes"], rows["pip-wheels"]["frees_bytes"]))

    def test_free_proposes_and_changes_nothing(self):
        self.fill()
        before = {path: path.lstat().st_mtime_ns for path in self.home.rglob("*")}
        free = self.document("--free", "100kB", "--on", self.home)["free"]
        self.assertEqual((100_000, False), (free["wanted_bytes"], free["did"]))
        self.assertEqual("temporary", free["steps"][0]["kind"])
        self.assertLessEqual(free["wanted_bytes"], free["frees_bytes"])
        self.assertEqual(before, {path: path.lstat().st_mtime_ns for path in self.home.rglob("*")})

    def test_the_proposed_command_frees_what_it_says(self):
        self.fill()
        row = self.holdings()["pip-http"]
        subprocess.run(row["command"], shell=True, check=True)
        self.assertNotIn("pip-http", self.holdings())

    def test_more_than_there_is_says_how_much_is_reachable(self):
        self.fill()
        outcome = self.wheelfit("doctor", "--free", "900TB", "--on", self.home, expect=UNPROVEN)
        self.assertRegex(outcome.output, r"^Only \S+ .?B of 900 TB can be freed here")

    def test_yes_frees_caches_alone_and_measures_it(self):
        self.fill()
        state = self.venv.state()
        foretold = {kind: row["frees_bytes"] for kind, row in self.holdings().items()}
        free = self.document("--free", "900TB", "--yes", expect=UNPROVEN)["free"]
        self.assertTrue(free["did"])
        kinds = {step["kind"] for step in free["steps"]}
        self.assertLessEqual(kinds, CACHES)
        self.assertLessEqual({"temporary", "pip-http", "store-wheels"}, kinds)
        for step in free["steps"]:
            self.assertTrue(step["done"], step)
            self.assertEqual(foretold[step["kind"]], step["freed_bytes"])
        self.assertEqual(sum(step["freed_bytes"] for step in free["steps"]), free["freed_bytes"])
        self.assertFalse(any(CACHES & self.holdings().keys()))
        self.assert_unchanged(state)
        self.wheelfit("install", "flash-attn", "--require", "import", expect=DONE)  # all of it comes back

    def test_yes_stops_where_it_is_enough(self):
        self.fill()
        free = self.document("--free", "90kB", "--yes", expect=DONE)["free"]
        self.assertEqual(["temporary"], [step["kind"] for step in free["steps"]])
        self.assertIn("pip-http", self.holdings())

    def test_a_download_under_way_stays(self):
        self.fill()
        for name in ("busy", "idle"):
            (self.store / "partial" / name).mkdir(parents=True)
            (self.store / "partial" / name / "data").write_bytes(b"x" * 50_000)
        lock = self.store / "locks" / "busy"
        lock.parent.mkdir(exist_ok=True)
        holder = subprocess.Popen(["flock", str(lock), "sleep", "60"])
        self.addCleanup(holder.wait)
        self.addCleanup(holder.kill)
        deadline = time.monotonic() + 10
        while subprocess.run(["flock", "--nonblock", str(lock), "true"]).returncode == 0 and time.monotonic() < deadline:
            time.sleep(0.02)
        free = self.document("--free", "900TB", "--yes")["free"]
        step, = [step for step in free["steps"] if step["kind"] == "store-partial"]
        self.assertFalse(step["done"])
        self.assertEqual(["busy"], sorted(os.listdir(self.store / "partial")))

    def test_without_a_python_too(self):
        self.fill()
        shutil.rmtree(self.venv.path)
        outcome = self.wheelfit("doctor", "--disk", "--json", python=False, expect=DONE,
                                variables={**self.variables, "PATH": "/nowhere"})
        self.assertIn("store-wheels", {row["kind"] for row in outcome.json["holdings"]})

    def test_wrong_usage(self):
        self.wheelfit("doctor", "--free", "much", expect=USAGE)
        self.wheelfit("doctor", "--yes", expect=USAGE)


if __name__ == "__main__":
    unittest.main(verbosity=2)
