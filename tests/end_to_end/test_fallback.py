# SPDX-License-Identifier: Apache-2.0
"""The last rung: a flash_attn of wheelfit's own, only with the caller's word, never in the way of a wheel that fits."""
import csv
import hashlib
import json
import shutil
import subprocess
import tempfile
import unittest
import zipfile
from pathlib import Path

from environments import MACHINE, clean_variables
from harness import DONE, LINUX, PROGRAM, REFUSED, UNPROVEN, EndToEnd, Outcome, attention_wheel
from wheels import Wheel

# What the package asks of torch while it is imported; the stand-in can compute nothing.
MORE_TORCH = "\nfloat16, bfloat16, float32, float64 = 'f16', 'bf16', 'f32', 'f64'\nfrom . import nn\n"
VERSION = "2.8.3+sdpa"


class Fallback(EndToEnd):
    wheels = [attention_wheel("2.8.3", "flash_attn", local="cu12torch2.4cxx11abiFALSE", tag=f"cp37-cp37m-linux_{MACHINE}")]

    @classmethod
    def serve(cls, server):
        torch = cls.template.site / "torch"
        (torch / "__init__.py").write_text((torch / "__init__.py").read_text() + MORE_TORCH)
        (torch / "nn").mkdir()
        (torch / "nn" / "__init__.py").write_text("from . import functional\nclass Module: pass\n")
        (torch / "nn" / "functional.py").write_text("")
        server.add_releases("Dao-AILab/flash-attention", {"v2.8.3": cls.wheels})
        server.add_releases("mjun0812/flash-attention-prebuild-wheels", {})
        server.add_project("einops", [Wheel("einops", "0.8.0")])

    def installed_version(self):
        return self.venv.run_python("import importlib.metadata as m; print(m.version('flash-attn'))")

    def rung(self, outcome, name):
        return next(row for row in outcome.json["ladder"] if row["rung"] == name)


