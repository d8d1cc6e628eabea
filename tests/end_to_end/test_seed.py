# SPDX-License-Identifier: Apache-2.0
"""seed: what it puts into pip's cache a real pip takes, and no setup.py runs. A real nginx is the index."""
import io
import json
import os
import random
import shutil
import subprocess
import tarfile
import time
import unittest
import zipfile
from pathlib import Path

from environments import CP, Venv, clean_variables, torch_wheel
from harness import DONE, LINUX, REFUSED, UNPROVEN, UNREACHABLE, USAGE, EndToEnd, attention_wheel
from wheels import Wheel

KILLS = int(os.environ.get("WHEELFIT_KILLS", "12"))
FOR_TORCH = "cu12torch2.4cxx11abiFALSE"
OFFICIAL, COMMUNITY = "Dao-AILab/flash-attention", "mjun0812/flash-attention-prebuild-wheels"
# What the sdist does when somebody builds it: it says so, and fails.
SETUP = """
import os
open(os.environ["BUILD_MARKER"], "w").close()
raise SystemExit("this must not be built")
"""
PYPROJECT = """
[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]
"""
CALLS_LATER_TORCH = """
namespace c10::detail { void torchCheckFail(const char*, long); }
void check() { c10::detail::torchCheckFail("", 1L); }
"""


