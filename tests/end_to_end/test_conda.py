# SPDX-License-Identifier: Apache-2.0
"""Packages of conda's: given as files and found in a channel, as wheels in a pip-style environment."""
import csv
import json
import os
import shutil
import signal
import subprocess
import tarfile
import time
import unittest
import zipfile

from conda_packages import PLACEHOLDER, SITE, SUBDIR, ZSTD, Package, tar, write_channel, zstd
from environments import CP, MACHINE
from harness import DONE, REFUSED, UNPROVEN, USAGE, EndToEnd, attention_wheel
from wheels import Wheel

WHEEL_NAME = f"flash_attn-2.8.3-{CP}-{CP}-linux_{MACHINE}.whl"
# Calls a function that only a torch of another build has.
CALLS_ANOTHER = """
#include <string>
namespace c10::detail { void torchCheckFail(const char*, const char*, unsigned, std::string); struct Other; }
namespace c10 { void only_in_another_build(detail::Other*); }
void check() { c10::only_in_another_build(nullptr); }
"""


def flash_attn(body="", scripts=True, **more):
    wheel = attention_wheel("2.8.3", "flash_attn", requires=("torch",), body=body)
    if scripts:
        wheel.files["flash_attn-2.8.3.dist-info/entry_points.txt"] = "[console_scripts]\nflash-run = flash_attn:main\n"
    package = Package.of_wheel(wheel, "flash-attn", **more)
    if not scripts:
        return package
    package.files["bin/flash-run"] = f"#!{PLACEHOLDER}/bin/python\nraise SystemExit('conda made this')\n".encode()
    package.files["bin/flash-info"] = f"#!{PLACEHOLDER}/bin/python\nprint('{PLACEHOLDER}/share')\n".encode()
    package.files["share/flash/kernels.bin"] = (
        b"\x7f\x01" + PLACEHOLDER.encode() + b"/share/flash:" + PLACEHOLDER.encode() + b"/lib\0after\0")
    package.files["share/flash/plain.txt"] = b"plain"
    package.placeholders = {"bin/flash-run": "text", "bin/flash-info": "text", "share/flash/kernels.bin": "binary"}
    return package


@unittest.skipUnless(ZSTD, "the zstd program makes the packages")
class Conda(EndToEnd):
    @classmethod
    def serve(cls, server):
        server.add_project("einops", [Wheel("einops", "0.8.0")])
        # pip takes out no folder above the ones that it made, with any wheel: here it was there before.
        (cls.template.path / "share").mkdir()

    def file(self, package, ending=".conda", **more):
        return package.write(self.home, ending, **more)

    def refused(self, path, word, code=REFUSED):
        before = self.venv.state()
        outcome = self.wheelfit("install", path, expect=code)
        self.assert_one_sentence(outcome)
        self.assertIn(word, outcome.error)
        self.assert_unchanged(before)
        self.assertEqual([], list(self.home.rglob("evil*")))
        return outcome


