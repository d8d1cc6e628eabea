# SPDX-License-Identifier: Apache-2.0
"""--offline opens no socket to any network, watched at the level of system calls, children included."""
import re
import shutil
import subprocess
import unittest

from harness import DONE, REFUSED, TAG, UNPROVEN, UNREACHABLE, EndToEnd, Outcome, attention_wheel
from harness import PROGRAM
from wheels import simple

STRACE = shutil.which("strace")
NETWORK = re.compile(r"AF_INET6?\b|AF_NETLINK|sin6?_port")


def can_trace():
    if STRACE is None:
        return "strace is not installed"
    done = subprocess.run([STRACE, "-o", "/dev/null", "true"], stderr=subprocess.PIPE, text=True)
    return None if done.returncode == 0 else f"ptrace is not permitted here: {done.stderr.strip()}"


@unittest.skipIf(can_trace(), can_trace())
class Offline(EndToEnd):
    @classmethod
    def serve(cls, server):
        server.add_project("vllm-flash-attn", [attention_wheel("2.6.2", tag=TAG)])
        server.add_releases("Dao-AILab/flash-attention", {})
        server.add_releases("mjun0812/flash-attention-prebuild-wheels", {})

    def traced(self, *arguments):
        """(outcome, the calls that have to do with a network)"""
        log = self.home / "calls"
        command = [STRACE, "-f", "-qq", "-e", "trace=%network", "-o", str(log), PROGRAM, *map(str, arguments),
                   "--python", str(self.venv.python)]
        done = subprocess.run(command, env=self.variables, cwd=self.home, text=True, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=300)
        calls = [line for line in log.read_text().splitlines() if NETWORK.search(line)]
        return Outcome(done.returncode, done.stdout, done.stderr, " ".join(command)), calls

    def knows(self, verb):
        listing = subprocess.run([PROGRAM, "--help"], stdout=subprocess.PIPE, text=True).stdout
        return re.search(rf"^  {verb} ", listing, re.M) is not None

    def test_no_verb_opens_a_socket(self):
        self.wheelfit("fetch", "vllm-flash-attn", expect=(DONE, UNPROVEN))  # so that the store has it
        wheel = simple().write(self.home)
        runs = [("plan", "flash-attn"), ("plan", "vllm-flash-attn"), ("check", wheel), ("fetch", "vllm-flash-attn"),
                ("install", wheel, "--require", "import"), ("install", "vllm-flash-attn", "--require", "import"),
                ("install", "flash-attn"), ("doctor",)]
        runs += [(verb, "vllm-flash-attn") for verb in ("seed", "bundle") if self.knows(verb)]
        for arguments in runs:
            with self.subTest(arguments):
                outcome, calls = self.traced(*arguments, "--offline")
                self.assertEqual([], calls, str(outcome))
                self.assertIn(outcome.code, (DONE, UNPROVEN, REFUSED, UNREACHABLE), str(outcome))

    def test_the_watch_sees_a_socket(self):
        outcome, calls = self.traced("plan", "vllm-flash-attn")
        self.assertTrue(any("AF_INET" in call for call in calls), str(outcome))


if __name__ == "__main__":
    unittest.main(verbosity=2)
