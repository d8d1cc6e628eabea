# SPDX-License-Identifier: Apache-2.0
"""The fallback as wheelfit installs it, in an environment with a real torch: it computes right, pip accepts it, and it
goes without a trace. Exit 77 (skipped) where there is no demonstration environment."""
import os
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = os.environ["WHEELFIT_TEST_PROGRAM"]
COMPUTES = """
import math, torch, flash_attn, importlib.metadata as metadata
from flash_attn.bert_padding import unpad_input, pad_input
from flash_attn.layers.rotary import apply_rotary_emb
q, k, v = (torch.randn(2, 7, 4, 8, dtype=torch.float64) for _ in range(3))
scores = torch.einsum("bqhd,bkhd->bhqk", q, k) / math.sqrt(8)
wanted = torch.einsum("bhqk,bkhd->bqhd", scores.masked_fill(~torch.ones(7, 7, dtype=bool).tril(), -math.inf).softmax(-1), v)
assert torch.allclose(flash_attn.flash_attn_func(q, k, v, causal=True), wanted, atol=1e-12)
print(metadata.version("flash-attn"), *metadata.packages_distributions()["flash_attn"])
"""


def demo_environment():
    done = subprocess.run(["bash", "-c", ". scripts/lib.sh; demo_environment_path"], cwd=ROOT, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, text=True)
    path = Path(done.stdout.strip())
    if not (path / "bin" / "python").exists():
        print("skipped: there is no demonstration environment (scripts/setup-and-demo makes one)")
        sys.exit(77)
    return path


class Installed(unittest.TestCase):
    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="wheelfit-fallback-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        demo = demo_environment()
        subprocess.run([demo / "bin" / "python", "-m", "venv", self.folder / "venv"], check=True)
        self.python = self.folder / "venv" / "bin" / "python"
        self.site = next((self.folder / "venv" / "lib").glob("python*/site-packages"))
        (self.site / "torch-of-the-demonstration.pth").write_text(f"{next((demo / 'lib').glob('python*/site-packages'))}\n")

    def run_command(self, *command, code=0):
        done = subprocess.run([str(part) for part in command], text=True, stdin=subprocess.DEVNULL, timeout=300,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.assertEqual(code, done.returncode, f"{command}\n{done.stdout}\n{done.stderr}")
        return done.stdout

    def files(self):
        return {str(path) for path in self.site.rglob("*") if "__pycache__" not in path.parts}

    def test_it_computes_and_goes_without_a_trace(self):
        before = self.files()
        self.run_command(PROGRAM, "install", "flash-attn", "--only", "fallback", "--offline", "--require", "import",
                         "--no-store", "--python", self.python)
        self.assertEqual("2.8.3+sdpa flash-attn", self.run_command(self.python, "-c", COMPUTES).strip())
        self.run_command(self.python, "-m", "pip", "check")
        self.run_command(PROGRAM, "verify", "flash-attn", "--require", "import", "--python", self.python)
        self.run_command(self.python, "-m", "pip", "uninstall", "-y", "flash-attn")
        self.assertEqual(before, self.files())


if __name__ == "__main__":
    unittest.main(verbosity=2)
