# SPDX-License-Identifier: Apache-2.0
"""Room is known before anything is written: small real filesystems, and what does not fit there is not begun."""
import shutil
import unittest

from environments import Venv
from filesystems import Tmpfs
from harness import DONE, LINUX, UNPROVEN, EndToEnd, attention_wheel

MACHINE = 4


class Room(EndToEnd):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        why = Tmpfs.why_not(cls.folder)
        if why:
            raise unittest.SkipTest(why)

    @classmethod
    def serve(cls, server):
        cls.wheel = attention_wheel("2.8.3", "flash_attn", requires=("torch",), local="cu12torch2.4cxx11abiFALSE",
                                    tag=LINUX)
        server.add_releases("Dao-AILab/flash-attention", {"v2.8.3": [cls.wheel]})
        server.add_releases("mjun0812/flash-attention-prebuild-wheels", {})

    def small(self, name, kilobytes):
        """A folder on a filesystem of its own."""
        filesystem = Tmpfs(self.home / name, kilobytes)
        self.addCleanup(filesystem.stop)
        return filesystem.path

    def move_venv(self, free):
        """The environment on a filesystem of its own, with so many kilobytes free."""
        filesystem = Tmpfs(self.home / "full", 1_000_000)
        self.addCleanup(filesystem.stop)
        shutil.copytree(self.venv.path, filesystem.path / "venv", symlinks=True)
        moved = Venv(filesystem.path / "venv", self.home)
        moved.variables = dict(self.venv.variables)
        self.venv = moved
        filesystem.leave_free(free)

    def files_below(self, folder):
        return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())

    def assert_no_room(self, outcome):
        self.assert_one_sentence(outcome)
        self.assertRegex(outcome.error, r"MB are missing")
        self.assertIn("wheelfit doctor --free ", outcome.error)

    def test_install_begins_nothing_where_the_environment_is_full(self):
        self.move_venv(1000)
        before = self.venv.state()
        outcome = self.wheelfit("install", "flash-attn", "--require", "import", expect=MACHINE)
        self.assert_no_room(outcome)
        self.assertIn("site-packages", outcome.error)
        self.assert_unchanged(before)
        self.assertEqual([], self.files_below(self.store / "wheels"))
        self.assertFalse((self.store / "partial").exists())

    def test_plan_foretells_it(self):
        self.move_venv(1000)
        outcome = self.wheelfit("plan", "flash-attn", "--json", expect=DONE)
        forecast = outcome.json["forecast"]
        self.assertGreater(forecast["disk_bytes"], 1_500_000)
        self.assertFalse(forecast["disk_estimated"])
        shortage, = forecast["shortages"]
        self.assertLess(shortage["free_bytes"], shortage["needed_bytes"])
        self.assertIn("MB are missing", self.wheelfit("plan", "flash-attn", expect=DONE).output)

    def test_it_fits_where_there_is_just_enough(self):
        forecast = self.wheelfit("plan", "flash-attn", "--json", expect=DONE).json["forecast"]
        self.assertEqual([], forecast["shortages"])
        # What the filesystem itself and the receipt take beside the wheel.
        self.move_venv(forecast["disk_bytes"] // 1024 + 400)
        self.wheelfit("install", "flash-attn", "--require", "import", expect=(DONE, UNPROVEN))

    def test_fetch_writes_nothing_into_a_store_that_is_too_small(self):
        store = self.small("small-store", 800)
        outcome = self.wheelfit("fetch", "flash-attn", "--store", store, expect=MACHINE)
        self.assert_no_room(outcome)
        self.assertIn("--store DIR", outcome.error)
        self.assertEqual([], self.files_below(store / "wheels"))
        self.assertFalse((store / "partial").exists())

    def test_fetch_looks_at_where_the_file_shall_be_too(self):
        there = self.small("there", 800)
        self.assert_no_room(self.wheelfit("fetch", "flash-attn", "-o", there, expect=MACHINE))
        self.assertEqual([], self.files_below(there))
        self.assertEqual([], self.files_below(self.store / "wheels"))

    def test_seed_writes_nothing_into_a_cache_that_is_too_small(self):
        cache = self.small("cache", 800)
        self.server.add_project("flash-attn", [])
        outcome = self.wheelfit("seed", "flash-attn", "--pip-cache-dir", cache, "--link",
                                "https://files.example/flash_attn-2.8.3.tar.gz", expect=MACHINE)
        self.assert_no_room(outcome)
        self.assertEqual([], self.files_below(cache))

    def test_bundle_writes_nothing_where_it_is_too_small(self):
        there = self.small("there", 800)
        self.assert_no_room(self.wheelfit("bundle", "flash-attn", "-o", there / "a.bundle", expect=MACHINE))
        self.assertEqual([], self.files_below(there))
        self.assertEqual([], self.files_below(self.store / "wheels"))

    def test_a_small_tmp_is_enough_for_an_install_and_too_little_for_a_bundle(self):
        tmp = self.small("tmp", 8)
        variables = {**self.variables, "TMPDIR": str(tmp)}
        outcome = self.wheelfit("bundle", "flash-attn", variables=variables, expect=MACHINE)
        self.assert_no_room(outcome)
        self.assertIn("TMPDIR", outcome.error)
        self.wheelfit("install", "flash-attn", "--require", "import", variables=variables, expect=DONE)


if __name__ == "__main__":
    unittest.main(verbosity=2)
