# SPDX-License-Identifier: Apache-2.0
"""kill -9 at any moment: the environment is the old one or the new one, never something between."""
import os
import random
import time
import unittest

from harness import DONE, UNPROVEN, EndToEnd
from wheels import Wheel

ROUNDS = int(os.environ.get("WHEELFIT_KILLS", "25"))


def version(number):
    """Many files, so that there are many moments between them; some only in this version."""
    files = {f"handmade/part{part}.py": f"version = '{number}'\n" * 200 for part in range(150)}
    files["handmade/__init__.py"] = f"version = '{number}'\n"
    files[f"handmade/only_in_{number.replace('.', '_')}.py"] = "here = True\n"
    files["handmade/big.bin"] = os.urandom(4_000_000)
    return Wheel("handmade", number, files, entry_points="[console_scripts]\nhandmade-run = handmade:main\n")


class Kill(EndToEnd):
    def comparable(self, private=False):
        """Without what carries the time of the install, and RECORD, which has its hash; and without the private
        folder of a change under way, which no import sees and the next change removes."""
        return {path: what for path, what in self.venv.state(bytecode=False).items()
                if not path.endswith(("WHEELFIT.json", "RECORD")) and (private or "/.wheelfit-change-" not in path)}

    def test_old_or_new(self):
        old, new = version("1.0").write(self.home), version("2.0").write(self.home)
        options = ("--no-verify", "--offline")
        states = {}
        for name, wheel in (("2.0", new), ("1.0", old)):
            started = time.monotonic()
            self.wheelfit("install", wheel, *options, expect=(DONE, UNPROVEN))
            duration = time.monotonic() - started
            states[name] = self.comparable()
        seed = random.randrange(1 << 30)
        moments = random.Random(seed)
        seen, repaired = {"1.0": 0, "2.0": 0}, 0
        for _ in range(ROUNDS):
            child = self.start("install", new, *options)
            time.sleep(moments.uniform(0, duration * 1.1))
            child.kill()
            child.communicate()
            if self.comparable() not in states.values():
                repaired += 1
                self.wheelfit("uninstall", "nothing-of-that-name")  # the next command that may write puts it right
            now = self.comparable()
            which = [name for name, state in states.items() if state == now]
            self.assertEqual(1, len(which), f"seed {seed}: neither old nor new: " + ", ".join(
                f"differs from {name} in {sorted(set(now.items()) ^ set(state.items()))[:8]}"
                for name, state in states.items()))
            seen[which[0]] += 1
            self.assertEqual(which[0], self.venv.run_python("import handmade; print(handmade.version)"))
            if which[0] == "2.0":
                self.wheelfit("install", old, *options, expect=(DONE, UNPROVEN))
                self.assert_same(states["1.0"], self.comparable())
        self.wheelfit("install", new, *options, expect=(DONE, UNPROVEN))
        self.assert_same(states["2.0"], self.comparable(private=True))  # and nothing private is left of any of it
        print(f"{ROUNDS} kills within {duration:.2f} s: {seen}, {repaired} put right by the next command")

    def test_nothing_is_left_of_a_killed_first_install(self):
        before = self.comparable()
        wheel = version("1.0").write(self.home)
        for delay in (0.01, 0.03, 0.06, 0.1):
            child = self.start("install", wheel, "--no-verify", "--offline")
            time.sleep(delay)
            child.kill()
            child.communicate()
        self.wheelfit("install", wheel, "--no-verify", "--offline", expect=(DONE, UNPROVEN))
        self.wheelfit("uninstall", "handmade", expect=DONE)
        self.assert_same(before, self.comparable(private=True))


if __name__ == "__main__":
    unittest.main(verbosity=2)
