# SPDX-License-Identifier: Apache-2.0
"""Two environments stand for two machines: one packs, with a network; the other installs what was packed, without."""
import hashlib
import json
import os
import random
import shutil
import struct
import subprocess
import tempfile
import time
import unittest
import zipfile
from pathlib import Path

from environments import MACHINE, Venv, clean_variables, torch_wheel
from harness import (DONE, LINUX, PROGRAM, REFUSED, TAG, UNPROVEN, UNREACHABLE, USAGE, EndToEnd, Outcome,
                     attention_wheel)
from wheels import Wheel, simple

KILLS = int(os.environ.get("WHEELFIT_KILLS", "12"))
# Nobody listens there: whoever tries fails at once.
DEAD = "http://127.0.0.1:9"


def no_network():
    """A command line in front of which there is no network at all; [] where namespaces are not permitted."""
    command = ["unshare", "--user", "--map-root-user", "--net"]
    try:
        allowed = subprocess.run([*command, "true"], stderr=subprocess.DEVNULL, check=False).returncode == 0
    except FileNotFoundError:
        allowed = False
    return command if allowed else []


class Bundles(EndToEnd):
    @classmethod
    def serve(cls, server):
        server.add_project("vllm-flash-attn", [attention_wheel("2.6.2", tag=TAG)])
        # The newest einops wants more than there is: the one before it does.
        server.add_project("einops", [
            Wheel("einops", "0.8.0", requires=("deepdown>=1",)),
            Wheel("einops", "0.9.0", requires=("torch>=2.6",)),
            Wheel("einops", "1.0.0", tag="py2-none-any"), Wheel("einops", "1.1.0")], yanked=("einops-1.1.0-py3-none-any.whl",))
        server.add_project("deepdown", [Wheel("deepdown", "1.2"), Wheel("deepdown", "0.5")])
        flash_attn = attention_wheel("2.8.3", "flash_attn", requires=("torch", "einops", "colorama; os_name == 'nt'"),
                                     local="cu12torch2.4cxx11abiFALSE", tag=LINUX)
        server.add_releases("Dao-AILab/flash-attention", {"v2.8.3": [flash_attn]})
        server.add_releases("mjun0812/flash-attention-prebuild-wheels", {})

    def setUp(self):
        super().setUp()
        # The other machine: an environment of its own, nothing set up for any network.
        self.far_home = Path(tempfile.mkdtemp(dir=self.folder))
        self.far = self.template.copied(self.far_home / "far")
        self.far_variables = clean_variables(self.far_home, TMPDIR=str(self.far_home), HTTP_PROXY=DEAD, HTTPS_PROXY=DEAD,
                                             http_proxy=DEAD, https_proxy=DEAD)
        # The connected machine has no torch; pip there knows the index.
        self.variables["PIP_INDEX_URL"] = self.server.url("simple/")

    def on_the_far_side(self, *arguments, expect=None, isolated=True):
        command = [*(no_network() if isolated else []), PROGRAM, *map(str, arguments), "--python", str(self.far.python)]
        done = subprocess.run(command, env=self.far_variables, cwd=self.far_home, text=True, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=120, check=False)
        outcome = Outcome(done.returncode, done.stdout, done.stderr, " ".join(command))
        if expect is not None:
            self.assertIn(outcome.code, expect if isinstance(expect, tuple) else (expect,), f"\n{outcome}")
        return outcome

    def described(self):
        """What `inspect --json` says there, as a file here."""
        file = self.home / "there.json"
        file.write_text(self.on_the_far_side("inspect", "--json", expect=DONE).output)
        return file

    def packed(self, *subjects, expect=DONE, name="the.bundle", target=None):
        file = self.home / name
        self.wheelfit("bundle", *subjects, "--target", target or self.described(), "-o", file, expect=expect, python=False)
        carried = self.far_home / name
        shutil.copy(file, carried)
        return carried

    def far_state(self):
        return self.far.state(bytecode=False)

    def assert_refused(self, bundle, code=REFUSED, *options):
        before = self.far.state()
        outcome = self.on_the_far_side("install", bundle, *options, expect=code)
        self.assert_one_sentence(outcome)
        self.assert_same(before, self.far.state())
        return outcome

    def receipt(self, name):
        return json.loads(next(self.far.site.glob(f"{name}-*.dist-info/WHEELFIT.json")).read_text())

    @unittest.skipUnless(MACHINE == "x86_64", "the releases stand for x86_64 wheels")
    def test_wheel_and_dependencies_reach_a_machine_without_network(self):
        bundle = self.packed("flash-attn")
        self.on_the_far_side("install", bundle, "--require", "import", expect=DONE)
        self.assertEqual("2.8.3 0.8.0 1.2", self.far.run_python(
            "import torch, flash_attn, einops, deepdown as d; print(flash_attn.__version__, einops.version, d.version)"))
        self.assertIn("No broken requirements", self.far.pip("check"))
        receipt = self.receipt("flash_attn")
        self.assertEqual({"file": bundle.name, "sha256": hashlib.sha256(bundle.read_bytes()).hexdigest()}, receipt["bundle"])
        self.assertEqual("official", receipt["source"])
        self.assertTrue(receipt["url"].startswith(self.server.url("github/")), receipt["url"])
        self.assertIn("symbols", [proof["kind"] for proof in receipt["proofs"] if proof["passed"]])
        self.assertEqual(receipt["bundle"], self.receipt("einops")["bundle"])
        self.assertFalse(list(self.far.site.glob("einops-*.dist-info/REQUESTED")))
        self.assertTrue(list(self.far.site.glob("flash_attn-*.dist-info/REQUESTED")))

    def test_a_dead_proxy_is_never_asked(self):
        """Where no namespace can be had: not one connection, and so no failed one."""
        bundle = self.packed("vllm-flash-attn")
        self.server.forget_requests()
        outcome = self.on_the_far_side("install", bundle, "--require", "import", expect=DONE, isolated=False)
        self.assertNotIn("127.0.0.1:9", outcome.error)
        self.assertEqual([], self.server.requests())

    def test_no_socket_is_opened(self):
        if shutil.which("strace") is None:
            self.skipTest("strace is not installed")
        bundle = self.packed("vllm-flash-attn")
        trace = self.far_home / "trace"
        subprocess.run(["strace", "-f", "-qq", "-e", "trace=socket,connect", "-o", trace, PROGRAM, "install", bundle,
                        "--python", self.far.python], env=self.far_variables, stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL, check=False, timeout=120)
        self.assertTrue(self.receipt("vllm_flash_attn")["bundle"])
        sockets = [line for line in trace.read_text().splitlines() if "AF_INET" in line]
        self.assertEqual([], sockets)

    def test_an_index_wheel_and_what_is_inside(self):
        bundle = self.packed("vllm-flash-attn")
        listed = self.on_the_far_side("bundle", "--list", bundle, "--json", expect=DONE).json
        self.assertEqual("listed", listed["outcome"])
        self.assertEqual(["vllm-flash-attn"], [package["name"] for package in listed["manifest"]["packages"]])
        self.assertEqual([1], [listed["manifest"]["schema_version"]])
        self.assertEqual("2.4.0+cu121", listed["manifest"]["made_for"]["torch"])
        with zipfile.ZipFile(bundle) as archive:  # a plain container: any tool reads it
            self.assertEqual("wheelfit-bundle.json", archive.namelist()[0])
            self.assertEqual([zipfile.ZIP_STORED] * 2, [entry.compress_type for entry in archive.infolist()])
            self.assertIsNone(archive.testzip())
        self.on_the_far_side("install", bundle, "--require", "import", expect=DONE)
        self.assertEqual("2.6.2", self.far.run_python("import torch, vllm_flash_attn as v; print(v.__version__)"))

    def test_a_file_and_an_address(self):
        wheel = simple()
        wheel.files[f"{wheel.dist_info}/METADATA"] += "Requires-Dist: deepdown\n"
        url = self.server.add_file(f"files/{wheel.file_name}", wheel.bytes())
        secret = url.replace("http://", "http://user:hidden@")
        for number, subject in enumerate((wheel.write(self.home), secret)):
            bundle = self.packed(subject, name=f"{number}.bundle")
            self.assertNotIn(b"hidden", bundle.read_bytes())
            self.assertNotIn(str(self.home).encode(), bundle.read_bytes())
            self.on_the_far_side("install", bundle, "--require", "import", expect=DONE)
            self.assertEqual("1.0 1.2", self.far.run_python("import handmade, deepdown; print(handmade.version, deepdown.version)"))
            for name in ("handmade", "deepdown"):
                self.on_the_far_side("uninstall", name, expect=DONE)

    def test_several_at_once(self):
        bundle = self.packed("vllm-flash-attn", simple().write(self.home))
        document = self.on_the_far_side("install", bundle, "--require", "import", "--json", expect=DONE).json
        self.assertEqual(["vllm-flash-attn", "handmade"], [one["receipt"]["distribution"] for one in document["results"]])

    def test_the_same_input_gives_the_same_bytes(self):
        first, second = (self.packed("vllm-flash-attn", name=f"{number}.bundle") for number in (1, 2))
        self.assertEqual(first.read_bytes(), second.read_bytes())

    def test_only_what_is_missing_there_is_packed(self):
        self.far.pip("install", "--no-index", "--no-deps", str(Wheel("deepdown", "1.1").write(self.far_home)))
        bundle = self.packed(self.einops_user())
        with zipfile.ZipFile(bundle) as archive:
            names = archive.namelist()
        self.assertTrue(any("einops-0.8.0" in name for name in names), names)
        self.assertFalse(any("deepdown" in name for name in names), names)
        self.on_the_far_side("install", bundle, "--require", "import", expect=DONE)
        self.assertEqual("1.1", self.far.run_python("import deepdown; print(deepdown.version)"))

    def einops_user(self):
        return Wheel("handmade", "1.0", requires=("einops",)).write(self.home)

    def test_what_is_no_wheel_is_said(self):
        self.server.add_file("files/onlysource-1.0.tar.gz", b"source")
        self.server.add_file("simple/onlysource/index.html", b'<a href="../../files/onlysource-1.0.tar.gz">onlysource-1.0.tar.gz</a>')
        self.server.add_file("simple/onlysource/index.json", json.dumps({"meta": {"api-version": "1.0"}, "name": "onlysource",
                             "files": [{"filename": "onlysource-1.0.tar.gz", "url": "../../files/onlysource-1.0.tar.gz", "hashes": {}}]}).encode())
        wheel = Wheel("handmade", "1.0", requires=("onlysource", "deepdown")).write(self.home)
        bundle = self.packed(wheel, expect=UNPROVEN)
        self.assertIn("onlysource", self.on_the_far_side("bundle", "--list", bundle).output)
        outcome = self.assert_refused(bundle)
        self.assertIn("onlysource", outcome.error)
        self.far.pip("install", "--no-index", "--no-deps", str(Wheel("onlysource", "1.0").write(self.far_home)))
        self.on_the_far_side("install", bundle, "--require", "import", expect=DONE)

    def test_a_dry_run_changes_nothing(self):
        bundle = self.packed(self.einops_user())
        before = self.far.state()
        document = self.on_the_far_side("install", bundle, "--dry-run", "--json", expect=(DONE, UNPROVEN)).json
        self.assertEqual("dry-run", document["outcome"])
        self.assertEqual(2, len(document["dependencies"]))
        self.assert_same(before, self.far.state())

    def test_an_environment_that_moved_on(self):
        bundle = self.packed("vllm-flash-attn")
        self.far.pip("install", "--no-index", "--no-deps", "--force-reinstall",
                     str(torch_wheel(self.far_home / "torch", version="2.5.1", cxx11_abi=1).write(self.far_home)))
        outcome = self.assert_refused(bundle)
        self.assertIn("the bundle was made for torch 2.4.0+cu121, here is 2.5.1+cu121", outcome.error)

    def test_a_wheel_whose_binary_lacks_a_symbol_is_refused_by_the_real_file(self):
        """There it is found out: here nobody has that machine's torch."""
        bad = attention_wheel("2.6.2", tag=TAG, body="namespace c10 { void gone(int); }\nvoid check() { c10::gone(1); }\n")
        bundle = self.packed(bad.write(self.home))
        outcome = self.assert_refused(bundle)
        self.assertIn("gone", outcome.error)

    def test_what_fails_its_proof_takes_its_dependencies_along(self):
        bad = Wheel("handmade", "1.0", {"handmade/__init__.py": "raise ImportError('no')\n"}, requires=("einops",))
        bundle = self.packed(bad.write(self.home))
        before = self.far_state()
        self.on_the_far_side("install", bundle, expect=REFUSED)
        self.assert_same(before, self.far_state())

    def test_spoiled_bundles_change_nothing(self):
        bundle = self.packed(self.einops_user())
        whole = bundle.read_bytes()
        spoiled = self.far_home / "spoiled.bundle"
        kinds = {"empty": b"", "text": b"hello\n" * 100, "half": whole[:len(whole) // 2], "cut": whole[:-40],
                 "flipped": whole[:-len(whole) // 2] + bytes([whole[-len(whole) // 2] ^ 1]) + whole[-len(whole) // 2 + 1:]}
        for kind, content in kinds.items():
            with self.subTest(kind):
                spoiled.write_bytes(content)
                self.assert_refused(spoiled)
        with zipfile.ZipFile(bundle) as archive:
            manifest = json.loads(archive.read("wheelfit-bundle.json"))
            wheels = {name: archive.read(name) for name in archive.namelist()[1:]}

        def rebuilt(members, **changed):
            with zipfile.ZipFile(spoiled, "w", zipfile.ZIP_STORED) as out:
                out.writestr("wheelfit-bundle.json", json.dumps({**manifest, **changed}))
                for name, content in members.items():
                    out.writestr(name, content)
            return spoiled

        first = next(iter(wheels))
        self.assertIn("later version", self.assert_refused(rebuilt(wheels, schema_version=2)).error)
        self.assert_refused(rebuilt({**wheels, "../../evil.py": b"x"}))
        self.assert_refused(rebuilt({**wheels, first: simple().bytes()}))
        self.assert_refused(rebuilt({name: wheels[name] for name in list(wheels)[1:]}))
        climbing = [{**file, "name": "../" + file["name"]} for file in manifest["files"]]
        self.assert_refused(rebuilt({"wheels/../" + name[7:]: wheels[name] for name in wheels}, files=climbing))
        bomb = [{**file, "size": 1 << 60} for file in manifest["files"]]
        self.assert_refused(rebuilt(wheels, files=bomb))
        self.assertIn("there is no file", self.assert_refused("gone.bundle", USAGE).error)
        self.assertEqual([], [path for path in self.far_home.iterdir() if path.name.startswith(".wheelfit")])

    def test_a_full_bundle_is_written_whole_or_not_at_all(self):
        target = self.described()
        file = self.home / "the.bundle"
        for delay in (0.02, 0.08, 0.2):
            child = self.start("bundle", "vllm-flash-attn", "--target", target, "-o", file, python=False)
            time.sleep(delay)
            child.kill()
            child.communicate()
            if file.exists():
                self.wheelfit("bundle", "--list", file, expect=DONE, python=False)
        self.wheelfit("bundle", "vllm-flash-attn", "--target", target, "-o", file, expect=DONE, python=False)
        self.wheelfit("bundle", "--list", file, expect=DONE, python=False)

    def test_kill_9_leaves_the_old_or_the_new(self):
        files = {f"handmade/part{part}.py": "x = 1\n" * 100 for part in range(120)} | {"handmade/__init__.py": "version = '1.0'\n"}
        bundle = self.packed(Wheel("handmade", "1.0", files, requires=("einops",)).write(self.home))
        old = self.comparable()
        started = time.monotonic()
        self.on_the_far_side("install", bundle, "--no-verify", expect=(DONE, UNPROVEN))
        duration = time.monotonic() - started
        new = self.comparable()
        seen = {"old": 0, "new": 0}
        for name in ("handmade", "einops", "deepdown"):
            self.on_the_far_side("uninstall", name, expect=DONE)
        self.assert_same(old, self.comparable())
        seed = random.randrange(1 << 30)
        moments = random.Random(seed)
        for _ in range(KILLS):
            child = subprocess.Popen([PROGRAM, "install", str(bundle), "--no-verify", "--python", str(self.far.python)],
                                     env=self.far_variables, cwd=self.far_home, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            time.sleep(moments.uniform(0, duration))
            child.kill()
            child.wait()
            if self.comparable() not in (old, new):
                self.on_the_far_side("uninstall", "nothing-of-that-name")  # the next command that may write puts it right
            now = self.comparable()
            which = "old" if now == old else "new"
            self.assert_same(new if which == "new" else old, now, f"seed {seed}")
            seen[which] += 1
            if which == "new":
                for name in ("handmade", "einops", "deepdown"):
                    self.on_the_far_side("uninstall", name, expect=(DONE, UNPROVEN))
        print(f"{KILLS} kills within {duration:.2f} s: {seen}")

    def comparable(self):
        return {path: what for path, what in self.far_state().items()
                if not path.endswith(("WHEELFIT.json", "RECORD")) and "/.wheelfit-change-" not in path}

    # --- fetch --list ---

    @unittest.skipUnless(MACHINE == "x86_64", "the releases stand for x86_64 wheels")
    def test_the_list_can_be_pasted(self):
        target = self.described()
        listed = self.wheelfit("fetch", "flash-attn", "--list", "--target", target, expect=DONE, python=False)
        folder = self.far_home / "downloads"
        folder.mkdir()
        script = listed.output.replace("wheelfit install", f"{PROGRAM} install --python {self.far.python}")
        done = subprocess.run(["bash", "-e"], input=script, cwd=folder, env=clean_variables(self.far_home), text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
        self.assertIn("flash_attn-2.8.3+cu12torch2.4cxx11abiFALSE", done.stdout)
        self.assertEqual(UNPROVEN, done.returncode, f"{listed}\n{done.stdout}")  # no GPU here
        self.assertEqual("2.8.3 0.8.0 1.2", self.far.run_python(
            "import torch, flash_attn, einops, deepdown as d; print(flash_attn.__version__, einops.version, d.version)"))
        document = self.wheelfit("fetch", "flash-attn", "--list", "--target", target, "--json", expect=DONE, python=False).json
        self.assertEqual(["wheel", "dependency", "dependency"], [file["role"] for file in document["files"]])
        self.assertTrue(all(file["sha256"] and file["url"] for file in document["files"]))
        self.assertFalse((self.store / "wheels").exists(), "a list downloads no wheel")

    def test_the_list_without_a_network(self):
        target = self.described()
        outcome = self.wheelfit("fetch", "vllm-flash-attn", "--list", "--target", target, "--offline", "--json",
                                expect=DONE, python=False)
        file = outcome.json["files"][0]
        self.assertIn("pip download", file["command"])
        self.assertEqual(["einops"], [one["requirement"] for one in self.wheelfit(
            "fetch", "flash-attn", "--list", "--target", target, "--offline", "--json", expect=UNPROVEN, python=False).json["lacking"]])
        self.assertEqual([], [line for line in self.server.requests()])


if __name__ == "__main__":
    unittest.main(verbosity=2)
