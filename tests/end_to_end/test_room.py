# SPDX-License-Identifier: Apache-2.0
"""Room is known before anything is written: small real filesystems, and what does not fit there is not begun."""
import io
import json
import os
import random
import shutil
import unittest
import zipfile

from environments import Venv
from filesystems import Tmpfs
from harness import DONE, LINUX, UNPROVEN, EndToEnd, attention_wheel
from wheels import Wheel

MACHINE = 4


def serve_attention(server, *requires):
    """The wheel that is chosen here."""
    wheel = attention_wheel("2.8.3", "flash_attn", requires=("torch", *requires), local="cu12torch2.4cxx11abiFALSE",
                            tag=LINUX)
    server.add_releases("Dao-AILab/flash-attention", {"v2.8.3": [wheel]})
    server.add_releases("mjun0812/flash-attention-prebuild-wheels", {})


class SmallFilesystems(EndToEnd):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        why = Tmpfs.why_not(cls.folder)
        if why:
            raise unittest.SkipTest(why)

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

    def assert_nothing_was_fetched(self):
        self.assertEqual([], self.files_below(self.store / "wheels"))
        self.assertFalse((self.store / "partial").exists())


class Room(SmallFilesystems):
    @classmethod
    def serve(cls, server):
        serve_attention(server)

    def test_install_begins_nothing_where_the_environment_is_full(self):
        self.move_venv(1000)
        before = self.venv.state()
        outcome = self.wheelfit("install", "flash-attn", "--require", "import", expect=MACHINE)
        self.assert_no_room(outcome)
        self.assertIn("site-packages", outcome.error)
        self.assert_unchanged(before)
        self.assert_nothing_was_fetched()

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


def serve_dependencies(server):
    """einops and what it wants in turn: a large wheel, which is measured, and small ones, which are not."""
    large = Wheel("large", "1.0", {"large/__init__.py": "x = 1\n" * 2000,
                                   "large/data.bin": random.Random(1).randbytes(6_000_000)})
    server.add_project("large", [large, Wheel("large", "2.0")])
    server.add_project("small", [Wheel("small", "1.1")])
    server.add_project("einops", [Wheel("einops", "0.8.1", requires=("large<2", "small", "torch")),
                                  Wheel("einops", "0.9.0", requires=("torch>=2.9",))])
    serve_attention(server, "einops")
    return large


def bytes_on_disk(wheel, ending=""):
    return sum((entry.file_size + 4095) // 4096 * 4096
               for entry in zipfile.ZipFile(io.BytesIO(wheel.bytes())).infolist() if entry.filename.endswith(ending))


class DependenciesForetold(EndToEnd):
    @classmethod
    def serve(cls, server):
        cls.large = serve_dependencies(server)

    def forecast(self, *options):
        outcome = self.wheelfit("plan", "flash-attn", "--json", *options, expect=(DONE, UNPROVEN))
        return outcome.json["forecast"]

    def installed(self):
        return {each["name"].lower().replace("_", "-"): each["version"]
                for each in json.loads(self.venv.pip("list", "--format", "json"))}

    def test_plan_names_what_comes_with_it(self):
        forecast = self.forecast()
        self.assertEqual([("einops", "0.8.1"), ("large", "1.0"), ("small", "1.1")],
                         [(each["name"], each["version"]) for each in forecast["dependencies"]])
        self.assertEqual([], forecast["not_foreseen"])
        _, large, small = forecast["dependencies"]
        self.assertEqual(len(self.large.bytes()), large["download_bytes"])
        self.assertEqual(bytes_on_disk(self.large) + bytes_on_disk(self.large, ".py"), large["disk_bytes"])  # and bytecode
        self.assertEqual((False, True), (large["disk_estimated"], small["disk_estimated"]))
        self.assertRegex(self.wheelfit("plan", "flash-attn", expect=DONE).output,
                         r"with it    large 1\.0, einops 0\.8\.1, small 1\.1\n +6\.0 MB to download, about 6\.0 MB on disk")

    def test_pip_brings_what_was_foretold(self):
        """pip itself is the oracle."""
        foretold = {each["name"]: each["version"] for each in self.forecast()["dependencies"]}
        dry_run = self.wheelfit("install", "flash-attn", "--dry-run", "--json").json
        self.assertEqual(sorted(f"{name}-{version}-py3-none-any.whl" for name, version in foretold.items()),
                         sorted(dry_run["dependencies"]))
        before = self.installed()
        self.wheelfit("install", "flash-attn", "--require", "import", expect=DONE)
        brought = {name: version for name, version in self.installed().items() if name not in before}
        self.assertEqual(brought, {"flash-attn": "2.8.3", **foretold})

    def test_nobody_is_asked_where_nothing_is_missing(self):
        self.venv.pip("install", "einops==0.8.1")
        self.server.forget_requests()
        self.assertEqual([], self.forecast()["dependencies"])
        self.assertEqual([], [line for line in self.server.requests() if "einops" in line or "large" in line])

    def test_each_page_is_asked_for_once(self):
        self.forecast()
        for name in ("einops", "large", "small"):
            pages = [line for line in self.server.requests() if f"/simple/{name}/" in line]
            self.assertEqual(1, len(pages), pages)

    def test_what_cannot_be_told_is_said(self):
        forecast = self.forecast("--offline")
        self.assertEqual([], forecast["dependencies"])
        self.assertEqual([{"what": "einops", "reason": "no index can be asked here"}], forecast["not_foreseen"])
        self.assertIn("not counted  einops: no index can be asked here",
                      self.wheelfit("plan", "flash-attn", "--offline", expect=UNPROVEN).output)


