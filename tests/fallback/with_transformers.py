# SPDX-License-Identifier: Apache-2.0
"""transformers takes the fallback for flash-attn and computes with it what it computes by itself. Exit 77 (skipped) where
there is no demonstration environment or the package index cannot be reached; transformers is kept beside it.

On a CPU transformers would not take any flash-attn: logits.py answers its one question for CUDA with yes, and says so."""
import json
import os
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
PROGRAM = os.environ["WHEELFIT_TEST_PROGRAM"]
# Of logits up to about 10: both paths compute in fp32, in another order.
TOLERANCE = 1e-4
CALLED = {"greedy": "flash_attn_func", "greedy, padded": "flash_attn_varlen_func",
          "whole, padded right": "flash_attn_varlen_func", "two parts, padded": "unpad_input"}


def places():
    """(the demonstration environment, its site-packages, transformers' folder, that of the older transformers)"""
    script = ". scripts/lib.sh; demo_environment_path; echo; make_transformers"
    done = subprocess.run(["bash", "-c", script], cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
    if done.returncode in (2, 3):
        print("skipped: " + {2: "there is no demonstration environment (scripts/setup-and-demo makes one)",
                             3: "the package index could not be reached, and no transformers is left of an earlier run"}[done.returncode])
        sys.exit(77)
    demo, newer, older = map(Path, done.stdout.split())
    return demo, next((demo / "lib").glob("python*/site-packages")), newer, older


class WithTransformers(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = Path(tempfile.mkdtemp(prefix="wheelfit-transformers-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder, ignore_errors=True)
        cls.demo, cls.torch, cls.newer, cls.older = places()

    def environment(self, release, name="venv"):
        """A new one with torch, transformers and the fallback as wheelfit installs it for that release."""
        venv = self.folder / f"{name}-{release}"
        subprocess.run([self.demo / "bin" / "python", "-m", "venv", "--without-pip", venv], check=True)
        site = next((venv / "lib").glob("python*/site-packages"))
        (site / "of-the-demonstration.pth").write_text(f"{self.newer}\n{self.torch}\n")
        done = subprocess.run([PROGRAM, "install", f"flash-attn=={release}", "--only", "fallback", "--offline", "--require",
                               "import", "--no-store", "--python", venv / "bin" / "python"], stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=300)
        self.assertEqual(0, done.returncode, done.stdout)
        return venv / "bin" / "python", site

    def compared(self, python, older=False):
        variables = {**os.environ, "WHEELFIT_FALLBACK_NOTE": "0", "WHEELFIT_TRANSFORMERS": str(self.older) if older else "",
                     "HF_HUB_OFFLINE": "1", "OMP_NUM_THREADS": "1"}
        done = subprocess.run([python, "-B", HERE / "logits.py"], env=variables, stdin=subprocess.DEVNULL, timeout=300,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.assertEqual(0, done.returncode, f"{done.stdout}\n{done.stderr}")
        said = json.loads(done.stdout.splitlines()[-1])
        print(f"transformers {said['transformers']}, flash_attn {said['flash_attn']}; its check for CUDA was answered with yes "
              f"{said['patched']} times")
        for name, result in said["results"].items():
            print(f"  {name}: {result}")
        return said

    def assert_taken(self, said):
        """By name and version; CUDA alone was missing."""
        self.assertEqual((True, False, ["sdpa", "flash_attention_2"]),
                         (said["accepted"], said["accepted_without_the_patch"], said["paths"]))

    def assert_same(self, results):
        for name, result in results.items():
            self.assertTrue(result["tokens"], name)
            self.assertGreater(result["largest"], 1.0, name)
            self.assertLessEqual(result["apart"], TOLERANCE, name)
            self.assertGreater(result["calls"][CALLED[name]], 0, f"{name} did not go through {CALLED[name]}")

    def test_same_logits_with_the_newest_and_with_four_values(self):
        for release in ("2.8.3", "2.6.3"):
            said = self.compared(self.environment(release)[0])
            self.assert_taken(said)
            self.assertEqual(release, said["flash_attn"])
            self.assertEqual(set(CALLED), set(said["results"]))
            self.assert_same(said["results"])

    def test_a_transformers_that_takes_four_values_needs_a_release_that_gives_four(self):
        four = self.compared(self.environment("2.6.3", "four")[0], older=True)
        self.assert_taken(four)
        self.assert_same(four["results"])
        five = self.compared(self.environment("2.7.0", "five")[0], older=True)
        self.assertIn("too many values to unpack", five["results"].pop("two parts, padded")["error"])
        self.assert_same(five["results"])

    def test_a_broken_fallback_is_seen(self):
        python, site = self.environment("2.8.3", "broken")
        for file, right, wrong, broken in (("_attention.py", "bool(causal)", "not causal", list(CALLED)),
                                           ("bert_padding.py", "kept.flatten().nonzero().flatten()",
                                            "kept.flatten().nonzero().flatten().flip(0)", ["two parts, padded"])):
            path = site / "flash_attn" / file
            kept = path.read_text()
            self.assertEqual(1, kept.count(right))
            path.write_text(kept.replace(right, wrong))
            said = self.compared(python)
            path.write_text(kept)
            self.assert_taken(said)
            for name, result in said["results"].items():
                seen = result["apart"] > 100 * TOLERANCE
                self.assertEqual(name in broken, seen, f"{name}: {wrong}: {result}")
            with self.assertRaises(AssertionError):
                self.assert_same(said["results"])


if __name__ == "__main__":
    unittest.main(verbosity=2)
