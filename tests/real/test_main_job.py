# SPDX-License-Identifier: Apache-2.0
"""The README's main job on real things: a real torch from the package index, a real CUDA wheel that really imports.
Exit 77 (skipped) where the index cannot be reached; what was downloaded is kept outside the repository."""
import json
import os
import subprocess
import sys
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = os.environ["WHEELFIT_TEST_PROGRAM"]
SKIPPED = 77
PROVEN_OR_NOT = (0, 1)  # 1: what only a GPU proves could not be proven


def demo_environment():
    """The environment of scripts/setup-and-demo, made if it is not there."""
    script = ". scripts/lib.sh; make_demo_environment >&2 || exit $?; demo_environment_path"
    done = subprocess.run(["bash", "-c", script], cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
    if done.returncode == 3:
        print("skipped: the package index could not be reached, and there is no torch from an earlier run")
        sys.exit(SKIPPED)
    if done.returncode != 0:
        sys.exit("the environment with torch could not be made; the reason is above")
    return Path(done.stdout.strip())


class MainJob(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.environment = demo_environment()
        cls.python = cls.environment / "bin" / "python"
        cls.wheelfit("uninstall", "vllm-flash-attn")  # of an earlier run

    @classmethod
    def run_command(cls, *command):
        print("$", " ".join(map(str, command)), flush=True)
        done = subprocess.run([str(part) for part in command], text=True, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=900)
        print(done.stdout, done.stderr, f"(exit {done.returncode})\n", sep="", flush=True)
        return done

    @classmethod
    def wheelfit(cls, *arguments):
        return cls.run_command(PROGRAM, *arguments, "--python", cls.python)

    def expect(self, done, codes):
        self.assertIn(done.returncode, codes, f"\n{done.stdout}\n{done.stderr}")
        return done

    def files(self):
        """{path: (size, time)} without bytecode; hashing 5 GB would say no more."""
        return {str(path): (path.stat().st_size, path.stat().st_mtime_ns) for path in self.environment.rglob("*")
                if path.is_file() and "__pycache__" not in path.parts}

    def pip(self, *arguments):
        return self.run_command(self.python, "-m", "pip", "--disable-pip-version-check", *arguments)

    def test_inspect_reads_what_torch_says_of_itself(self):
        facts = json.loads(self.expect(self.wheelfit("inspect", "--json"), PROVEN_OR_NOT).stdout)
        torch = facts.get("environment", facts)["torch"]
        said = self.run_command(self.python, "-W", "ignore", "-c", "import torch; print(torch.__version__, "
                                "torch.version.cuda, torch.compiled_with_cxx11_abi())").stdout.split()
        self.assertEqual(said, [torch["version"]["value"], torch["cuda"]["value"], str(torch["cxx11_abi"]["value"])])

    def test_plan_names_the_official_wheel_offline(self):
        done = self.expect(self.wheelfit("plan", "flash-attn", "--offline", "--json"), PROVEN_OR_NOT)
        chosen = json.loads(done.stdout)["chosen"]
        version = "cp%d%d" % sys.version_info[:2]
        self.assertRegex(chosen["name"], rf"^flash_attn-2\.\d+\.\S+\+cu12\d*torch2\.4cxx11abiFALSE-{version}-{version}-linux_")
        self.assertEqual("official", chosen["source"])

    def test_install_import_verify_uninstall(self):
        before, check = self.files(), self.pip("check").stdout
        self.expect(self.wheelfit("install", "vllm-flash-attn"), PROVEN_OR_NOT)
        imported = self.run_command(self.python, "-c", "import torch, vllm_flash_attn; "
                                    "print(torch.__version__, vllm_flash_attn.__version__)")
        self.expect(imported, (0,))
        self.assertEqual(check, self.pip("check").stdout)
        self.assertRegex(self.pip("list").stdout, r"(?m)^vllm[-_]flash[-_]attn +2\.6\.2")
        shown = self.pip("show", "-f", "vllm-flash-attn").stdout
        self.assertIn("vllm_flash_attn_2_cuda", shown)
        self.expect(self.wheelfit("verify", "vllm-flash-attn"), PROVEN_OR_NOT)
        self.expect(self.wheelfit("uninstall", "vllm-flash-attn"), (0,))
        self.assertEqual(before, self.files())


if __name__ == "__main__":
    unittest.main(verbosity=2)
