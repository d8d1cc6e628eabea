# SPDX-License-Identifier: Apache-2.0
"""Runs the tests of data/fallback where a torch is at hand: in this Python, the one WHEELFIT_TORCH_PYTHON names, or the
demonstration environment. Exit 77 (skipped) where there is none. Says how many cases ran."""
import os
import subprocess
import sys
import time
import unittest
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
FEWEST = 2000


def demo_python():
    """What scripts/setup-and-demo made; nothing is made for this test alone."""
    done = subprocess.run(["bash", "-c", ". scripts/lib.sh; demo_environment_path"], cwd=ROOT, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, text=True)
    return Path(done.stdout.strip(), "bin", "python")


def other_python():
    named = os.environ.get("WHEELFIT_TORCH_PYTHON")
    python = Path(named) if named else demo_python()
    if os.environ.get("WHEELFIT_FALLBACK_TEST") or not python.exists():
        print("skipped: no Python with torch is at hand (scripts/setup-and-demo makes one, WHEELFIT_TORCH_PYTHON names one)")
        sys.exit(77)
    os.execve(python, [str(python), "-B", *sys.argv], {**os.environ, "WHEELFIT_FALLBACK_TEST": "1"})


def main():
    try:
        import torch
    except ImportError:
        other_python()
    torch.set_num_threads(1)
    os.environ.setdefault("WHEELFIT_FALLBACK_NOTE", "0")
    sys.path.insert(0, str(HERE))
    import cases
    began = time.monotonic()
    names = sys.argv[1:]
    suite = (unittest.defaultTestLoader.loadTestsFromNames(names) if names
             else unittest.defaultTestLoader.discover(str(HERE), "test_*.py"))
    result = unittest.TextTestRunner(verbosity=2).run(suite)
    ran = cases.counted["cases"]
    print(f"{ran} cases in {time.monotonic() - began:.0f} s, torch {torch.__version__}")
    if not names and result.wasSuccessful() and ran < FEWEST:
        sys.exit(f"at least {FEWEST} cases were to run")
    sys.exit(not result.wasSuccessful())


main()
