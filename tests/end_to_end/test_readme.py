# SPDX-License-Identifier: Apache-2.0
"""The README's examples: console blocks are run and compared, every other line must name verbs and options that are."""
import os
import re
import shlex
import subprocess
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
README = ROOT / "README.md"
PROGRAM = os.environ["WHEELFIT_TEST_PROGRAM"]
VARIABLES = {"PATH": "/usr/bin:/bin", "HOME": "/nonexistent", "LC_ALL": "C.UTF-8", "WHEELFIT_NO_STORE": "1"}
CONSOLE = re.compile(r"(?<=\n```console\n)(.*?)(?=```\n)", re.S)


def run(command):
    words = shlex.split(command)
    assert words[0] == "wheelfit", command
    return subprocess.run([PROGRAM, *words[1:]], env=VARIABLES, text=True, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60)


def as_shown(block):
    """The block with the output that its commands have now. `$ echo $?` shows the exit code of the one before."""
    shown, code = [], None
    for command in re.findall(r"^\$ (.*)$", block, re.M):
        shown.append(f"$ {command}\n")
        if command == "echo $?":
            shown.append(f"{code}\n")
            continue
        done = run(command)
        code = done.returncode
        shown.append(re.sub(r"[ \t]+\n", "\n", done.stdout))
    return "".join(shown)


class Readme(unittest.TestCase):
    maxDiff = None

    def test_console_blocks_show_what_is_printed(self):
        text = README.read_text(encoding="utf-8")
        blocks = CONSOLE.findall(text)
        self.assertTrue(blocks)
        if os.environ.get("GOLDEN_ACCEPT"):
            README.write_text(CONSOLE.sub(lambda match: as_shown(match[1]), text), encoding="utf-8")
            return
        for block in blocks:
            self.assertEqual(block, as_shown(block))

    def test_every_verb_and_option_that_is_named_exists(self):
        text = README.read_text(encoding="utf-8") + (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
        code = re.findall(r"^(wheelfit .*?)(?:\s+#.*)?$", text, re.M) + re.findall(r"`(wheelfit [^`]+)`", text)
        self.assertTrue(code)
        for line in code:
            words = re.split(r"[|>;]", line)[0].split()
            with self.subTest(line):
                if len(words) == 1 or words[1].startswith("-"):
                    continue
                helped = run(f"wheelfit {words[1]} --help")
                self.assertEqual(0, helped.returncode, helped.stderr)
                for option in (word.split("=")[0] for word in words[2:] if word.startswith("--")):
                    self.assertIn(option, helped.stdout)

    def test_the_exit_codes_are_those_of_the_program(self):
        rows = re.findall(r"^\| (\d+) \|", README.read_text(encoding="utf-8"), re.M)
        header = (ROOT / "src/base/exit_code.hpp").read_text(encoding="utf-8")
        codes = set(re.findall(r"= (\d+),", header))
        self.assertEqual(codes, set(rows) | {"130"})


if __name__ == "__main__":
    unittest.main(verbosity=2)