class Sdist:
    def __init__(self, name, version):
        self.stem = f"{name}-{version}"
        self.file_name = f"{self.stem}.tar.gz"
        self.files = {"setup.py": SETUP, "backend.py": SETUP, "pyproject.toml": PYPROJECT, "PKG-INFO": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"}

    def bytes(self):
        buffer = io.BytesIO()
        with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
            for name, content in self.files.items():
                entry = tarfile.TarInfo(f"{self.stem}/{name}")
                entry.size = len(content)
                archive.addfile(entry, io.BytesIO(content.encode()))
        return buffer.getvalue()


def official(version="2.8.3", **more):
    """The label is in the name alone: these are renamed after they were built."""
    return attention_wheel(version, "flash_attn", requires=("torch",), local=FOR_TORCH, tag=LINUX, **more)


def community(version="2.8.3", label=FOR_TORCH.lower()):
    """METADATA has the label, too."""
    return attention_wheel(f"{version}+{label}", "flash_attn", requires=("torch",), tag=LINUX)


class SeedBase(EndToEnd):
    @classmethod
    def serve(cls, server):
        server.add_releases(OFFICIAL, {"v2.8.3": [official()]})
        server.add_releases(COMMUNITY, {})
        server.add_project("flash-attn", [Sdist("flash_attn", "2.8.2"), Sdist("flash_attn", "2.8.3")])

    def setUp(self):
        super().setUp()
        self.marker = self.home / "somebody-built"
        self.venv.variables = clean_variables(self.home, BUILD_MARKER=str(self.marker))
        self.cache = self.home / "cache" / "pip"

    def seed(self, *arguments, expect=DONE, **more):
        return self.wheelfit("seed", "--json", *arguments, expect=expect, **more).json

    def cached(self):
        return sorted(self.cache.glob("wheels/*/*/*/*/*.whl"))

    def assert_installs(self, *arguments, version="2.8.3", command="install"):
        said = self.venv.pip(command, *arguments)
        self.assertFalse(self.marker.exists(), "setup.py ran\n" + said)
        self.assertIn("Using cached", said)
        if command == "install":
            self.assertEqual(version, self.venv.run_python(
                "import importlib.metadata as m; print(m.version('flash-attn'))"))
            self.venv.run_python("import flash_attn, flash_attn_2_cuda")


class Seed(SeedBase):
    def test_without_it_pip_builds(self):
        said = self.venv.pip("install", "flash-attn==2.8.3", check=False)
        self.assertTrue(self.marker.exists(), "the test itself sees nothing\n" + said)

    def test_pinned_and_by_name(self):
        answer = self.seed("flash-attn")
        self.assertEqual((True, "seeded", False, "symbols"),
                         (answer["will_be_used"], answer["outcome"], answer["rewritten"], answer["proof"]))
        wheel, = self.cached()
        self.assertEqual([str(wheel.parent)], answer["directories"])
        self.assertEqual(f"flash_attn-2.8.3-{LINUX}.whl", answer["wheel"])
        self.assertEqual(wheel.name, answer["wheel"])
        origin = json.loads((wheel.parent / "origin.json").read_text())
        self.assertEqual(answer["places"][0]["link"], origin["url"])
        self.assertEqual(1, len([line for line in self.server.requests() if "/simple/flash-attn/" in line
                                 and '"application/vnd' in line]), "the page is asked for once, as pip asks")
        self.assert_installs("flash-attn==2.8.3")
        self.venv.pip("uninstall", "--yes", "flash-attn")
        self.assert_installs("flash-attn")

    def test_the_wheel_is_a_link_into_the_store(self):
        self.seed("flash-attn")
        wheel, = self.cached()
        self.assertGreater(wheel.stat().st_nlink, 1)

    def test_requirements_file_and_pip_wheel(self):
        self.seed("flash-attn==2.8.3")
        requirements = self.home / "requirements.txt"
        requirements.write_text("torch\nflash-attn==2.8.3\n")
        self.assert_installs("-r", requirements)
        self.assert_installs("--no-deps", "-w", self.home / "wheels", "flash-attn==2.8.3", command="wheel")
        self.assertTrue(list((self.home / "wheels").glob("flash_attn-*.whl")))

    def test_the_page_as_html_and_behind_a_redirect(self):
        for index in ("html-only/", "moved/simple/", "moved/html-only/"):
            with self.subTest(index):
                self.venv.use_index(self.server.url(index))
                self.seed("flash-attn")
                self.assert_installs("flash-attn==2.8.3")
                self.venv.pip("uninstall", "--yes", "flash-attn")
                self.wheelfit("seed", "--undo", expect=DONE)
                self.assertEqual([], self.cached())

    def test_an_index_that_pip_is_told_beside_its_own(self):
        (self.venv.path / "pip.conf").write_text(
            f"[global]\nindex-url = {self.server.url('empty/')}\nextra-index-url = {self.server.url('simple/')}\n")
        self.seed("flash-attn")
        self.assert_installs("flash-attn==2.8.3")

    def test_find_links_of_pips_settings(self):
        """A source there is another link that pip may take; a wheel there is what it takes."""
        folder = self.home / "links"
        folder.mkdir()
        source = Sdist("flash_attn", "2.8.3")
        (folder / source.file_name).write_bytes(source.bytes())
        for index in ("empty/", "simple/"):
            for place in (folder, folder.as_uri()):
                with self.subTest(index=index, place=str(place)):
                    (self.venv.path / "pip.conf").write_text(
                        f"[global]\nindex-url = {self.server.url(index)}\nfind-links = {place}\n")
                    answer = self.seed("flash-attn")
                    self.assertEqual(1 + (index == "simple/"), len(answer["directories"]))
                    self.assert_installs("flash-attn==2.8.3")
                    self.venv.pip("uninstall", "--yes", "flash-attn")
                    self.wheelfit("seed", "--undo", expect=DONE)

    def test_no_store_leaves_the_wheel_alone_behind(self):
        answer = self.seed("flash-attn", "--no-store")
        self.assertEqual(["no-ledger"], [reason["code"] for reason in answer["reasons"]])
        self.assertFalse(self.store.exists())
        self.assertEqual(1, self.cached()[0].stat().st_nlink)
        self.assert_installs("flash-attn==2.8.3")
        self.assert_one_sentence(self.wheelfit("seed", "--for", "uv", "flash-attn", "--no-store", expect=USAGE))

    def test_a_newer_source_is_said(self):
        self.server.add_project("flash-attn", [Sdist("flash_attn", "2.8.3"), Sdist("flash_attn", "2.9.0")])
        self.addCleanup(lambda: self.serve(self.server))
        answer = self.seed("flash-attn")
        self.assertEqual(["other-version"], [reason["code"] for reason in answer["reasons"]])
        self.assertIn("2.9.0", answer["reasons"][0]["text"])
        self.assertEqual(1, len(answer["commands"]))
        self.assertIn("flash-attn==2.8.3", answer["commands"][0])
        self.assert_installs("flash-attn==2.8.3")
        self.venv.pip("uninstall", "--yes", "flash-attn")
        self.venv.pip("install", "flash-attn", check=False)
        self.assertTrue(self.marker.exists(), "the name alone gets the newer one")

    def test_a_repository(self):
        link = self.server.url("nothing/here.git@v2.8.3").replace("http://", "git+http://")
        answer = self.seed(f"flash-attn @ {link}")
        self.assertIn(link, answer["commands"][0])
        self.assert_installs(f"flash-attn @ {link}")

    def test_an_address_of_a_source_archive(self):
        link = self.server.url("files/flash_attn-2.8.3.tar.gz")
        self.seed("flash-attn", "--link", link)
        self.assert_installs(f"flash-attn @ {link}")

    def test_a_community_wheel_is_made_to_say_the_plain_version(self):
        self.server.add_releases(OFFICIAL, {})
        wheel = community()
        self.server.add_releases(COMMUNITY, {"v0.1": [wheel]})
        self.addCleanup(lambda: self.serve(self.server))
        answer = self.seed("flash-attn", "--trust", "community")
        self.assertEqual((True, wheel.file_name), (answer["rewritten"], answer["made_from"]))
        self.assert_installs("flash-attn==2.8.3")
        self.assert_same_compressed_bytes(wheel.bytes(), self.cached()[0].read_bytes())

    def assert_same_compressed_bytes(self, before, after):
        def raw(content):
            found = {}
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                self.assertIsNone(archive.testzip())
                for entry in archive.infolist():
                    name = int.from_bytes(content[entry.header_offset + 26:entry.header_offset + 28], "little")
                    extra = int.from_bytes(content[entry.header_offset + 28:entry.header_offset + 30], "little")
                    start = entry.header_offset + 30 + name + extra
                    if ".dist-info/" not in entry.filename:
                        found[entry.filename] = content[start:start + entry.compress_size]
            return found
        self.assertEqual(raw(before).keys(), raw(after).keys())
        self.assertTrue(raw(before) == raw(after), "what is copied must not be compressed anew")

    def test_a_file_by_hand_and_what_pip_had_built(self):
        link = self.seed("flash-attn", "--dry-run")["directories"][0]
        Path(link).mkdir(parents=True)
        built = Path(link) / f"flash_attn-2.8.3-{LINUX}.whl"
        built.write_bytes(b"built by pip for another torch")
        answer = self.seed(official().write(self.home))
        self.assertEqual([built.name], answer["places"][0]["replaced"])
        self.assertEqual("file", answer["source"])
        self.assertEqual(1, built.stat().st_nlink, "a user's own file is copied")
        self.assert_installs("flash-attn==2.8.3")
        undone = self.wheelfit("seed", "--undo", "flash_attn", "--json", expect=DONE).json
        self.assertEqual([built.name], undone["undone"][0]["restored"])
        self.assertEqual(b"built by pip for another torch", built.read_bytes())

    def test_after_torch_changed(self):
        first = self.seed(official().write(self.home))
        other = official()
        other.files["flash_attn/more.py"] = "more = True\n"
        self.seed(other.write(self.home))
        self.assertEqual(1, len(self.cached()))
        self.assert_installs("flash-attn==2.8.3")
        self.venv.run_python("import flash_attn.more")
        self.wheelfit("seed", "--undo", expect=DONE)
        self.assertFalse(Path(first["directories"][0]).exists())

    def test_list(self):
        self.assertIn("Nothing is seeded", self.wheelfit("seed", "--list", expect=DONE).output)
        self.seed("flash-attn")
        entry, = self.wheelfit("seed", "--list", "--json", expect=DONE).json["seeds"]
        self.assertEqual(("flash-attn", "2.8.3", "in-place", CP, "2.4.0+cu121"),
                         tuple(entry[key] for key in ("distribution", "version", "state", "python", "torch")))
        self.cached()[0].unlink()
        self.assertEqual("gone", self.wheelfit("seed", "--list", "--json",
                                               expect=UNPROVEN).json["seeds"][0]["state"])

    def test_dry_run_changes_nothing(self):
        answer = self.seed("flash-attn", "--dry-run")
        self.assertEqual("dry-run", answer["outcome"])
        self.assertEqual([], self.cached())
        self.assertFalse((self.store / "seeds").exists())

    def test_offline_from_what_is_here(self):
        wheel = official().write(self.home)
        self.seed(wheel)
        self.wheelfit("seed", "--undo", expect=DONE)
        self.server.forget_requests()
        self.seed(wheel, "--offline")
        self.assertEqual([], self.server.requests())
        self.assert_installs("flash-attn==2.8.3")

    def test_a_link_alone_prints_its_directory(self):
        seeded = self.seed("flash-attn", "--dry-run")
        page = json.loads((self.server.www / "simple/flash-attn/index.json").read_text())
        digest = page["files"][1]["hashes"]["sha256"]
        link = f"{seeded['places'][0]['link']}#sha256={digest}"
        printed = self.wheelfit("seed", "--link", link, "--dry-run", "--offline", expect=DONE).output
        self.assertEqual(seeded["directories"], printed.splitlines())
        printed = self.wheelfit("seed", "--link", link, "--dry-run", "--pip-cache-dir", "/c", "--target",
                                f"python=3.{CP[3:]},pip=23.2.1", python=False, expect=DONE).output
        self.assertEqual([seeded["directories"][0].replace(str(self.cache), "/c")], printed.splitlines())


class NotUsed(SeedBase):
    """pip would not come to look: said before anything is written, and pip itself agrees."""

    def assert_not_used(self, code, *arguments, variables=None):
        answer = self.seed("flash-attn", *arguments, expect=UNPROVEN, variables=variables)
        self.assertEqual((False, "not-used"), (answer["will_be_used"], answer["outcome"]))
        self.assertIn(code, [reason["code"] for reason in answer["reasons"]])
        self.assertEqual([], self.cached())
        self.assertFalse((self.store / "seeds").exists())

    def test_no_cache(self):
        for word in ("1", "false"):
            self.assert_not_used("no-cache", variables={**self.variables, "PIP_NO_CACHE_DIR": word})

    def test_a_cache_that_is_not_ours(self):
        self.cache.mkdir(parents=True)
        if os.geteuid() == 0:
            os.chown(self.cache, 12345, 12345)
        else:
            self.cache.chmod(0o500)
            self.addCleanup(self.cache.chmod, 0o700)
        self.assert_not_used("owner")
        self.venv.pip("install", "flash-attn==2.8.3", check=False)
        self.assertTrue(self.marker.exists(), "pip agrees")

    def test_no_source_of_that_version(self):
        self.server.add_project("flash-attn", [Sdist("flash_attn", "2.8.2")])
        self.addCleanup(lambda: self.serve(self.server))
        self.assert_not_used("no-source")

    def test_a_wheel_on_the_index(self):
        plain = attention_wheel("2.8.3", "flash_attn", requires=("torch",), tag=LINUX)
        self.server.add_project("flash-attn", [Sdist("flash_attn", "2.8.3"), plain])
        self.addCleanup(lambda: self.serve(self.server))
        answer = self.seed(official().write(self.home), expect=UNPROVEN)
        self.assertEqual(["index-wheel"], [reason["code"] for reason in answer["reasons"]])

    def test_a_wheel_among_pips_find_links(self):
        folder = self.home / "links"
        folder.mkdir()
        attention_wheel("2.8.3", "flash_attn", requires=("torch",), tag=LINUX).write(folder)
        (self.venv.path / "pip.conf").write_text(
            f"[global]\nindex-url = {self.server.url('simple/')}\nfind-links = {folder}\n")
        self.assert_not_used("index-wheel")

    def test_no_pip(self):
        shutil.rmtree(self.venv.site / "pip")
        for dist_info in self.venv.site.glob("pip-*.dist-info"):
            shutil.rmtree(dist_info)
        self.assert_not_used("no-pip")

    def test_an_index_that_is_not_there(self):
        self.venv.use_index("http://127.0.0.1:9/simple/")
        outcome = self.wheelfit("seed", official().write(self.home), expect=UNREACHABLE)
        self.assert_one_sentence(outcome)
        self.assertEqual([], self.cached())

    def test_bad_wheels_are_refused(self):
        path = official().write(self.home)
        content = bytearray(path.read_bytes())
        content[len(content) // 2] ^= 1
        path.write_bytes(content)
        self.assert_one_sentence(self.wheelfit("seed", path, expect=REFUSED))
        later = official(body=CALLS_LATER_TORCH).write(self.home)
        self.assertIn("torchCheckFail", self.wheelfit("seed", later, expect=REFUSED).error)
        self.assertEqual([], self.cached())

    def test_wrong_usage(self):
        self.wheelfit("seed", "--list", "--undo", expect=USAGE)
        self.wheelfit("seed", "--evict", expect=USAGE)
        self.wheelfit("seed", "one", "two", expect=USAGE)


class Audit(SeedBase):
    def test_what_was_built_for_something_else_is_found_and_evicted(self):
        self.seed("flash-attn")
        place = self.cached()[0].parent

        def put(letter, wheel):
            folder = place.parent.with_name(letter * 2) / (letter * 50)
            folder.mkdir(parents=True)
            return wheel.write(folder)
        wrong = put("a", attention_wheel("2.5.3", "flash_attn", requires=("torch",), tag=LINUX,
                                         body=CALLS_LATER_TORCH))
        other_python = put("b", Wheel("handmade", "1.0", tag=LINUX.replace(CP, "cp27"), pure=False))
        put("c", Wheel("innocent", "1.0"))
        found = self.wheelfit("seed", "--audit", "--json", expect=UNPROVEN).json
        self.assertEqual({str(wrong), str(other_python)}, {row["file"] for row in found["wrong"]})
        by_file = {row["file"]: row for row in found["wrong"]}
        self.assertIn("torchCheckFail", by_file[str(wrong)]["reasons"][0]["text"])
        self.assertEqual("symbols", by_file[str(wrong)]["proof"])
        self.assertEqual(["python-tag"], [reason["code"] for reason in by_file[str(other_python)]["reasons"]])
        self.assertEqual(4, found["wheels"])
        self.assertTrue(wrong.exists())
        self.wheelfit("seed", "--audit", "--evict", expect=DONE)
        self.assertFalse(wrong.exists() or other_python.exists() or wrong.parent.exists())
        self.assertEqual(2, len(self.cached()), "what fits stays")
        self.assertEqual([], self.wheelfit("seed", "--audit", "--json", expect=DONE).json["wrong"])


class Killed(SeedBase):
    def test_killed_at_any_moment(self):
        """Another torch's wheel lies there; a seed that is killed leaves it or the new one, whole, and the next run
        ends as if nothing had been."""
        old, new = official(), official()
        new.files["flash_attn/more.bin"] = random.Random(3).randbytes(20_000_000)
        first, second = self.home / "first", self.home / "second"
        first.mkdir()
        second.mkdir()
        files = {content.read_bytes(): name for name, content in
                 (("old", old.write(first)), ("new", new.write(second)))}
        self.seed(first / old.file_name)
        started = time.monotonic()
        self.seed(second / new.file_name, "--offline")
        duration = time.monotonic() - started
        seen = {"old": 0, "new": 0}
        for round_ in range(KILLS):
            self.seed(first / old.file_name, "--offline")
            child = self.start("seed", second / new.file_name, "--offline")
            time.sleep(random.uniform(duration * 0.3, duration * 1.05))
            child.kill()
            child.communicate()
            wheel, = self.cached()
            self.assertIn(wheel.read_bytes(), files, f"round {round_}: neither the old wheel nor the new")
            seen[files[wheel.read_bytes()]] += 1
            self.seed(second / new.file_name, "--offline")
            wheel, = self.cached()
            self.assertEqual("new", files[wheel.read_bytes()])
            self.assertEqual([], [path.name for path in wheel.parent.iterdir() if path.name.endswith(".part")])
        self.wheelfit("seed", "--undo", expect=DONE)
        self.assertEqual([], self.cached())
        self.assertEqual([], list((self.store / "seeds").glob("*.begun")))


class FindLinks(SeedBase):
    def test_pip_takes_it(self):
        folder = self.home / "wheels of mine"
        answer = self.seed("flash-attn", "--find-links", folder)
        self.assertEqual([f"flash_attn-2.8.3-{LINUX}.whl"], os.listdir(folder))
        self.assertEqual(str(folder), answer["settings"]["PIP_FIND_LINKS"])
        self.assertEqual([], self.cached(), "pip's cache is left alone")
        self.venv.pip("install", "--find-links", folder, "flash-attn==2.8.3")
        self.assertFalse(self.marker.exists())

    def test_settings_do_not_choose_what_one_run_does(self):
        folder = self.home / "links"
        folder.mkdir()
        self.seed("flash-attn", variables={**self.variables, "WHEELFIT_FIND_LINKS": str(folder)})
        self.assertEqual(1, len(self.cached()))

    @unittest.skipUnless(shutil.which("uv"), "uv is not on PATH")
    def test_uv_takes_it(self):
        uv, folder = shutil.which("uv"), self.home / "wheels"
        variables = clean_variables(self.home, UV_CACHE_DIR=str(self.home / "uv"), BUILD_MARKER=str(self.marker),
                                    UV_DEFAULT_INDEX=self.server.url("simple/"), UV_PYTHON_DOWNLOADS="never")

        def run(*arguments):
            done = subprocess.run([uv, *map(str, arguments)], env=variables, text=True, cwd=self.home,
                                  stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
            self.assertEqual(0, done.returncode, done.stdout)
            return done.stdout
        made = Venv(self.home / "made-by-uv", self.home)
        run("venv", "--python", self.venv.python, made.path)
        run("pip", "install", "--python", made.python, "--no-deps", "--no-index",
            torch_wheel(self.home / "torch").write(self.home))
        self.venv = made
        refused = self.seed("flash-attn", expect=UNPROVEN, variables={**self.variables, "PIP_INDEX_URL": ""})
        self.assertEqual(["uv"], [reason["code"] for reason in refused["reasons"]])
        answer = self.seed("flash-attn", "--for", "uv", "--find-links", folder)
        self.assertIn("uv cannot be seeded", answer["reasons"][0]["text"])
        run("pip", "install", "--python", made.python, "--find-links", folder, "flash-attn==2.8.3")
        self.assertFalse(self.marker.exists(), "setup.py ran")
        made.run_python("import flash_attn, flash_attn_2_cuda")


if __name__ == "__main__":
    unittest.main()