class RoomForDependencies(SmallFilesystems):
    @classmethod
    def serve(cls, server):
        serve_dependencies(server)

    def test_an_environment_that_has_room_for_the_wheel_alone(self):
        forecast = self.wheelfit("plan", "flash-attn", "--json", expect=DONE).json["forecast"]
        self.move_venv(forecast["disk_bytes"] // 1024 + 2000)
        before = self.venv.state()
        outcome = self.wheelfit("install", "flash-attn", "--require", "import", expect=MACHINE)
        self.assert_no_room(outcome)
        self.assertRegex(outcome.error, r"dependencies 6\.\d MB")
        self.assert_unchanged(before)
        self.assert_nothing_was_fetched()
        shortage, = self.wheelfit("plan", "flash-attn", "--json", expect=DONE).json["forecast"]["shortages"]
        self.assertIn("dependencies", [need["role"] for need in shortage["needs"]])

    def test_pip_needs_a_temporary_directory_for_them(self):
        tmp = self.small("tmp", 3000)
        variables = {**self.variables, "TMPDIR": str(tmp)}
        outcome = self.wheelfit("install", "flash-attn", "--require", "import", variables=variables, expect=MACHINE)
        self.assert_no_room(outcome)
        self.assertIn("TMPDIR", outcome.error)
        self.assert_nothing_was_fetched()

    def test_a_full_cache_of_pips_is_no_obstacle(self):
        self.venv.variables["PIP_CACHE_DIR"] = self.variables["PIP_CACHE_DIR"] = str(self.small("cache", 100))
        self.wheelfit("install", "flash-attn", "--require", "import", expect=DONE)

    def with_uv_alone(self, cache):
        """An environment that has no pip, and variables for uv."""
        uv = shutil.which("uv")
        if uv is None:
            self.skipTest("there is no uv on PATH")
        self.venv.pip("uninstall", "-y", "pip")
        (self.venv.path / "pip.conf").unlink()
        return {**self.variables, "PATH": f"{os.path.dirname(uv)}:{self.variables['PATH']}", "UV_CACHE_DIR": str(cache),
                "UV_DEFAULT_INDEX": self.server.url("simple/")}

    def test_uv_unpacks_them_into_its_cache(self):
        variables = self.with_uv_alone(self.small("cache", 3000))
        outcome = self.wheelfit("install", "flash-attn", "--require", "import", variables=variables, expect=MACHINE)
        self.assert_no_room(outcome)
        self.assertRegex(outcome.error, r"uv-cache 6\.\d MB")
        self.assert_nothing_was_fetched()

    def test_uv_needs_no_temporary_directory(self):
        variables = {**self.with_uv_alone(self.home / "uv"), "TMPDIR": str(self.small("tmp", 3000))}
        self.wheelfit("install", "flash-attn", "--require", "import", variables=variables, expect=DONE)
        self.assertTrue((self.venv.site / "large" / "data.bin").exists())

    def test_a_bundle_holds_them_too(self):
        there = self.small("there", 3000)
        self.assert_no_room(self.wheelfit("bundle", "flash-attn", "-o", there / "a.bundle", expect=MACHINE))
        self.assertEqual([], self.files_below(there))
        self.assert_nothing_was_fetched()


if __name__ == "__main__":
    unittest.main(verbosity=2)
