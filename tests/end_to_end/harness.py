# SPDX-License-Identifier: Apache-2.0
"""What every end-to-end test stands on: the program, a server, an environment of its own."""
import json
import os
import random
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

from environments import CP, EXTENSION, MACHINE, Venv, clean_variables, extension, torch_wheel
from nginx import Nginx
from wheels import Wheel

PROGRAM = os.environ["WHEELFIT_TEST_PROGRAM"]
# Tags of wheels on the index and of wheels among a release's assets.
TAG = f"{CP}-{CP}-manylinux1_{MACHINE}"
LINUX = f"{CP}-{CP}-linux_{MACHINE}"
DONE, UNPROVEN, REFUSED, UNREACHABLE, FAULT, USAGE = 0, 1, 2, 3, 4, 64


class Outcome:
    def __init__(self, code, output, error, command):
        self.code, self.output, self.error, self.command = code, output, error, command

    def __str__(self):
        return f"$ {self.command}\nexit {self.code}\n--- stdout\n{self.output}\n--- stderr\n{self.error}"

    @property
    def json(self):
        return json.loads(self.output)


# What every extension of torch does: it calls into libc10.so.
CALLS_TORCH = """
#include <string>
namespace c10::detail { void torchCheckFail(const char*, const char*, unsigned, const std::string&); }
void check() { c10::detail::torchCheckFail("", "", 0, "no"); }
"""


def attention_wheel(version="2.6.2", module="vllm_flash_attn", requires=("torch==2.4.0",), body="", **more):
    """Named and shaped like a CUDA wheel of the family, with modules that import."""
    core = f"{'vllm_' if module.startswith('vllm') else ''}flash_attn_2_cuda"
    return Wheel(module, version, {
        f"{module}/__init__.py": f"import torch\n__version__ = '{version}'\n"
                                 "def flash_attn_func(*arguments, **named): raise RuntimeError('no GPU')\n"
                                 "flash_attn_varlen_func = flash_attn_with_kvcache = flash_attn_func\n",
        f"{module}/flash_attn_interface.py": "from . import flash_attn_func\n",
        f"{module}/data.bin": random.Random(version).randbytes(1_500_000),
        f"{core}{EXTENSION}": extension(core, body or CALLS_TORCH),
    }, requires=requires, pure=False, **more)


class EndToEnd(unittest.TestCase):
    """One server and one environment to copy from for each class; a fresh copy for each test."""
    maxDiff = 4000

    @classmethod
    def setUpClass(cls):
        cls.folder = Path(tempfile.mkdtemp(prefix="wheelfit-e2e-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder, ignore_errors=True)
        cls.server = Nginx(cls.folder / "nginx")
        cls.addClassCleanup(cls.server.stop)
        home = cls.folder / "home"
        home.mkdir()
        cls.template = Venv.made(cls.folder / "template", home, [torch_wheel(cls.folder / "torch")])
        cls.serve(cls.server)

    @classmethod
    def serve(cls, server):
        """For the subclass: what the server holds."""

    def setUp(self):
        self.home = Path(tempfile.mkdtemp(dir=self.folder))
        self.store = self.home / "store"
        self.venv = self.template.copied(self.home / "venv")
        self.venv.use_index(self.server.url("simple/"))
        self.variables = clean_variables(
            self.home, WHEELFIT_GITHUB_API=self.server.url("api"), WHEELFIT_GITHUB=self.server.url("github"),
            WHEELFIT_CONDA_CHANNEL=self.server.url("channel"), WHEELFIT_STORE=str(self.store))
        self.server.forget_requests()

    def start(self, *arguments, python=True, variables=None):
        command = [PROGRAM, *map(str, arguments)]
        if python:
            command += ["--python", str(self.venv.python)]
        return subprocess.Popen(command, env=variables or self.variables, cwd=self.home, text=True,
                                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def wheelfit(self, *arguments, expect=None, timeout=120, **more):
        child = self.start(*arguments, **more)
        try:
            output, error = child.communicate(timeout=timeout)
        except subprocess.TimeoutExpired:
            child.kill()
            output, error = child.communicate()
            self.fail(f"{child.args} did not end within {timeout} s\n{output}\n{error}")
        outcome = Outcome(child.returncode, output, error, " ".join(child.args))
        if expect is not None:
            self.assertIn(outcome.code, expect if isinstance(expect, tuple) else (expect,), f"\n{outcome}")
        return outcome

    def assert_one_sentence(self, outcome):
        """Says what is wrong in one sentence, not in a trace."""
        sentences = [line for line in outcome.error.splitlines() if line.startswith("error: ")]
        self.assertEqual(1, len(sentences), str(outcome))
        self.assertGreater(len(sentences[0]), 25, str(outcome))
        self.assertNotRegex(outcome.error, r"what\(\)|terminate called|std::|0x[0-9a-f]{6}")
        self.assertLess(len(outcome.error.strip().splitlines()), 12, f"more than one screen\n{outcome}")

    def assert_same(self, before, after, message=""):
        """Two states; only what differs is shown (a diff of thousands of lines takes minutes)."""
        changed = {path: (before.get(path), after.get(path)) for path in before.keys() | after.keys()
                   if before.get(path) != after.get(path)}
        self.assertEqual({}, changed, message)

    def assert_unchanged(self, before, message=""):
        self.assert_same(before, self.venv.state(), message)

    def assert_unreachable(self, subject, *options, timeout=150):
        before = self.venv.state()
        outcome = self.wheelfit("install", subject, *options, expect=UNREACHABLE, timeout=timeout)
        self.assert_one_sentence(outcome)
        self.assert_unchanged(before)
        return outcome
