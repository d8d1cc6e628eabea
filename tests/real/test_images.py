# SPDX-License-Identifier: Apache-2.0
"""The Dockerfiles that wheelfit and docs/images.md write, carried out step by step in an unpacked Debian root: a real
Python and pip in it, a real server, a stand-in for torch. Exit 77 (skipped) where that cannot be had here."""
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path
from urllib.parse import urlsplit

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "end_to_end"))

import debian  # noqa: E402
from dockerfile import PATH, Builder, Failed, Image, Root, run_in  # noqa: E402
from environments import MINOR, torch_wheel  # noqa: E402
from filesystems import Tmpfs  # noqa: E402
from harness import DONE, LINUX, PROGRAM, REFUSED, UNPROVEN, EndToEnd, attention_wheel  # noqa: E402
from wheels import Wheel  # noqa: E402

SKIPPED = 77
PYTHON = "/opt/venv/bin/python"
DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "images.md"


def needed():
    """(the Debian root, "") or (None, why the test cannot run here)."""
    if os.geteuid() != 0:
        return None, "root is wanted, for chroot"
    if MINOR != debian.MINOR:
        return None, f"the stand-ins are made for Python {MINOR}, the Debian root has {debian.MINOR}"
    with tempfile.TemporaryDirectory() as folder:
        why = Tmpfs.why_not(folder)
    if why:
        return None, why
    home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "wheelfit-demo"
    return debian.root(home)


def program_with_libraries(root, folder):
    """The program as one file for `COPY wheelfit`: a folder with it and the libraries that the root lacks."""
    folder.mkdir()
    shutil.copy2(PROGRAM, folder / "program")
    listed = subprocess.run(["ldd", PROGRAM], check=True, stdout=subprocess.PIPE, text=True).stdout
    for library in re.findall(r"=> (/\S+)", listed):
        if not any(inside.exists() for inside in (root / library.lstrip("/"), root / ("usr" + library))):
            shutil.copy2(library, folder / Path(library).name)
    start = folder / "wheelfit"
    start.write_text('#!/bin/sh\nLD_LIBRARY_PATH=/opt/wheelfit exec /opt/wheelfit/program "$@"\n')
    start.chmod(0o755)