class GivenAsAFile(Conda):
    def assert_installs(self, path):
        before = self.venv.state(bytecode=False)
        done = self.wheelfit("install", path, "--require", "import", "--json", expect=DONE)
        receipt = done.json["receipt"]
        self.assertEqual((path.name, "file", "2.8.3"), (receipt["wheel"], receipt["source"], receipt["version"]))
        self.assertEqual("2.8.3", self.venv.run_python("import flash_attn, torch, flash_attn_2_cuda; print(flash_attn.__version__)"))
        info = self.venv.site / "flash_attn-2.8.3.dist-info"
        self.assertEqual("wheelfit", (info / "INSTALLER").read_text().strip())
        self.assertIn(path.name, json.loads((info / "direct_url.json").read_text())["url"])
        self.assertIn(f"Tag: {CP}-{CP}-linux_{MACHINE}", (info / "WHEEL").read_text())
        for row in csv.reader((info / "RECORD").read_text().splitlines()):
            self.assertTrue((self.venv.site / row[0]).exists(), row)
        self.assertEqual([], list(self.venv.site.rglob("*.cpython-00.pyc")))
        self.wheelfit("verify", "flash-attn", "--require", "import", expect=DONE)
        return before

    def test_both_formats_install_import_and_leave_by_pip_with_nothing_behind(self):
        check = self.venv.pip("check")
        for ending, more in ((".conda", {}), (".tar.bz2", {}), (".tar.bz2", {"old": True})):
            with self.subTest(ending, **more):
                before = self.assert_installs(self.file(flash_attn(), ending, **more))
                self.assertEqual(check, self.venv.pip("check"))
                self.assertIn("Version: 2.8.3", self.venv.pip("show", "-f", "flash-attn"))
                self.venv.pip("uninstall", "-y", "flash-attn")
                self.assert_same(before, self.venv.state(bytecode=False))

    def test_placeholders_become_the_environments_path(self):
        self.assert_installs(self.file(flash_attn()))
        root = str(self.venv.path)
        script = (self.venv.path / "bin" / "flash-info").read_text()
        self.assertTrue(script.startswith(f"#!{root}/bin/python\n"), script)
        self.assertIn(f"'{root}/share'", script)
        kernels = (self.venv.path / "share" / "flash" / "kernels.bin").read_bytes()
        string = f"{root}/share/flash:{root}/lib".encode()
        length = 2 + 2 * len(PLACEHOLDER) + len("/share/flash:/lib")
        self.assertEqual(b"\x7f\x01" + string + bytes(length - 2 - len(string)) + b"\0after\0", kernels)
        self.assertNotIn("conda made this", (self.venv.path / "bin" / "flash-run").read_text())

    def test_a_path_that_is_too_long_for_a_binary_is_refused(self):
        package = flash_attn()
        short = "/p"
        package.files["share/flash/kernels.bin"] = short.encode() + b"\0"
        paths = json.loads(package.paths_json())
        next(row for row in paths["paths"] if row["_path"].endswith("kernels.bin"))["prefix_placeholder"] = short
        package.info["paths.json"] = json.dumps(paths)
        self.refused(self.file(package), "room for a path of 2 bytes")

    def test_plan_and_check_speak_of_it(self):
        path = self.file(flash_attn())
        check = self.wheelfit("check", path, "--json", expect=DONE)
        self.assertEqual("fits", check.json["verdict"])
        plan = self.wheelfit("plan", path, "--json", expect=DONE)
        self.assertEqual(("conda", WHEEL_NAME, "symbols"),
                         tuple(plan.json["chosen"][key] for key in ("kind", "name", "proof")))
        ladder = {row["rung"]: row for row in plan.json["ladder"]}
        self.assertEqual((True, False), (ladder["conda"]["taken"], ladder["wheel"]["taken"]))
        self.assertIn("wheelfit install", self.wheelfit("plan", path).output)

    def test_other_verbs_want_a_wheel(self):
        path = self.file(flash_attn())
        for verb in (["fetch"], ["bundle"], ["seed"], ["export", "requirements"]):
            self.assertIn("package of conda's", self.wheelfit(*verb, path, expect=USAGE).error)

    def test_one_for_another_build_of_torch_is_refused_with_the_symbol(self):
        path = self.file(flash_attn(body=CALLS_ANOTHER))
        outcome = self.refused(path, "only_in_another_build")
        self.assertIn("conda's pytorch", self.wheelfit("check", path, expect=REFUSED).output, outcome)

    def test_one_for_another_python_is_refused(self):
        package = flash_attn(scripts=False)
        package.files = {path.replace(SITE, "lib/python2.7/site-packages/"): content for path, content in package.files.items()}
        self.refused(self.file(package), "is built for cp27")

    def test_without_a_dist_info_one_is_made(self):
        package = flash_attn(scripts=False)
        package.files = {path: content for path, content in package.files.items() if ".dist-info/" not in path}
        before = self.venv.state(bytecode=False)
        self.wheelfit("install", self.file(package, ".tar.bz2"), "--require", "import", "--no-store", expect=DONE)
        self.assertEqual("2.8.3", self.venv.run_python("import importlib.metadata as m; print(m.version('flash-attn'))"))
        self.assertIn("torch", self.venv.pip("show", "flash-attn"))
        self.assertFalse(list(self.store.rglob("*.whl")) if self.store.exists() else [])
        self.venv.pip("uninstall", "-y", "flash-attn", "einops")
        self.assert_same(before, self.venv.state(bytecode=False))

    def test_a_noarch_package(self):
        package = Package("einops", "0.8.0", {
            "site-packages/einops/__init__.py": "version = '0.8.0'\n",
            "site-packages/einops-0.8.0.dist-info/METADATA": "Metadata-Version: 2.1\nName: einops\nVersion: 0.8.0\n",
            "python-scripts/einops-run": "#!python\nprint('ran')\n"}, build="pyhd8ed1ab_0", subdir="noarch", noarch="python")
        package.info["link.json"] = json.dumps({"noarch": {"type": "python", "entry_points": ["einops-main = einops:version"]}})
        before = self.venv.state(bytecode=False)
        self.wheelfit("install", self.file(package), "--require", "import", expect=DONE)
        self.assertEqual("0.8.0", self.venv.run_python("import einops; print(einops.version)"))
        for script in ("einops-run", "einops-main"):
            self.assertTrue((self.venv.path / "bin" / script).exists())
        self.venv.pip("uninstall", "-y", "einops")
        self.assert_same(before, self.venv.state(bytecode=False))


