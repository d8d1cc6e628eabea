# SPDX-License-Identifier: Apache-2.0
"""export: what it writes, the real pip and the real uv install from, and neither takes other bytes."""
import hashlib
import re
import shutil
import subprocess
import unittest

from environments import CP, MACHINE, Venv, clean_variables, torch_wheel
from harness import DONE, LINUX, TAG, UNPROVEN, UNREACHABLE, USAGE, EndToEnd, attention_wheel
from wheels import Wheel

UV = shutil.which("uv")


class Export(EndToEnd):
    @classmethod
    def serve(cls, server):
        flash_attn = attention_wheel("2.8.3", "flash_attn", requires=("torch", "einops"),
                                     local="cu12torch2.4cxx11abiFALSE", tag=LINUX)
        server.add_releases("Dao-AILab/flash-attention", {"v2.8.3": [flash_attn]})
        server.add_releases("mjun0812/flash-attention-prebuild-wheels", {})
        cls.einops = [Wheel("einops", "0.8.0"), Wheel("einops", "0.8.1")]
        server.add_project("einops", cls.einops)
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

    def test_what_it_requires_is_pinned_as_it_is_installed_with_the_hash_of_the_index(self):
        self.venv.pip("install", "einops==0.8.0")
        digest = hashlib.sha256(self.einops[0].bytes()).hexdigest()
        line = f"einops==0.8.0  # sha256:{digest}\n"
        for form in ("requirements", "constraints"):
            written = self.export(form, "flash-attn").read_text()
            self.assertIn("\ntorch==2.4.0\n", written)
            self.assertTrue(written.endswith(line), written)
        self.assertIn(digest, self.export("pylock", "flash-attn").read_text())

    def test_what_is_not_installed_is_pinned_as_an_install_would_bring_it(self):
        document = self.wheelfit("export", "requirements", "flash-attn", "--json", expect=DONE).json
        pin, = document["dependencies"]
        self.assertEqual(("einops", "0.8.1"), (pin["name"], pin["version"]))
        self.assertEqual(hashlib.sha256(self.einops[1].bytes()).hexdigest(), pin["sha256"])

    def test_a_version_that_the_index_does_not_have_is_pinned_without_a_hash_and_never_in_an_image(self):
        self.venv.pip("install", "--no-index", str(Wheel("einops", "0.7.0").write(self.home)))
        self.assertTrue(self.export("requirements", "flash-attn").read_text().endswith("\neinops==0.7.0\n"))
        self.assertNotIn("einops", self.export("pylock", "flash-attn").read_text())
        outcome = self.wheelfit("export", "dockerfile", "flash-attn", expect=UNPROVEN)
        self.assertNotIn("einops", outcome.output)
        self.assertIn("einops 0.7.0 is left out", outcome.error)

    def test_offline_the_wheel_of_the_store_has_no_address(self):
        """Its row tells the hash, so the store has it; where it can be downloaded only the index knows."""
        vllm = attention_wheel(requires=("torch==2.4.0",), tag=TAG)
        digest = hashlib.sha256(vllm.bytes()).hexdigest()
        data = self.home / "data"
        (data / "rows").mkdir(parents=True)
        (data / "rows" / "vllm-flash-attn.rows").write_text(
            f"release v2.6.2\nvllm_flash_attn-2.6.2-{CP}-manylinux1_{MACHINE}\nsha256 v2.6.2 {vllm.file_name} {digest}\n")
        place = self.store / "wheels" / digest
        place.mkdir(parents=True)
        vllm.write(place)
        outcome = self.wheelfit("export", "requirements", "vllm-flash-attn", "--offline", "--data-dir", data,
                                expect=UNREACHABLE)
        self.assert_one_sentence(outcome)
        self.assertIn("is known only to the package index", outcome.error)

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