class WhereNothingFits(Fallback):
    def test_it_is_not_taken_without_the_callers_word_and_the_flag_is_named(self):
        before = self.venv.state()
        refused = self.wheelfit("install", "flash-attn", expect=REFUSED)
        self.assert_one_sentence(refused)
        self.assertIn("--fallback sdpa", refused.error)
        self.assert_unchanged(before)
        plan = self.wheelfit("plan", "flash-attn", "--json", expect=REFUSED)
        self.assertIsNone(plan.json["chosen"])
        self.assertTrue(any("--fallback sdpa" in hint for hint in plan.json["hints"]), plan)

    def test_plan_says_what_would_be_done(self):
        plan = self.wheelfit("plan", "flash-attn", "--fallback", "sdpa", "--json", expect=UNPROVEN)
        chosen = plan.json["chosen"]
        self.assertEqual(("fallback", f"flash_attn-{VERSION}-py3-none-any.whl", VERSION, "none"),
                         (chosen["kind"], chosen["name"], chosen["version"], chosen["proof"]))
        self.assertEqual((True, False), (self.rung(plan, "fallback")["taken"], self.rung(plan, "wheel")["taken"]))
        command = self.wheelfit("plan", "flash-attn", "--fallback", "sdpa").output.strip().splitlines()[-1]
        self.assertIn("wheelfit install flash-attn", command)
        self.assertIn("--fallback sdpa", command)

    def test_it_is_a_distribution_like_any_other(self):
        check = self.venv.pip("check")
        outcome = self.wheelfit("install", "flash-attn", "--fallback", "sdpa", "--require", "import", "--json", expect=DONE)
        self.assertEqual((VERSION, "built-in"), (outcome.json["receipt"]["version"], outcome.json["receipt"]["source"]))
        self.assertEqual(check, self.venv.pip("check"))
        self.assertEqual("['flash-attn'] 2.8.3 fallback", self.venv.run_python(
            "import importlib.metadata as m, flash_attn as f; "
            "print(m.packages_distributions()['flash_attn'], f.__version__, f.__wheelfit__['kind'])"))
        shown = self.venv.pip("show", "-f", "flash-attn")
        for words in (f"Version: {VERSION}", "Requires: torch", "flash_attn/layers/rotary.py"):
            self.assertIn(words, shown)
        record = next(self.venv.site.glob("flash_attn-*.dist-info")) / "RECORD"
        for path, _, _ in csv.reader(record.read_text().splitlines()):
            self.assertTrue((self.venv.site / path).exists(), path)
        self.wheelfit("verify", "flash-attn", "--require", "import", expect=DONE)
        before = self.venv.state(bytecode=False)
        again = self.wheelfit("install", "flash-attn", "--fallback", "sdpa", "--require", "import", "--json", expect=DONE)
        self.assertEqual("already-installed", again.json["outcome"])
        self.wheelfit("plan", "flash-attn", "--json", expect=DONE)  # there and proven: no word is needed any more
        for verb in (["fetch"], ["bundle"], ["seed"], ["export", "requirements"]):  # a wheel is wanted: the fallback is none
            self.assertIn("no wheel of flash-attn fits here", self.wheelfit(*verb, "flash-attn", expect=REFUSED).error)
        self.assert_same(before, self.venv.state(bytecode=False))

    def test_pip_and_wheelfit_take_it_out_with_nothing_left_behind(self):
        before = self.venv.state(bytecode=False)
        for remove in (lambda: self.venv.pip("uninstall", "-y", "flash-attn"), lambda: self.wheelfit("uninstall", "flash-attn")):
            self.wheelfit("install", "flash-attn", "--only", "fallback", "--require", "import", expect=DONE)
            self.assertEqual(VERSION, self.installed_version())
            remove()
            self.assert_same(before, self.venv.state(bytecode=False))

    def test_one_that_does_not_import_is_taken_out_again(self):
        (self.venv.site / "torch" / "nn" / "functional.py").unlink()
        before = self.venv.state(bytecode=False)
        self.wheelfit("install", "flash-attn", "--fallback", "sdpa", expect=REFUSED)
        self.assert_same(before, self.venv.state(bytecode=False))

    def test_a_dry_run_and_no_store_leave_nothing(self):
        before = self.venv.state()
        self.wheelfit("install", "flash-attn", "--fallback", "sdpa", "--dry-run")
        self.assert_unchanged(before)
        self.wheelfit("install", "flash-attn", "--fallback", "sdpa", "--no-store", "--require", "import", expect=DONE)
        self.assertFalse(list(self.store.rglob("*.whl")) if self.store.exists() else [])

    def test_it_stands_for_the_version_that_was_asked_for(self):
        for wish, version in (("==2.8.3", "2.8.3"), ("<2.7", "2.6.3"), ("==2.5.*", "2.5.9.post1"), ("==2.7.0.post2", "2.7.0.post2"), ("", "2.8.3")):
            chosen = self.wheelfit("plan", f"flash-attn{wish}", "--fallback", "sdpa", "--json", expect=UNPROVEN).json["chosen"]
            self.assertEqual((f"{version}+sdpa", f"flash_attn-{version}+sdpa-py3-none-any.whl"), (chosen["version"], chosen["name"]), wish)
        before = self.venv.state(bytecode=False)
        arguments = "import inspect, flash_attn as f; from flash_attn.bert_padding import unpad_input; " \
                    "print(f.__version__, f.__wheelfit__['stands_for'], list(inspect.signature(unpad_input).parameters))"
        for version, parameters in (("2.6.3", "['hidden_states', 'attention_mask']"), ("2.7.0", "['hidden_states', 'attention_mask', 'unused_mask']")):
            self.wheelfit("install", f"flash-attn=={version}", "--fallback", "sdpa", "--require", "import", expect=DONE)
            self.assertEqual(f"{version}+sdpa", self.installed_version())
            self.assertEqual(f"{version} {version} {parameters}", self.venv.run_python(arguments))
            self.assertIn("Requires: torch", self.venv.pip("show", "flash-attn"))
        receipt = next(self.venv.site.glob("flash_attn-*.dist-info")) / "WHEELFIT.json"
        self.assertIn("flash-attn==2.7.0 --only fallback", self.wheelfit("install", receipt, expect=64).error)
        self.wheelfit("uninstall", "flash-attn", expect=DONE)
        self.assert_same(before, self.venv.state(bytecode=False))

    def test_it_does_not_stand_for_what_it_is_not(self):
        for wish in ("==1.0.9", "==2.1.0", "==2.6.9", ">=3", "==4.0.0"):
            refused = self.wheelfit("plan", f"flash-attn{wish}", "--fallback", "sdpa", "--json", expect=REFUSED)
            self.assertEqual(f"it stands for the known releases from 2.2.0 to 2.8.3, and {wish} admits none of them",
                             self.rung(refused, "fallback")["reason"])
            before = self.venv.state()
            self.assert_one_sentence(self.wheelfit("install", f"flash-attn{wish}", "--only", "fallback", expect=REFUSED))
            self.assert_unchanged(before)

    def test_what_is_made_here_is_asked_of_nobody(self):
        self.server.forget_requests()
        self.wheelfit("plan", "flash-attn", "--only", "fallback", expect=UNPROVEN)
        self.wheelfit("install", "flash-attn", "--only", "fallback", "--require", "import", expect=DONE)
        self.assertEqual([], self.server.requests())
        self.wheelfit("plan", "flash-attn", "--fallback", "sdpa")  # a permission: wheels come first, and are looked for
        self.assertNotEqual([], self.server.requests())

    def test_its_receipt_says_how_to_have_it_again(self):
        self.wheelfit("install", "flash-attn", "--fallback", "sdpa", "--require", "import", expect=DONE)
        receipt = next(self.venv.site.glob("flash_attn-*.dist-info")) / "WHEELFIT.json"
        outcome = self.wheelfit("install", receipt)
        self.assertEqual(64, outcome.code)
        self.assertIn("--only fallback", outcome.error)


