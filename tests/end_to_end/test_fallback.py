# SPDX-License-Identifier: Apache-2.0
"""The last rung: a flash_attn of wheelfit's own, only with the caller's word, never in the way of a wheel that fits."""
import csv
import json
import unittest

from environments import MACHINE
from harness import DONE, LINUX, REFUSED, UNPROVEN, EndToEnd, attention_wheel
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


del Fallback

if __name__ == "__main__":
    unittest.main(verbosity=2)
