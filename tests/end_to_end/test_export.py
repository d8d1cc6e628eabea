# SPDX-License-Identifier: Apache-2.0
"""export: what it writes, the real pip and the real uv install from, and neither takes other bytes."""
import re
import shutil
import subprocess
import unittest

from environments import Venv, clean_variables, torch_wheel
from harness import DONE, LINUX, USAGE, EndToEnd, attention_wheel
from wheels import Wheel

UV = shutil.which("uv")


class Export(EndToEnd):
    @classmethod
    def serve(cls, server):
        flash_attn = attention_wheel("2.8.3", "flash_attn", requires=("torch", "einops"),
                                     local="cu12torch2.4cxx11abiFALSE", tag=LINUX)
        server.add_releases("Dao-AILab/flash-attention", {"v2.8.3": [flash_attn]})
        server.add_releases("mjun0812/flash-attention-prebuild-wheels", {})
        server.add_project("einops", [Wheel("einops", "0.8.0")])
        cls.flash_attn = flash_attn

    def export(self, form, *subjects, expect=DONE):
        written = self.home / {"pylock": "pylock.toml", "conda": "environment.yml"}.get(form, f"{form}.txt")
        written.write_text(self.wheelfit("export", form, *subjects, expect=expect).output)
        return written

    def assert_works(self, venv):
        venv.run_python("import flash_attn, flash_attn_2_cuda, einops")

    def test_pip_installs_from_requirements_and_refuses_other_bytes(self):
        file = self.export("requirements")
        self.venv.pip("install", "-r", str(file))
        self.assert_works(self.venv)
        self.venv.pip("uninstall", "--yes", "flash-attn")
        head, _, digest = file.read_text().rpartition("#sha256=")
        file.write_text(f"{head}#sha256={'0' * 64}\n")
        self.venv.pip("install", "-r", str(file), check=False)
        self.venv.run_python("import importlib.util as u; assert u.find_spec('flash_attn') is None")

    def test_pip_takes_the_constraint(self):
        file = self.export("constraints", "flash-attn")
        self.assertIn("\ntorch==2.4.0\n", file.read_text())
        self.venv.pip("install", "-c", str(file), "flash-attn")
        self.assert_works(self.venv)

    def test_the_store_is_asked_before_the_network_and_no_store_leaves_nothing(self):
        self.wheelfit("export", "requirements", "--no-store", expect=DONE)
        self.assertFalse(self.store.exists())

    def test_the_document(self):
        document = self.wheelfit("export", "pylock", "flash-attn", "--json", expect=DONE).json
        package, = document["packages"]
        self.assertEqual(("flash-attn", "2.8.3+cu12torch2.4cxx11abifalse", 64),
                         (package["name"], package["version"], len(package["sha256"])))
        self.assertIn(package["sha256"], document["text"])

    def test_wrong_usage(self):
        self.wheelfit("export", "poetry", expect=USAGE)
        self.wheelfit("export", expect=USAGE)
        self.assert_one_sentence(self.wheelfit("export", "uv", self.flash_attn.write(self.home), expect=USAGE))

    # --- uv ---

    def uv(self, *arguments, folder=None):
        variables = clean_variables(self.home, UV_CACHE_DIR=str(self.home / "uv"), UV_PYTHON_DOWNLOADS="never",
                                    UV_DEFAULT_INDEX=self.server.url("simple/"))
        done = subprocess.run([UV, *map(str, arguments)], env=variables, text=True, cwd=folder or self.home,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        self.assertEqual(0, done.returncode, done.stdout)
        return done.stdout

    @unittest.skipUnless(UV, "uv is not on PATH")
    def test_uv_installs_from_requirements_and_from_a_lock(self):
        for form in ("requirements", "pylock"):
            with self.subTest(form):
                file = self.export(form, "flash-attn")
                self.uv("pip", "install", "--python", self.venv.python, "-r", file)
                self.venv.run_python("import flash_attn, flash_attn_2_cuda")
                self.venv.pip("uninstall", "--yes", "flash-attn")

    @unittest.skipUnless(UV, "uv is not on PATH")
    def test_uv_takes_the_source_of_a_project(self):
        self.server.add_project("torch", [torch_wheel(self.home / "torch")])
        project = self.home / "project"
        project.mkdir()
        minor = self.venv.run_python("import sys; print('%d.%d' % sys.version_info[:2])")
        (project / "pyproject.toml").write_text(
            f'[project]\nname = "demo"\nversion = "1"\nrequires-python = "=={minor}.*"\ndependencies = ["flash-attn"]\n'
            '[tool.uv]\nenvironments = ["sys_platform == \'linux\'"]\n'
            + self.export("uv", "flash-attn").read_text())
        self.uv("sync", "--python", self.venv.python, "--no-install-project", folder=project)
        known = re.search(r"sha256:\w{64}", (project / "pyproject.toml").read_text())[0]
        self.assertIn(known, (project / "uv.lock").read_text())
        made = Venv(project / ".venv", self.home)
        made.run_python("import flash_attn, flash_attn_2_cuda, einops")


if __name__ == "__main__":
    unittest.main(verbosity=2)