class Images(EndToEnd):
    @classmethod
    def setUpClass(cls):
        cls.debian = DEBIAN
        super().setUpClass()
        cls.base = Root(cls.folder / "base", [cls.debian])
        cls.addClassCleanup(cls.base.stop)
        wheel = torch_wheel(cls.folder / "torch-in-image").write(cls.folder)
        shutil.copy2(wheel, cls.base.inside("/tmp"))
        cls.inside(cls.base, "python3", "-m", "venv", "/opt/venv")
        cls.inside(cls.base, PYTHON, "-m", "pip", "install", "--no-index", "--no-deps", f"/tmp/{wheel.name}")

    @classmethod
    def inside(cls, root, *command, **env):
        code, output, error = run_in(root, command, env)
        if code != 0:
            raise AssertionError(f"{command}: exit {code}\n{output}{error}")
        return output.strip()

    @classmethod
    def serve(cls, server):
        cls.wheel = attention_wheel("2.8.3", "flash_attn", requires=("torch", "einops"),
                                    local="cu12torch2.4cxx11abiFALSE", tag=LINUX)
        server.add_releases("Dao-AILab/flash-attention", {"v2.8.3": [cls.wheel]})
        server.add_releases("mjun0812/flash-attention-prebuild-wheels", {})
        server.add_project("einops", [Wheel("einops", "0.8.0"), Wheel("einops", "0.8.1")])

    def setUp(self):
        super().setUp()
        self.addCleanup(self.show_work_gone)
        self.context = self.home / "context"
        self.context.mkdir()

    def show_work_gone(self):
        self.assertNotIn(str(self.home), Path("/proc/self/mountinfo").read_text())

    def builder(self, **arguments):
        # pip keeps what it gets by http only from hosts that it is told to trust.
        environment = {"VIRTUAL_ENV": "/opt/venv", "PATH": f"/opt/venv/bin:{PATH}",
                       "PIP_TRUSTED_HOST": urlsplit(self.server.url("")).netloc}
        builder = Builder({"with-torch": Image(self.base, environment), "plain": Image(self.bare())}, self.home / "work",
                          self.context, BASE="with-torch", PYTHON=PYTHON, **arguments)
        self.addCleanup(builder.stop)
        return builder

    def bare(self):
        root = Root(self.home / "bare", [self.debian])
        self.addCleanup(root.stop)
        return root

    def exported(self, *options):
        return self.wheelfit("export", "dockerfile", *options, expect=(DONE, UNPROVEN)).output

    # --- export dockerfile ---

    def test_the_written_dockerfile_builds_an_image_that_imports_it(self):
        self.venv.pip("install", "einops==0.8.0")
        text = self.exported()
        builder = self.builder(PIP_INDEX_URL=self.server.url("simple/"))
        image = builder.build(text)
        found = self.inside(image.root, PYTHON, "-c",
                            "import flash_attn, flash_attn_2_cuda, einops; print(einops.version)")
        self.assertEqual("0.8.0", found)
        # Nothing of the way is left: no wheel, no cache of pip's.
        self.assertFalse((image.root.path / "root" / ".cache").exists())
        self.assertEqual([], [path for path in image.root.inside("/wheelfit").rglob("*") if path.is_file()])
        self.assertEqual([], [path for path in (image.root.folder / "upper").rglob("*.whl")])
        # The second build downloads nothing: the server is asked whether the wheel is still the same.
        self.server.forget_requests()
        again = Builder(builder.images, builder.work, None, **builder.given)
        again.count = 100
        self.addCleanup(again.stop)
        again.build(text)
        self.assertEqual([], [request for request in self.server.requests() if ".whl" in request and " 304 " not in request])

    def test_a_start_without_a_gpu_says_so_and_one_that_skips_it_runs_the_program(self):
        builder = self.builder(PIP_INDEX_URL=self.server.url("simple/"))
        container = builder.start(builder.build(self.exported()))
        code, output, error = builder.run(container, "echo", "the", "program")
        self.assertEqual((2, ""), (code, output))
        self.assertIn("torch sees no GPU here", error)
        code, output, _ = builder.run(container, "echo", "the", "program", WHEELFIT_VERIFY="0")
        self.assertEqual((0, "the program\n"), (code, output))

    def test_a_start_asks_wheelfit_where_the_image_holds_it(self):
        builder = self.builder(PIP_INDEX_URL=self.server.url("simple/"))
        container = builder.start(builder.build(self.exported()))
        stand_in = container.root.inside("/usr/local/bin/wheelfit")
        for code in (0, 2):
            stand_in.write_text(f'#!/bin/sh\necho "asked: $*"\nexit {code}\n')
            stand_in.chmod(0o755)
            found, output, error = builder.run(container, "echo", "the program")
            self.assertEqual((code, "the program\n" if code == 0 else ""), (found, output))
            self.assertEqual(f"asked: verify flash-attn --require gpu --python {PYTHON}\n", error)

    def test_wheels_with_other_bytes_are_not_taken(self):
        text = self.exported()
        digest = re.search(r"flash-attn @ http\S+ --hash=sha256:(\w{64})", text)[1]
        with self.assertRaises(Failed) as failed:
            self.builder(PIP_INDEX_URL=self.server.url("simple/")).build(text.replace(digest, "0" * 64))
        self.assertIn("THESE PACKAGES DO NOT MATCH THE HASHES", failed.exception.output)

    def test_a_base_without_that_torch_is_refused_before_any_download(self):
        text = self.exported()
        self.server.forget_requests()
        builder = self.builder()
        builder.given.update(BASE="plain", PYTHON="python3")
        with self.assertRaises(Failed) as failed:
            builder.build(text)
        self.assertIn("the base image has no torch", failed.exception.output)
        builder = Builder(builder.images, self.home / "other", None, BASE="with-torch", PYTHON=PYTHON)
        self.addCleanup(builder.stop)
        with self.assertRaises(Failed) as failed:
            builder.build(text.replace('"2.4")', '"2.6")'))
        self.assertIn("the base image has Python 3.11 and torch 2.4", failed.exception.output)
        self.assertEqual([], self.server.requests())

    # --- docs/images.md: install while the image is built, and at the first start ---

    def dockerfile_of_document(self, holds):
        found = [block for block in re.findall(r"```dockerfile\n(.*?)```", DOCUMENT.read_text(), re.S) if holds in block]
        self.assertEqual(1, len(found), holds)
        return found[0]

    def lay_program(self):
        program_with_libraries(self.debian, self.context / "wheelfit")

    def network(self):
        return {name: value for name, value in self.variables.items() if name.startswith("WHEELFIT_GITHUB")} | {
            "PIP_INDEX_URL": self.server.url("simple/")}

    def with_network(self, text):
        """The test's servers in place of the real ones, said as any setting is: by variables."""
        lines = "".join(f"ENV {name}={value}\n" for name, value in self.network().items())
        return re.sub(r"(FROM [^\n]*\n)", lambda match: match[1] + lines, text)

    def test_install_while_the_image_is_built(self):
        self.lay_program()
        builder = self.builder()
        image = builder.build(self.with_network(self.dockerfile_of_document("--require import")))
        self.inside(image.root, PYTHON, "-c", "import flash_attn, flash_attn_2_cuda, einops")
        self.assertFalse((image.root.path / "root" / ".cache").exists())
        self.assertIn("installed and proven by import", builder.ran[-1][1])

    def bundle(self):
        self.wheelfit("bundle", "flash-attn", "-o", self.context / "flash.bundle", expect=DONE)

    def test_finished_at_the_first_start_from_a_bundle(self):
        self.lay_program()
        self.bundle()
        builder = self.builder()
        image = builder.build(self.dockerfile_of_document("flash.bundle"))
        self.assertIn("ENTRYPOINT [", builder.ran[-1][1])
        self.assertTrue(image.root.inside("/opt/venv/share/wheelfit/later.json").exists())
        container = builder.start(image)
        code, output, error = builder.run(container, "echo", "the program")
        self.assertEqual((UNPROVEN, ""), (code, output), error)
        self.assertIn("No GPU is here", error)
        self.assertTrue(container.root.inside("/opt/venv/share/wheelfit/later.json").exists())
        # A GPU cannot be laid into a test; a start that asks for less finishes.
        code, output, error = builder.run(container, "echo", "the program", WHEELFIT_REQUIRE="import")
        self.assertEqual((0, "the program\n"), (code, output), error)
        self.inside(container.root, PYTHON, "-c", "import flash_attn, flash_attn_2_cuda")
        self.assertFalse(container.root.inside("/opt/venv/share/wheelfit/later.json").exists())
        code, output, error = builder.run(container, "echo", "again")
        self.assertEqual((0, "again\n"), (code, output), error)


if __name__ == "__main__":
    DEBIAN, why_not = needed()
    if DEBIAN is None:
        print(f"skipped: {why_not}")
        sys.exit(SKIPPED)
    unittest.main(verbosity=2)