@unittest.skipUnless(MACHINE == "x86_64", "the releases stand for x86_64 wheels")
class WhereAWheelFits(Fallback):
    wheels = [attention_wheel("2.8.3", "flash_attn", requires=("torch", "einops"), local="cu12torch2.4cxx11abiFALSE", tag=LINUX)]

    def test_the_word_is_a_permission_not_an_order(self):
        plan = self.wheelfit("plan", "flash-attn", "--fallback", "sdpa", "--json", expect=(DONE, UNPROVEN))
        self.assertEqual("wheel", plan.json["chosen"]["kind"])
        self.assertFalse(self.rung(plan, "fallback")["taken"])

    def test_the_wheel_takes_its_place(self):
        self.wheelfit("install", "flash-attn", "--only", "fallback", "--require", "import", expect=DONE)
        self.assertEqual(VERSION, self.installed_version())
        plan = self.wheelfit("plan", "flash-attn", "--json", expect=(DONE, UNPROVEN))
        self.assertEqual("wheel", plan.json["chosen"]["kind"])
        self.assertIn("takes its place", self.rung(plan, "installed")["reason"])
        done = self.wheelfit("install", "flash-attn", "--require", "import", "--json", expect=DONE)
        self.assertEqual([f"flash-attn {VERSION}"], done.json["replaced"])
        self.assertEqual("2.8.3", self.installed_version())
        self.assertFalse((self.venv.site / "flash_attn" / "_attention.py").exists())
        self.assertEqual(1, len(list(self.venv.site.glob("flash_attn-*.dist-info"))))

    def test_a_wheel_that_cannot_be_had_falls_through(self):
        before = self.venv.state()
        alone = self.wheelfit("install", "flash-attn", "--offline", expect=3)
        self.assert_one_sentence(alone)
        self.assert_unchanged(before)
        permitted = self.wheelfit("install", "flash-attn", "--offline", "--fallback", "sdpa", "--require", "import", expect=UNPROVEN)  # a warning
        self.assertIn("the fallback is taken", permitted.error)
        self.assertEqual(VERSION, self.installed_version())
        again = self.wheelfit("install", "flash-attn", "--offline", "--fallback", "sdpa", "--require", "import", "--json",
                              expect=UNPROVEN)
        self.assertEqual("already-installed", json.loads(again.output)["outcome"])