class Killed(Conda):
    """kill -9 while a wheel is made: nothing of it stays, and nothing is taken from a process that lives."""

    def big(self):
        package = flash_attn()
        for part in range(3000):
            package.files[f"share/flash/parts/{part}.bin"] = bytes([part % 256]) * 20_000
        return self.file(package)

    def unpacked(self):
        return list(self.store.glob("made/*/.conda-*"))

    def stopped_midway(self, path):
        """A process that is stopped while some of the package, and not all of it, lies unpacked in the store."""
        child = self.start("install", path, "--no-verify")
        self.addCleanup(child.communicate)
        self.addCleanup(child.kill)
        until = time.monotonic() + 60
        while time.monotonic() < until and child.poll() is None:
            if any(True for folder in self.unpacked() for _ in folder.rglob("*.bin")):
                child.send_signal(signal.SIGSTOP)
                self.assertEqual([], list(self.store.glob("made/*/*.whl")), "too late: the wheel is whole")
                return child
            time.sleep(0.001)
        self.fail(f"nothing was seen: {child.poll()}")

    def unfinished(self):
        return [entry for entry in self.store.glob("made/*/*") if entry.name.startswith(".")]

    def another(self):
        """Any other run that may write into the store."""
        self.wheelfit("install", self.other, "--no-verify", expect=(DONE, UNPROVEN))

    def setUp(self):
        super().setUp()
        self.other = Wheel("handmade", "1.0", {"handmade/__init__.py": ""}).write(self.home)

    def test_what_a_killed_run_left_is_swept_by_the_next(self):
        path = self.big()
        child = self.stopped_midway(path)
        child.kill()
        child.wait()
        self.assertTrue(self.unpacked())
        self.another()
        self.assertEqual([], list((self.store / "made").iterdir()))
        self.stopped_midway(path).kill()
        self.wheelfit("install", path, "--require", "import", expect=DONE)  # and by one that makes the same
        self.assertEqual([], self.unfinished())
        self.assertEqual(1, len(list(self.store.glob("made/*/*.whl"))))

    def test_what_a_living_run_is_at_stays(self):
        child = self.stopped_midway(self.big())
        before = self.unpacked()
        self.another()
        self.wheelfit("doctor", "--free", "1GB", "--yes", python=False, expect=(DONE, UNPROVEN))
        self.assertEqual(before, self.unpacked())
        child.send_signal(signal.SIGCONT)
        output, error = child.communicate(timeout=100)
        self.assertIn(child.returncode, (DONE, UNPROVEN), output + error)
        self.assertEqual([], self.unfinished())
        self.assertEqual("2.8.3", self.venv.run_python("import flash_attn; print(flash_attn.__version__)"))

    def test_two_at_once_make_one(self):
        path = self.big()
        child = self.stopped_midway(path)
        second = self.start("check", path)
        self.addCleanup(second.communicate)
        self.addCleanup(second.kill)
        said = next(line for line in second.stderr if "wheelfit is" in line)
        self.assertIn("Another wheelfit is making a wheel", said)
        child.kill()
        output, error = second.communicate(timeout=100)
        self.assertEqual(DONE, second.returncode, output + error)
        self.assertEqual([], self.unfinished())


# Run by a Python that has rattler, the library below pixi.
RATTLER_INSTALLS = """
import asyncio, sys, rattler
async def main(channel, subdir, prefix, cache):
    gateway = rattler.Gateway(cache_dir=cache + "/listings")
    found = await gateway.query([rattler.Channel(channel)], [rattler.Subdir(subdir)], [rattler.MatchSpec("flash-attn")],
                                recursive=False)
    await rattler.install([row for rows in found for row in rows], target_prefix=prefix, cache_dir=cache, show_progress=False)
asyncio.run(main(*sys.argv[1:]))
"""


