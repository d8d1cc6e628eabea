# SPDX-License-Identifier: Apache-2.0
"""install and uninstall, and what pip, uv and Python say afterwards."""
import base64
import csv
import hashlib
import json
import re
import shutil
import subprocess
import unittest

from environments import MACHINE, Venv
from harness import DONE, LINUX, REFUSED, TAG, UNPROVEN, EndToEnd, attention_wheel
from wheels import Wheel, simple


def everything_in_a_wheel():
    """Each part that a wheel may have."""
    wheel = Wheel("handmade", "1.0", tag="py3-none-any",
                  entry_points="[console_scripts]\nhandmade-run = handmade:main\n[gui_scripts]\nhandmade-gui = handmade:main\n")
    wheel.files.update({
        "handmade/__init__.py": "version = '1.0'\ndef main():\n    print('it runs')\n",
        "handmade/data/table.txt": "1 2 3\n",
        "handmade-1.0.data/scripts/handmade-tool": "#!python\nimport handmade\nhandmade.main()\n",
        "handmade-1.0.data/data/share/handmade/readme.txt": "hello\n",
        "handmade-1.0.data/headers/handmade.h": "#pragma once\n",
        "handmade-1.0.data/purelib/handmade_more.py": "more = True\n",
        "handmade-1.0.data/platlib/handmade_platform.py": "platform = True\n",
        "handmade/tool.sh": "#!/bin/sh\n",
    })
    wheel.attributes["handmade/tool.sh"] = 0o100755
    return wheel