def hollow(version="2.8.3", **more):
    """flash-attn's own Python without its compiled module, as setup.py makes it where it is told to build nothing."""
    return Wheel("flash_attn", version, {"flash_attn/__init__.py": f"__version__ = '{version}'\nfrom .flash_attn_interface import *\n",
                                         "flash_attn/flash_attn_interface.py": "import torch\nimport flash_attn_2_cuda\n"}, **more)


class GivenByHand(Fallback):
    def made(self, version="2.8.3"):
        """The wheel that wheelfit made, as a file somewhere else."""
        self.wheelfit("install", f"flash-attn=={version}", "--only", "fallback", "--require", "import", expect=DONE)
        self.wheelfit("uninstall", "flash-attn", expect=DONE)
        name = f"flash_attn-{version}+sdpa-py3-none-any.whl"
        return Path(shutil.move(next(self.store.glob(f"made/*/{name}")), self.home / name))

    def test_what_a_killed_run_left_is_swept_by_the_next(self):
        """Half a wheel is there for milliseconds: no kill hits it, so it is laid there."""
        made = self.made()
        left = self.store / "made" / "fallback-flash-attn-2.8.3" / f".{made.name}.part"
        left.parent.mkdir(exist_ok=True)
        left.write_bytes(made.read_bytes()[:1000])
        self.wheelfit("install", made, "--require", "import", expect=DONE)
        self.assertFalse(left.exists())

    def spoiled(self, wheel, change):
        """The same with other content, RECORD and all."""
        with zipfile.ZipFile(wheel) as archive:
            files = {name: archive.read(name).decode() for name in archive.namelist() if not name.endswith("/RECORD")}
        change(files)
        other = Wheel("flash_attn", wheel.name.split("-")[1])
        other.files = files
        folder = Path(tempfile.mkdtemp(dir=self.home))
        return other.write(folder)

    def assert_hollow(self, subject, words="is hollow"):
        before = self.venv.state()
        check = self.wheelfit("check", subject, "--json", expect=REFUSED)
        self.assertEqual("hollow", check.json["reasons"][0]["code"], check)
        self.assertIn(words, check.json["reasons"][0]["text"])
        for verb in ("install", "bundle"):
            refused = self.wheelfit(verb, subject, expect=REFUSED)
            self.assert_one_sentence(refused)
            self.assertIn(words, refused.error)
        self.assertIsNone(self.wheelfit("plan", subject, "--json", expect=REFUSED).json["chosen"])
        self.assert_unchanged(before)

    def test_a_file_is_judged_as_what_it_is(self):
        for version in ("2.8.3", "2.6.3"):
            wheel = self.made(version)
            check = self.wheelfit("check", wheel, "--json", expect=DONE)
            self.assertEqual(("fits", f"is a fallback: the functions of {version} on torch's own attention"),
                             (check.json["verdict"], check.json["reasons"][0]["text"]))
            plan = self.wheelfit("plan", wheel, "--json", expect=UNPROVEN)
            chosen = plan.json["chosen"]
            self.assertEqual(("fallback", f"{version}+sdpa", "file", "none"),
                             (chosen["kind"], chosen["version"], chosen["source"], chosen["proof"]))
            self.assertEqual((True, False), (self.rung(plan, "fallback")["taken"], self.rung(plan, "wheel")["taken"]))
            self.assertIn("can stand in", self.wheelfit("plan", wheel, expect=UNPROVEN).output)
            done = self.wheelfit("install", wheel, "--offline", "--require", "import", "--json", expect=DONE)
            self.assertEqual((f"{version}+sdpa", "file"), (done.json["receipt"]["version"], done.json["receipt"]["source"]))
            self.assertEqual(version, self.venv.run_python("import flash_attn; print(flash_attn.__wheelfit__['stands_for'])"))
            self.wheelfit("verify", "flash-attn", "--require", "import", expect=DONE)

    def test_an_address_is_read_by_ranges(self):
        wheel = self.made()
        url = self.server.add_file(f"files/{wheel.name}", wheel.read_bytes())
        self.assertEqual("fits", self.wheelfit("check", url, "--json", expect=DONE).json["verdict"])
        self.wheelfit("install", url, "--require", "import", expect=DONE)
        self.assertEqual(VERSION, self.installed_version())
        other = self.spoiled(wheel, lambda files: files.update({"flash_attn/_mask.py": "import flash_attn_2_cuda\n"}))
        url = self.server.add_file(f"other/{wheel.name}", other.read_bytes())
        self.assert_hollow(url, "_mask.py wants flash_attn_2_cuda")

    def test_torch_and_python_count_and_what_compiled_code_wants_does_not(self):
        wheel = self.made()
        target = "python=3.11,torch={},glibc=2.35,gpu=sm_70"
        for torch in ("2.6.0+cpu", "2.4.0+cu121"):
            self.wheelfit("plan", wheel, "--target", target.format(torch), expect=UNPROVEN, python=False)
        for facts, words in ((target.format("2.1.0+cu121"), "needs torch >=2.2"), ("python=3.7,torch=2.6.0+cpu", "needs Python >=3.8"),
                             ("python=3.11,torch=none", "none is installed here")):
            refused = self.wheelfit("plan", wheel, "--target", facts, "--json", expect=REFUSED, python=False)
            self.assertIn(words, json.dumps(refused.json["candidates"]))

    def test_a_hollow_wheel_of_somebody_else_stays_hollow(self):
        self.assert_hollow(hollow().write(self.home))
        named = hollow(local="sdpa").write(self.home)
        self.assert_hollow(named, "wheelfit did not make it")
        described = hollow(local="sdpa", metadata_version=VERSION)
        described.dist_info = f"flash_attn-{VERSION}.dist-info"
        described.files = {name.replace("-2.8.3.dist-info", f"-{VERSION}.dist-info"): content for name, content in described.files.items()}
        self.assert_hollow(described.write(self.home), "wheelfit did not make it")
        signed = f"{described.dist_info}/WHEEL"
        described.files[signed] = described.files[signed].replace("Generator: tests", "Generator: wheelfit 0.1.0")
        self.assert_hollow(described.write(self.home), "wants flash_attn_2_cuda, which it does not hold")
        described.files["flash_attn/flash_attn_interface.py"] = "import torch\n"
        self.assert_hollow(described.write(self.home), "does not say so")

    def test_one_of_ours_that_somebody_changed_is_none(self):
        wheel = self.made()
        info = f"flash_attn-{VERSION}.dist-info"
        for change, words in (
                (lambda files: files.update({"startup.pth": "import os\n"}), "startup.pth does not belong to it"),
                (lambda files: files.update({f"{info}/WHEEL": files[f"{info}/WHEEL"].replace("wheelfit", "setuptools")}), "wheelfit did not make it"),
                (lambda files: files.update({f"{info}/METADATA": files[f"{info}/METADATA"].replace("+sdpa", "")}), "its metadata says"),
                (lambda files: files.update({"flash_attn/__init__.py": "import flash_attn_2_cuda, __wheelfit__\n"}), "wants flash_attn_2_cuda")):
            self.assert_hollow(self.spoiled(wheel, change), words)

    def test_it_is_not_seeded_for_the_package_itself(self):
        refused = self.wheelfit("seed", "--find-links", self.home / "links", self.made(), expect=REFUSED)
        self.assertFalse(list(self.home.glob("links/*.whl")))
        self.assertIn("would pass for the package itself", refused.error)