@unittest.skipUnless(os.environ.get("WHEELFIT_TEST_RATTLER"), "WHEELFIT_TEST_RATTLER names no Python that has py-rattler")
class BesideRattler(Conda):
    def test_every_file_is_what_rattler_makes_of_it(self):
        for ending in (".conda", ".tar.bz2"):
            package = flash_attn()
            channel = self.home / f"channel{ending}"
            write_channel(channel, [(package, ending)], compressed=False)  # rattler reads no other in a folder
            self.wheelfit("install", self.file(package, ending), "--require", "import", expect=DONE)
            places = [path for path in package.files
                      if ".dist-info/" not in path and not path.endswith(".pyc") and path != "bin/flash-run"]
            ours = {path: (self.venv.path / path).read_bytes() for path in places}
            self.venv.pip("uninstall", "-y", "flash-attn")
            subprocess.run([os.environ["WHEELFIT_TEST_RATTLER"], "-c", RATTLER_INSTALLS, channel.as_uri(), SUBDIR,
                            str(self.venv.path), str(self.home / f"rattler{ending}")], check=True, env=self.variables)
            self.assertGreater(len(places), 5)
            for path in places:
                self.assertEqual((self.venv.path / path).read_bytes(), ours[path], path)
            shutil.rmtree(self.venv.path)
            self.venv = self.template.copied(self.home / "venv")


class Refused(Conda):
    def test_what_only_conda_can_install(self):
        for path in ("bin/.flash-attn-post-link.sh", "etc/conda/activate.d/flash.sh", f"{SITE[:-14]}os.py", "conda-meta/x.json"):
            package = flash_attn(scripts=False)
            package.files[path] = b"x"
            with self.subTest(path):
                self.assertIn("micromamba", self.refused(self.file(package), "only conda itself can install it").error)

    def test_hostile_archives(self):
        def member(name, **fields):
            entry = tarfile.TarInfo(name)
            for key, value in fields.items():
                setattr(entry, key, value)
            return entry, b"evil"[:entry.size]
        hostile = {
            "an absolute path": member(f"{self.home}/evil", size=4),
            "a path that climbs out": member("../../../../evil", size=4),
            "a link that leads outside": member("lib/evil", type=tarfile.SYMTYPE, linkname="/etc/passwd"),
            "a hard link that leads outside": member("lib/evil", type=tarfile.LNKTYPE, linkname="../../../../store"),
            "a device": member("lib/evil", type=tarfile.CHRTYPE, devmajor=1, devminor=3),
            "the same name twice": member(f"{SITE}flash_attn/__init__.py", size=4),
        }
        for kind, extra in hostile.items():
            for ending in (".conda", ".tar.bz2"):
                package = flash_attn(scripts=False)
                package.extra = [extra]
                with self.subTest(kind, ending=ending):
                    self.refused(self.file(package, ending), "")

    def test_a_bomb(self):
        entry = tarfile.TarInfo("share/zeros")
        entry.size = 1 << 45
        bomb = flash_attn(scripts=False)
        path = bomb.write(self.home, ".conda")
        header = entry.tobuf(tarfile.GNU_FORMAT) + bytes(1 << 20)
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr(f"pkg-{bomb.stem}.tar.zst", zstd(header))
            archive.writestr(f"info-{bomb.stem}.tar.zst", zstd(tar(bomb.info_members())))
        self.refused(path, "not believed")

    def test_packages_that_contradict_themselves(self):
        init = f"{SITE}flash_attn/__init__.py"
        lying = flash_attn(scripts=False)
        lying.lies[init] = b"something else"
        self.refused(self.file(lying), "another sha256")
        lacking = flash_attn(scripts=False)
        rows = json.loads(lacking.paths_json())
        rows["paths"].append({"_path": "lib/not-there", "path_type": "hardlink"})
        lacking.info["paths.json"] = json.dumps(rows)
        self.refused(self.file(lacking), "it lacks lib/not-there")
        good = self.file(flash_attn(scripts=False))
        self.refused(good.rename(good.with_name("flash-attn-2.9.0-py_0.conda")), "is called flash-attn-2.8.3")
        cut = self.file(flash_attn(scripts=False), ".tar.bz2")
        cut.write_bytes(cut.read_bytes()[:-2000])
        self.refused(cut, "cut short or damaged")
        for content in (b"", b"PK\x03\x04", b"BZh9" + bytes(900)):
            for name in ("flash-attn-2.8.3-py_0.conda", "flash-attn-2.8.3-py_0.tar.bz2"):
                (self.home / name).write_bytes(content)
                self.refused(self.home / name, "")

    def test_a_conda_file_with_three_parts(self):
        package = flash_attn(scripts=False)
        more = [(f"pkg-{package.stem}-2.tar.zst", zstd(tar([("share/x", b"x")])))]
        self.refused(self.file(package, extra_members=more), "one info-*.tar.zst")


if __name__ == "__main__":
    unittest.main(verbosity=2)
