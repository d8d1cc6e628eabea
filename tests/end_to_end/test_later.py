# SPDX-License-Identifier: Apache-2.0
"""install --later and --finish, and an install for the GPU of another machine: what an image build does without a GPU."""
import json
import unittest
from urllib.parse import urlsplit

from harness import DONE, LINUX, REFUSED, UNPROVEN, UNREACHABLE, USAGE, EndToEnd, attention_wheel
from wheels import Wheel

MACHINE = 4


class Later(EndToEnd):
    @classmethod
    def serve(cls, server):
        server.add_releases("Dao-AILab/flash-attention", {"v2.8.3": [attention_wheel(
            "2.8.3", "flash_attn", requires=("torch", "einops"), local="cu12torch2.4cxx11abiFALSE", tag=LINUX)]})
        server.add_releases("mjun0812/flash-attention-prebuild-wheels", {})
        server.add_project("einops", [Wheel("einops", "0.8.0")])

    @property
    def note(self):
        return self.venv.path / "share" / "wheelfit" / "later.json"

    def leave(self, *arguments):
        return self.wheelfit("install", "--later", *arguments, expect=DONE)

    def finish(self, *options, expect=DONE, **more):
        return self.wheelfit("install", "--finish", *options, expect=expect, **more)

    def assert_installed(self):
        self.venv.run_python("import flash_attn, flash_attn_2_cuda, einops")
        self.assertFalse(self.note.exists())

    # --- the GPU of another machine ---

    def test_an_install_for_a_named_gpu_leaves_nothing_beside_what_is_installed(self):
        # pip keeps what it gets by http only from hosts that it is told to trust.
        trusting = {**self.variables, "PIP_TRUSTED_HOST": urlsplit(self.server.url("")).netloc}
        for options in (["--set", "gpu=sm_90"], ["--target", "gpu=sm_90,driver=550.54.14"]):
            with self.subTest(options):
                outcome = self.wheelfit("install", "flash-attn", *options, "--require", "import", "--no-store",
                                        variables=trusting, expect=DONE)
                self.assertIn("proven by import", outcome.output)
                left = [path for path in self.home.rglob("*") if path.is_file() and self.venv.path not in path.parents]
                self.assertEqual([], left)
                self.venv.pip("uninstall", "--yes", "flash-attn", "einops")

    def test_a_gpu_that_no_wheel_is_for_is_refused_here(self):
        before = self.venv.state()
        outcome = self.wheelfit("install", "flash-attn", "--set", "gpu=sm_75", "--require", "import", expect=REFUSED)
        self.assert_one_sentence(outcome)
        self.assert_unchanged(before)

    def test_of_the_machine_that_it_will_run_on_only_the_gpus_and_the_driver_count(self):
        described = self.wheelfit("inspect", "--json", "--set", "gpu=sm_80", "--set", "driver=550.54.14", expect=DONE).json
        other = json.loads(json.dumps(described).replace("2.4.0", "2.1.0"))
        (self.home / "node.json").write_text(json.dumps(other))
        document = self.wheelfit("install", "flash-attn", "--target", "node.json", "--require", "import", "--json",
                                 expect=DONE).json
        self.assertEqual("2.4.0+cu121", document["receipt"]["torch"])

    def test_what_was_installed_without_a_gpu_is_proven_where_one_is(self):
        self.wheelfit("install", "flash-attn", "--require", "import", expect=DONE)
        # The stand-in for torch has no GPU, whatever is said: then nothing more is proven, and nothing is wrong.
        document = self.wheelfit("install", "flash-attn", "--set", "gpu=sm_90", "--json", expect=UNPROVEN).json
        self.assertEqual("already-installed", document["outcome"])
        self.assertTrue(document["verification"]["imported"])
        self.assertFalse(document["verification"]["computed"])
        # Now it says that it has one, and cannot compute on it.
        torch = self.venv.site / "torch" / "__init__.py"
        torch.write_text(torch.read_text().replace("lambda: False", "lambda: True").replace("lambda: 0", "lambda: 1"))
        before = self.venv.state(bytecode=False)
        outcome = self.wheelfit("install", "flash-attn", "--set", "gpu=sm_90", expect=REFUSED)
        self.assert_one_sentence(outcome)
        self.assert_same(before, self.venv.state(bytecode=False))

    def test_the_doctor_knows_of_what_was_left(self):
        self.assertNotIn("left-for-later", self.wheelfit("doctor", "--offline", "--json").output)
        self.leave("flash-attn")
        self.assertIn("left-for-later", self.wheelfit("doctor", "--offline", "--json").output)

    # --- later ---

    def test_later_installs_nothing_and_leaves_a_note(self):
        before = self.venv.state()
        outcome = self.leave("flash-attn", "--trust", "official", "--fallback", "sdpa")
        changed = {path for path in self.venv.state().keys() - before.keys() if not path.endswith(("share", "wheelfit"))}
        self.assertEqual({"share/wheelfit/later.json"}, changed)
        note = json.loads(self.note.read_text())
        self.assertEqual((["flash-attn"], None, "official", "sdpa", "gpu"),
                         tuple(note[name] for name in ("subjects", "bundle", "trust", "fallback", "require")))
        entry_point, = [line for line in outcome.output.splitlines() if line.startswith("ENTRYPOINT ")]
        shell = json.loads(entry_point.removeprefix("ENTRYPOINT "))
        self.assertEqual("/bin/sh", shell[0])
        self.assertIn(f"wheelfit install --finish --python {self.venv.python}", shell[2])

    def test_without_a_gpu_it_waits(self):
        self.leave("flash-attn")
        before = self.venv.state()
        outcome = self.finish(expect=UNPROVEN)
        self.assertIn("No GPU is here", outcome.output)
        self.assertEqual("waiting", self.finish("--json", expect=UNPROVEN).json["outcome"])
        self.assert_same(before, {path: what for path, what in self.venv.state().items() if "later.lock" not in path})

    def test_finish_installs_once_and_is_quick_after_that(self):
        self.leave("flash-attn", "--require", "import")
        self.assertEqual("installed", self.finish("--json").json["outcome"])
        self.assert_installed()
        before = self.venv.state()
        self.server.forget_requests()
        outcome = self.finish(timeout=20)
        self.assertIn("Nothing was left for later here", outcome.output)
        self.assertEqual([], self.server.requests())
        self.assert_unchanged(before)

    def test_finish_where_nothing_was_ever_left_touches_nothing(self):
        before = self.venv.state()
        self.assertEqual("nothing-to-do", self.finish("--json").json["outcome"])
        self.assert_unchanged(before)

    def test_two_starts_at_once(self):
        self.leave("flash-attn", "--require", "import")
        children = [self.start("install", "--finish") for _ in range(2)]
        outputs = [child.communicate(timeout=120) for child in children]
        self.assertEqual([0, 0], [child.returncode for child in children], outputs)
        self.assertEqual(1, sum("Nothing was left" in output for output, _ in outputs), outputs)
        self.assert_installed()

    def test_a_bundle_in_the_image_needs_no_network(self):
        bundle = self.home / "flash.bundle"
        self.wheelfit("bundle", "flash-attn", "-o", bundle, expect=DONE)
        self.leave(bundle, "--require", "import")
        self.server.forget_requests()
        self.finish()
        self.assert_installed()
        self.assertEqual([], self.server.requests())

    def test_another_bundle_in_its_place_is_refused_and_the_note_stays(self):
        bundle = self.home / "flash.bundle"
        self.wheelfit("bundle", "flash-attn", "-o", bundle, expect=DONE)
        self.leave(bundle, "--require", "import")
        bundle.write_bytes(bundle.read_bytes() + b"\0")
        self.assert_one_sentence(self.finish(expect=REFUSED))
        bundle.unlink()
        self.assert_one_sentence(self.finish(expect=MACHINE))
        self.assertTrue(self.note.exists())

    def test_what_cannot_be_reached_now_is_done_by_the_next_start(self):
        self.leave("flash-attn", "--require", "import")
        gone = {**self.variables, "WHEELFIT_GITHUB": "http://127.0.0.1:1", "WHEELFIT_GITHUB_API": "http://127.0.0.1:1"}
        self.assert_one_sentence(self.finish(expect=UNREACHABLE, variables=gone))
        self.assertTrue(self.note.exists())
        self.finish()
        self.assert_installed()

    def test_a_note_that_is_none_is_said(self):
        self.note.parent.mkdir(parents=True)
        self.note.write_text('{"schema_version": 1}')
        self.assert_one_sentence(self.finish(expect=REFUSED))

    def test_a_start_may_ask_for_another_proof(self):
        self.leave("flash-attn")
        self.finish("--require", "import")
        self.assert_installed()

    def test_wrong_usage(self):
        self.wheelfit("install", "--later", "--finish", expect=USAGE)
        self.wheelfit("install", "--finish", "flash-attn", expect=USAGE)
        self.wheelfit("install", "--later", "no-such-thing", expect=USAGE)
        secret = "https://user:hunter2@host.example/flash_attn-2.8.3-py3-none-any.whl"
        outcome = self.wheelfit("install", "--later", secret, expect=USAGE)
        self.assertNotIn("hunter2", outcome.error + outcome.output)
        self.assertFalse(self.note.exists())


if __name__ == "__main__":
    unittest.main(verbosity=2)
