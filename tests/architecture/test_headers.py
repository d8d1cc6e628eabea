# SPDX-License-Identifier: Apache-2.0
"""Every header begins as agreed and compiles alone."""
import concurrent.futures
import os
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

from source_tree import SOURCE, cpp_files, relative

SPDX = "// SPDX-License-Identifier: Apache-2.0"


def is_compiled_first(header):
    """By its own .cpp, which the build compiles without a precompiled header: then it stands alone."""
    source = header.with_suffix(".cpp")
    lines = source.read_text(encoding="utf-8").splitlines() if source.exists() else []
    first = next((line for line in lines if line.startswith("#include")), "")
    return first == f'#include "{header.relative_to(SOURCE)}"'


def compiles_alone(header):
    launcher = [ccache] if (ccache := shutil.which("ccache")) else []
    command = [*launcher, os.environ.get("CXX", "g++"), "-std=c++20", "-O0", "-Wall", "-Wextra", "-Werror",
               "-I", str(SOURCE), "-c", "alone.cpp", "-o", "alone.o"]
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "alone.cpp").write_text(f'#include "{header.relative_to(SOURCE)}"\n', encoding="utf-8")
        done = subprocess.run(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
                              env=os.environ | {"CCACHE_BASEDIR": str(SOURCE.parent), "CCACHE_NOHASHDIR": "1"})
    return "" if done.returncode == 0 else f"{relative(header)}:\n{done.stderr[:2000]}"


class Headers(unittest.TestCase):
    def test_first_line_is_the_licence(self):
        wrong = [relative(path) for path in cpp_files("src", "tests", "bench")
                 if path.read_text(encoding="utf-8").split("\n", 1)[0] != SPDX]
        self.assertEqual([], wrong)

    def test_pragma_once(self):
        wrong = [relative(path) for path in cpp_files("src", "tests", "bench")
                 if path.suffix == ".hpp" and "\n#pragma once\n" not in path.read_text(encoding="utf-8")]
        self.assertEqual([], wrong)

    def test_each_compiles_alone(self):
        headers = [path for path in cpp_files("src") if path.suffix == ".hpp" and not is_compiled_first(path)]
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count() or 2) as pool:
            wrong = [message for message in pool.map(compiles_alone, headers) if message]
        self.assertEqual([], wrong, "\n" + "\n".join(wrong))


if __name__ == "__main__":
    unittest.main(verbosity=2)