class InABundle(Fallback):
    def setUp(self):
        super().setUp()
        self.far_home = Path(tempfile.mkdtemp(dir=self.folder))
        self.far = self.template.copied(self.far_home / "far")
        dead = "http://127.0.0.1:9"  # nobody listens there
        self.far_variables = clean_variables(self.far_home, TMPDIR=str(self.far_home), HTTP_PROXY=dead, HTTPS_PROXY=dead,
                                             http_proxy=dead, https_proxy=dead)
        self.variables["PIP_INDEX_URL"] = self.server.url("simple/")

    def far_side(self, *arguments, expect):
        command = [PROGRAM, *map(str, arguments), "--python", str(self.far.python)]
        done = subprocess.run(command, env=self.far_variables, cwd=self.far_home, text=True, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=120, check=False)
        outcome = Outcome(done.returncode, done.stdout, done.stderr, " ".join(command))
        self.assertIn(outcome.code, (expect,), f"\n{outcome}")
        return outcome

    def packed(self, *subjects):
        there = self.home / "there.json"
        there.write_text(self.far_side("inspect", "--json", expect=DONE).output)
        bundle = self.far_home / "the.bundle"
        self.wheelfit("bundle", *subjects, "--target", there, "-o", bundle, expect=DONE, python=False)
        self.server.forget_requests()
        return bundle

    def assert_installed_from(self, bundle, version, source):
        before = self.far.state(bytecode=False)
        self.far_side("install", bundle, "--dry-run", expect=DONE)
        self.assert_same(before, self.far.state(bytecode=False))
        self.far_side("install", bundle, "--require", "import", expect=DONE)
        self.assertEqual(f"{version} {version}+sdpa", self.far.run_python(
            "import importlib.metadata as m, flash_attn as f; print(f.__wheelfit__['stands_for'], m.version('flash-attn'))"))
        receipt = json.loads(next(self.far.site.glob("flash_attn-*.dist-info/WHEELFIT.json")).read_text())
        self.assertEqual((f"{version}+sdpa", source, bundle.name), (receipt["version"], receipt["source"], receipt["bundle"]["file"]))
        self.far_side("verify", "flash-attn", "--require", "import", expect=DONE)
        self.far_side("install", bundle, "--require", "import", expect=DONE)  # there already
        self.far_side("uninstall", "flash-attn", expect=DONE)
        self.assert_same(before, self.far.state(bytecode=False))
        self.assertEqual([], self.server.requests())

    def test_by_name_with_the_callers_word(self):
        self.assertIn("no wheel of flash-attn fits here", self.wheelfit("bundle", "flash-attn", expect=REFUSED).error)
        for wish, version in (("", "2.8.3"), ("==2.6.3", "2.6.3")):
            self.assert_installed_from(self.packed(f"flash-attn{wish}", "--fallback", "sdpa"), version, "built-in")

    def test_where_the_other_machine_has_one_already(self):
        self.far_side("install", "flash-attn", "--only", "fallback", "--offline", "--require", "import", expect=DONE)
        listed = self.wheelfit("bundle", "--list", self.packed("flash-attn", "--fallback", "sdpa"), "--json", python=False).json
        self.assertEqual(VERSION, listed["manifest"]["packages"][0]["version"])

    def test_by_file(self):
        self.wheelfit("install", "flash-attn==2.7.0", "--only", "fallback", "--require", "import", expect=DONE)
        wheel = self.home / "flash_attn-2.7.0+sdpa-py3-none-any.whl"
        shutil.copy(next(self.store.glob(f"made/*/{wheel.name}")), wheel)
        bundle = self.packed(wheel)
        listed = self.far_side("bundle", "--list", bundle, "--json", expect=DONE).json["manifest"]["packages"][0]
        self.assertEqual(("2.7.0+sdpa", "fits", "none", True), tuple(listed[key] for key in ("version", "verdict", "proof", "by_hand")))
        self.assert_installed_from(bundle, "2.7.0", "file")

    def test_a_bundle_whose_wheel_was_exchanged_for_a_hollow_one_is_refused(self):
        """By whoever can write a manifest that agrees with it."""
        bundle = self.packed("flash-attn", "--fallback", "sdpa")
        other = hollow(local="sdpa")
        with zipfile.ZipFile(bundle) as archive:
            manifest = json.loads(archive.read("wheelfit-bundle.json"))
            names = archive.namelist()
        file = next(file for file in manifest["files"] if file["name"] == other.file_name)
        file.update(size=len(other.bytes()), sha256=hashlib.sha256(other.bytes()).hexdigest())
        with zipfile.ZipFile(bundle, "w", zipfile.ZIP_STORED) as archive:
            for name in names:
                archive.writestr(zipfile.ZipInfo(name), json.dumps(manifest) if name.endswith(".json") else other.bytes())
        before = self.far.state(bytecode=False)
        refused = self.far_side("install", bundle, expect=REFUSED)
        self.assertIn("wheelfit did not make it", refused.error)
        self.assert_same(before, self.far.state(bytecode=False))


del Fallback

if __name__ == "__main__":
    unittest.main(verbosity=2)