class Install(EndToEnd):
    @classmethod
    def serve(cls, server):
        server.add_project("vllm-flash-attn", [attention_wheel("2.6.1", tag=TAG), attention_wheel("2.6.2", tag=TAG)])
        server.add_project("einops", [Wheel("einops", "0.8.0")])
        flash_attn = attention_wheel("2.8.3", "flash_attn", requires=("torch", "einops"),
                                     local="cu12torch2.4cxx11abiFALSE", tag=LINUX)
        server.add_releases("Dao-AILab/flash-attention", {"v2.8.3": [flash_attn]})
        server.add_releases("mjun0812/flash-attention-prebuild-wheels", {})

    def dist_info(self, name):
        return next(self.venv.site.glob(f"{name}-*.dist-info"))

    def assert_record_is_true(self, name):
        record = self.dist_info(name) / "RECORD"
        rows = list(csv.reader(record.read_text().splitlines()))
        for path, digest, size in rows:
            content = (self.venv.site / path).read_bytes()
            if path.endswith(("RECORD", ".pyc", "WHEELFIT.json")):  # written after RECORD was, or anew with each proof
                continue
            encoded = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
            self.assertEqual((f"sha256={encoded}", str(len(content))), (digest, size), path)
        recorded = {path for path, _, _ in rows}
        for file in self.dist_info(name).iterdir():
            self.assertIn(str(file.relative_to(self.venv.site)), recorded)

    def test_by_name_from_the_index(self):
        check = self.venv.pip("check")
        self.wheelfit("install", "vllm-flash-attn", expect=UNPROVEN)  # no GPU here: not proven to the end
        self.assertEqual("2.6.2", self.venv.run_python("import torch, vllm_flash_attn as v; print(v.__version__)"))
        self.assertEqual(check, self.venv.pip("check"))
        listed = {row["name"].replace("_", "-"): row["version"] for row in
                  json.loads(self.venv.pip("list", "--format", "json"))}
        self.assertEqual("2.6.2", listed["vllm-flash-attn"])
        shown = self.venv.pip("show", "-f", "vllm-flash-attn")
        self.assertIn("vllm_flash_attn/flash_attn_interface.py", shown)
        self.assertNotIn("Cannot locate", shown)
        self.assert_record_is_true("vllm_flash_attn")
        names = {file.name for file in self.dist_info("vllm_flash_attn").iterdir()}
        self.assertLessEqual({"INSTALLER", "REQUESTED", "METADATA", "WHEEL", "RECORD", "WHEELFIT.json"}, names)
        self.assertNotIn("direct_url.json", names)
        self.assertEqual("wheelfit", (self.dist_info("vllm_flash_attn") / "INSTALLER").read_text().strip())

    def test_exit_code_0_when_the_asked_proof_was_given(self):
        self.wheelfit("install", "vllm-flash-attn", "--require", "import", expect=DONE)

    @unittest.skipUnless(MACHINE == "x86_64", "the releases stand for x86_64 wheels")
    def test_by_name_from_releases_with_a_missing_dependency(self):
        torch_before = {path: what for path, what in self.venv.state(bytecode=False).items() if "/torch" in path}
        self.wheelfit("install", "flash-attn", "--require", "import", expect=DONE)
        self.assertEqual("2.8.3 0.8.0", self.venv.run_python(
            "import torch, flash_attn, einops; print(flash_attn.__version__, einops.version)"))
        torch_after = {path: what for path, what in self.venv.state(bytecode=False).items() if "/torch" in path}
        self.assert_same(torch_before, torch_after)
        self.assertTrue(any("/github/Dao-AILab/flash-attention/" in line for line in self.server.requests()))
        self.assert_record_is_true("flash_attn")

    def test_a_second_install_has_nothing_to_do(self):
        self.wheelfit("install", "vllm-flash-attn", "--require", "import", expect=DONE)
        before = self.venv.state(bytecode=False)
        self.server.forget_requests()
        outcome = self.wheelfit("install", "vllm-flash-attn", "--require", "import", expect=DONE)
        self.assert_same(before, self.venv.state(bytecode=False))
        self.assertEqual([], [line for line in self.server.requests() if ".whl" in line], str(outcome))

    def test_another_version_replaces_the_first_whole(self):
        old = Wheel("handmade", "0.9", {"handmade/__init__.py": "version = '0.9'\n", "handmade/gone.py": "old = 1\n"})
        self.wheelfit("install", old.write(self.home), "--require", "import", expect=DONE)
        self.wheelfit("install", simple().write(self.home), "--require", "import", expect=DONE)
        self.assertEqual("1.0", self.venv.run_python("import handmade; print(handmade.version)"))
        self.assertFalse((self.venv.site / "handmade" / "gone.py").exists())
        self.assertEqual(1, len(list(self.venv.site.glob("handmade-*.dist-info"))))

    def test_file_by_hand_as_pip_would_do_it(self):
        wheel = everything_in_a_wheel().write(self.home)
        other = self.venv.copied(self.home / "other")
        other.pip("install", "--no-index", "--no-compile", str(wheel))
        self.wheelfit("install", wheel, "--require", "import", expect=DONE)
        self.assert_same(self.files_of(other), self.files_of(self.venv))
        direct = json.loads((self.dist_info("handmade") / "direct_url.json").read_text())
        by_pip = json.loads((other.site / "handmade-1.0.dist-info" / "direct_url.json").read_text())
        self.assertEqual(by_pip["url"], direct["url"])
        digest = hashlib.sha256(wheel.read_bytes()).hexdigest()  # older pips leave the hash out
        self.assertEqual(digest, direct["archive_info"]["hashes"]["sha256"])
        frozen = [re.sub(r"#sha256=\w+", "", venv.pip("freeze")) for venv in (other, self.venv)]
        self.assertEqual(*frozen)
        for script in ("handmade-run", "handmade-tool"):
            run = subprocess.run([self.venv.path / "bin" / script], text=True, stdout=subprocess.PIPE, check=True)
            self.assertEqual("it runs\n", run.stdout)
        self.assert_record_is_true("handmade")

    def files_of(self, venv: Venv):
        """{path: (x bit, content with the environment's own path left out)}; what differs by design is left out."""
        found = {}
        for path in venv.path.rglob("*"):
            own = path.name in ("INSTALLER", "RECORD", "WHEELFIT.json", "direct_url.json", "pip.conf")
            if not path.is_file() or "__pycache__" in path.parts or own or path.is_symlink():
                continue
            content = path.read_bytes().replace(str(venv.path).encode(), b"VENV")
            if path.parent.name == "bin" and b"handmade" in content:
                content = content.split(b"\n", 1)[0]  # launchers: the same interpreter, each tool's own body
            if len(content) > 200:
                content = hashlib.sha256(content).hexdigest()
            runs = bool(path.stat().st_mode & 0o111) or path.parent.name == "bin"  # pip forgets .data/scripts
            found[str(path.relative_to(venv.path))] = (runs, content)
        return found

    def test_address_by_hand(self):
        wheel = simple()
        url = self.server.add_file(f"files/{wheel.file_name}", wheel.bytes())
        self.wheelfit("install", url, "--require", "import", expect=DONE)
        direct = json.loads((self.dist_info("handmade") / "direct_url.json").read_text())
        self.assertEqual(url, direct["url"])
        self.assertEqual(f"handmade @ {url}", [line for line in self.venv.pip("freeze").splitlines()
                                               if line.startswith("handmade")][0].split("#")[0])

    def test_uninstall_leaves_what_was_there_before(self):
        before = self.venv.state(bytecode=False)
        for wheel in (everything_in_a_wheel().write(self.home), "vllm-flash-attn"):
            name = "handmade" if wheel != "vllm-flash-attn" else wheel
            self.wheelfit("install", wheel, "--require", "import", expect=DONE)
            self.assertNotEqual(before, self.venv.state(bytecode=False))
            self.wheelfit("uninstall", name, expect=DONE)
            left = self.venv.state(bytecode=False)
            left.pop("share", None)  # the environment's own folder for data: it may stay, empty
            self.assert_same(before, left)

    def test_pip_uninstalls_what_wheelfit_installed(self):
        before = self.venv.state(bytecode=False)
        self.wheelfit("install", everything_in_a_wheel().write(self.home), "--require", "import", expect=DONE)
        self.venv.pip("uninstall", "-y", "handmade")
        # pip leaves empty folders of share/ and include/ where its own schemes end.
        left = self.venv.state(bytecode=False)
        self.assertEqual({}, {path: what for path, what in left.items()
                              if before.get(path) != what and not what.startswith("folder")})

    def test_wheelfit_uninstalls_what_pip_installed(self):
        before = self.venv.state(bytecode=False)
        self.venv.pip("install", "--no-index", str(everything_in_a_wheel().write(self.home)))
        self.wheelfit("uninstall", "handmade", expect=DONE)
        left = self.venv.state(bytecode=False)
        self.assertEqual({}, {path: what for path, what in left.items()
                              if before.get(path) != what and not what.startswith("folder")})

    def test_what_does_not_import_is_taken_back(self):
        bad = Wheel("handmade", "1.0", {"handmade/__init__.py": "raise ImportError('undefined symbol: _ZN3c10')\n"})
        before = self.venv.state(bytecode=False)
        outcome = self.wheelfit("install", bad.write(self.home), expect=REFUSED)
        self.assertIn("_ZN3c10", outcome.output + outcome.error)
        self.assert_same(before, self.venv.state(bytecode=False))
        self.wheelfit("install", bad.write(self.home), "--keep", expect=REFUSED)
        self.assertTrue((self.venv.site / "handmade" / "__init__.py").exists())

    def test_what_does_not_import_leaves_the_earlier_version(self):
        self.wheelfit("install", simple().write(self.home), "--require", "import", expect=DONE)
        before = self.venv.state(bytecode=False)
        bad = Wheel("handmade", "2.0", {"handmade/__init__.py": "raise ImportError('no')\n"})
        self.wheelfit("install", bad.write(self.home), expect=REFUSED)
        self.assert_same(before, self.venv.state(bytecode=False))

    def test_a_dry_run_changes_nothing(self):
        before = self.venv.state()
        self.wheelfit("install", "vllm-flash-attn", "--dry-run", expect=(DONE, UNPROVEN))
        self.assert_unchanged(before)

    def test_no_store_leaves_nothing_behind(self):
        variables = {key: value for key, value in self.variables.items() if key != "WHEELFIT_STORE"}
        self.wheelfit("install", "vllm-flash-attn", "--no-store", "--require", "import", expect=DONE,
                      variables=variables)
        left = [path for path in (self.home / "cache").rglob("*") if path.is_file() and "wheelfit" in str(path)]
        self.assertEqual([], left)

    def test_a_wheel_that_pins_another_torch_is_refused(self):
        wheel = attention_wheel("2.5.9", tag=TAG, requires=("torch==2.3.0",))
        before = self.venv.state()
        outcome = self.wheelfit("install", wheel.write(self.home), expect=REFUSED)
        self.assertIn("2.3.0", outcome.output + outcome.error)
        self.assert_unchanged(before)

    def test_json_is_one_document_even_on_failure(self):
        document = self.wheelfit("install", "vllm-flash-attn", "--json", expect=UNPROVEN).json
        self.assertEqual(1, document["schema_version"])
        failed = self.wheelfit("install", "vllm-flash-attn==99", "--json", expect=REFUSED)
        self.assertEqual(1, failed.json["schema_version"])

    def test_uv_agrees(self):
        uv = shutil.which("uv")
        if uv is None:
            self.skipTest("there is no uv on PATH")
        self.wheelfit("install", "vllm-flash-attn", "--require", "import", expect=DONE)
        listed = subprocess.run([uv, "pip", "list", "--python", str(self.venv.python)], text=True, check=True,
                                stdout=subprocess.PIPE, env=self.venv.variables).stdout
        self.assertRegex(listed, r"vllm-flash-attn\s+2\.6\.2")

    def test_verify_shows_what_was_installed_from_where(self):
        self.wheelfit("install", "vllm-flash-attn", "--require", "import", expect=DONE)
        outcome = self.wheelfit("verify", "vllm-flash-attn", "--require", "import", expect=DONE)
        self.assertIn("2.6.2", outcome.output)
        with open(self.venv.site / "vllm_flash_attn" / "data.bin", "r+b") as file:
            file.write(b"spoiled")
        self.wheelfit("verify", "vllm-flash-attn", "--require", "import", expect=REFUSED)


if __name__ == "__main__":
    unittest.main(verbosity=2)
